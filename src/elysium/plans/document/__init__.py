"""The document of a plan: Markdown read into typed data, printed again, and edited without touching anything else."""
