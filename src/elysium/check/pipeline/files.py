"""Files that no cluster reads, and conventions: workflows, Dockerfiles, templates, layout, naming, documents."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
