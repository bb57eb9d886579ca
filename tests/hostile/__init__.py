"""Bad input of every kind: the real command, as a process, in surroundings that are watched."""
