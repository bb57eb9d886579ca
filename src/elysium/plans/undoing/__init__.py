"""The way back from a plan: its commits, the steps, what does not come back, and the trial in a clone."""
