"""What the rules about pods, nodes and their surroundings share."""
