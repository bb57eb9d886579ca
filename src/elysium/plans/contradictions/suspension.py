"""The rollback of one application suspends a Kustomization that applies all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_SUSPENDED = re.compile(
    r"\bsuspend (?:the )?(?:whole )?`?(apps|applications|infrastructure|infra-\w+|monitoring[\w-]*|flux-system)`?"
    r" kustomization|\bflux suspend (?:ks|kustomization) (apps|applications|infra[\w-]*|monitoring[\w-]*)\b",
    re.IGNORECASE,
)

_KNOWN = re.compile(r"\beverything else\b", re.IGNORECASE)
"""Whoever says what else stands still has seen it."""

_DEPLOYS = re.compile(r"\bdeploy\b", re.IGNORECASE)


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Suspending a shared Kustomization in the plan of a single thing."""
    for line in reading.lines:
        found = _SUSPENDED.search(line.text)
        if found and not _KNOWN.search(line.text) and _of_one(reading):
            name = found[1] or found[2]
            message = f"the plan is about one thing, and suspending {name} stops everything else that it applies"
            yield between("suspension", message, line)


def _of_one(reading: Reading) -> bool:
    """Whether the plan deploys one application."""
    return reading.plan.kind == "deploy-app" or bool(_DEPLOYS.search(reading.plan.title))
