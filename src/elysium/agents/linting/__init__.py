"""What is wrong in files that assistants read."""

from __future__ import annotations

from elysium.agents.linting.problems import CODES, Problem
from elysium.agents.linting.repository import Repository
from elysium.agents.linting.run import Linted, lint

__all__ = ["CODES", "Linted", "Problem", "Repository", "lint"]
