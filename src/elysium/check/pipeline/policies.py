"""Rules about policies, and about expressions in the languages of others."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "policy-syntax",
    "policy-binding",
    "admission-policy",
    "flux-expression",
    "cron-syntax",
    "cron-never",
    "cron-time-zone",
    "cron-meaning",
    "unread-value",
    "promql-syntax",
)
