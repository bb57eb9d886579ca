"""What a plan does to a repository: what it declares, what really differs, and what applying it writes."""
