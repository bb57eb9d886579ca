"""The built-in checks of plans: one module per verb, each with a `VERB`."""
