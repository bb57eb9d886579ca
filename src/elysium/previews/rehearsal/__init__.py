"""Rehearsals of previews: the steps of the workflows, done on a real API server as the account that deploys."""

from __future__ import annotations

from elysium.previews.events import EventKind
from elysium.previews.rehearsal.deployment import Deployment, deployment_of
from elysium.previews.rehearsal.rehearsing import Course, rehearse_events, summary_of
from elysium.previews.rehearsal.types import (
    MissingRule,
    PreviewRehearsal,
    PreviewSummary,
    RehearsedEvent,
    RehearsedStep,
    StepEntry,
    StepState,
)

__all__ = [
    "Course",
    "Deployment",
    "EventKind",
    "MissingRule",
    "PreviewRehearsal",
    "PreviewSummary",
    "RehearsedEvent",
    "RehearsedStep",
    "StepEntry",
    "StepState",
    "deployment_of",
    "rehearse_events",
    "summary_of",
]
