"""The steps of deploying an application, 0 to 7, as headings."""

from __future__ import annotations

__all__ = ["STEP_TITLES"]

STEP_TITLES = (
    "Choose the deployment method",
    "Prepare the base",
    "Configure the application",
    "Manage secrets",
    "Set up ingress",
    "Add monitoring",
    "Create the overlay",
    "Deploy and validate",
)
