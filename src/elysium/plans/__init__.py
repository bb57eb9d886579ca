"""Plans: documents for people whose every item has a check, an owner and evidence. Their state is computed."""
