"""One command a module. Imported only when the command runs."""
