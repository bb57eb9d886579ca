"""Talk to an API server: start an embedded one, and apply objects to it as Flux's controllers do."""
