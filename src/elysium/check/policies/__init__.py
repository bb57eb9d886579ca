"""Policies that the repository brings along: its own in CEL, and those of the API server."""
