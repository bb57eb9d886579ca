"""One rule a module; the name of the module is the rule's id."""
