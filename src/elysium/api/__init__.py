"""The Python API: `Workspace` and what its verbs return."""

from __future__ import annotations

from elysium.api.housekeeping import Versions, cache_info, cache_prune, cache_verify, versions
from elysium.api.options import Options
from elysium.api.report import Report
from elysium.api.workspace import Progress, Workspace

__all__ = [
    "Options",
    "Progress",
    "Report",
    "Versions",
    "Workspace",
    "cache_info",
    "cache_prune",
    "cache_verify",
    "versions",
]
