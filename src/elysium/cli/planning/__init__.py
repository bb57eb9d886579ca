"""What each command of `elysium plan` does: one module per theme."""
