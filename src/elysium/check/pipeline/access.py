"""Rights, isolation and reach: RBAC, pod security and network policies."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
