"""Whether something is really missing: who else might make it, and what a finding about it says."""
