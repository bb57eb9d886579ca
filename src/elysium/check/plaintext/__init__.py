"""Secrets that somebody wrote down where everybody can read them."""
