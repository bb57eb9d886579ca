"""What the rules about Flux's own objects share: references, substitution, order, versions."""
