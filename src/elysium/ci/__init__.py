"""Which workflows a repository asks for, and which stages its pipeline has."""

from __future__ import annotations

from elysium.ci.stages import Stage, stages_of
from elysium.ci.wanted import Wanted, wanted_workflows

__all__ = ["Stage", "Wanted", "stages_of", "wanted_workflows"]
