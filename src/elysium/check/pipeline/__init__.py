"""The rules by area, each an ordered tuple of ids; `registry.PIPELINE` is all of them."""
