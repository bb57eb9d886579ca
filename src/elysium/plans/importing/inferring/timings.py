"""``Reconciliation: 30m interval, 10m timeout`` → `object HelmRelease/…` with `spec.interval` and `spec.timeout`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_TIMING = re.compile(r"\b(\d{1,4}[smh])[ -](interval|timeout)\b|\b(interval|timeout):? (\d{1,4}[smh])\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """The settings of the application's release."""
    if not entry.subject.namespace or entry.section != "flux":
        return None
    found = {(match[2] or match[3]).lower(): match[1] or match[4] for match in _TIMING.finditer(entry.text)}
    asked = tuple(f"spec.{name}={value}" for name, value in found.items())
    return Inferred(checks=(("object", f"HelmRelease/{entry.subject.namespace}/*", *asked),)) if asked else None
