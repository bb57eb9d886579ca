"""Plans the week of the household."""
