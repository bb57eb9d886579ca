"""The ten sections of a deploy-app plan, a module each; every one is written from the same subject."""
