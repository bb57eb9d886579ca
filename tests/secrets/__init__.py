"""No secret value in anything that is written."""
