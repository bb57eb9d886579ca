"""Files that are read by others than Flux: workflows, Dockerfiles, templates, specifications, documents, the layout."""
