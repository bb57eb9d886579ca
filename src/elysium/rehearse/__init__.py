"""Rehearsals: what a real API server makes of a change, replayed as Flux would reconcile it."""

from __future__ import annotations

from elysium.rehearse.types import (
    Phase,
    Rehearsal,
    Server,
    Step,
    Summary,
    Unknown,
    Verdict,
    WorkloadState,
    WorkloadVerdict,
)

__all__ = [
    "Phase",
    "Rehearsal",
    "Server",
    "Step",
    "Summary",
    "Unknown",
    "Verdict",
    "WorkloadState",
    "WorkloadVerdict",
]
