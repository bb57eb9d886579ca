"""What the answers of an API server mean: refusals with what to do, workloads, deadlocks, what is new, what is left."""
