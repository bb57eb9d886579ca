"""Lints: what is wrong with a plan as a document, without running any check."""

from __future__ import annotations

from elysium.plans.linting.definition import Lint
from elysium.plans.linting.finding import PlanFinding
from elysium.plans.linting.registry import LINTS
from elysium.plans.linting.run import lint

__all__ = ["LINTS", "Lint", "PlanFinding", "lint"]
