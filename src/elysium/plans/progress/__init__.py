"""How far a plan is: results of items, states of what consists of them, gates between phases."""
