"""Which workflows a repository asks for, and whether what was generated is still up to date."""

from __future__ import annotations

from elysium.ci.wanted import Wanted, wanted_workflows

__all__ = ["Wanted", "wanted_workflows"]
