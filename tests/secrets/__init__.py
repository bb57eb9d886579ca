"""Making SealedSecrets; and no secret value in anything that is written."""
