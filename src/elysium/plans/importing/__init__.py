"""Any Markdown plan as a typed one: its text stays, and what can be told of it is written beside it."""
