"""Rehearsals of previews for tests: each one once, however many tests look at it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from elysium.api import Options, Workspace
from elysium.api.preview_rehearsing import PreviewRehearsalOptions, events_of, rehearse_preview
from elysium.api.previewing import PreviewOptions
from elysium.previews.rehearsal import PreviewRehearsal, RehearsedEvent, RehearsedStep, StepEntry
from tests.previews.platforms import platform

Change = Callable[[Path], None]

DEPLOYER = "system:serviceaccount:preview-system:preview-deployer"
STRANGER = "system:serviceaccount:default:default"
SECRET = "correct-horse-battery-staple"


def nothing(_: Path) -> None:
    """The platform as it is written."""


@cache
def rehearsed(
    events: str, change: Change = nothing, account: str = "", settings: tuple[str, ...] = ()
) -> PreviewRehearsal:
    """The rehearsal of preview 123 of a platform that `change` changed."""
    root = Path(tempfile.mkdtemp(prefix="elysium-rehearsal-"))
    try:
        platform(root)
        change(root)
        preview = PreviewOptions(settings=settings, variables={"API_KEY": SECRET})
        options = PreviewRehearsalOptions(events=events_of(events), account=account, preview=preview)
        with Workspace(root, options=Options(workers=1)) as workspace:
            return rehearse_preview(workspace, 123, options)
    finally:
        shutil.rmtree(root)


def step_of(event: RehearsedEvent, name: str) -> RehearsedStep:
    """One step of an event."""
    return next(step for step in event.steps if step.name == name)


def entry_of(step: RehearsedStep, name: str) -> StepEntry:
    """What came of one object in a step."""
    return next(entry for entry in step.entries if str(entry.object) == name)


def acted(event: RehearsedEvent, *actions: str) -> set[str]:
    """The objects of which that came in an event."""
    return {str(entry.object) for step in event.steps for entry in step.entries if entry.action in actions}
