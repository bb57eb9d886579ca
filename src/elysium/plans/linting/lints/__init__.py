"""The lints: one module each, with a `LINT`."""
