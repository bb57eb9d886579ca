"""A check with everything around it: only what is new, and the checklist of the profile."""

from __future__ import annotations

from pathlib import Path

import msgspec

from elysium.api.baselines import Updated, beside_baseline, place_of_setting, update_baseline
from elysium.api.report import Report
from elysium.api.workspace import Workspace
from elysium.check.checklists import results
from elysium.errors import UsageError

__all__ = ["Question", "examine", "renew_baseline", "split_range"]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which rules, and beside what: findings that were there at the revision `since`, or that `baseline` holds, are
    left out. Without a `baseline` the settings' counts.
    """

    rules: tuple[str, ...] = ()
    profile: str = ""
    since: str = ""
    baseline: Path | None = None


def examine(workspace: Workspace, question: Question) -> Report:
    """The report of a repository."""
    selection = workspace.selection(question.rules, question.profile)
    report = workspace.check(rules=selection.rules, profile=selection.profile)
    if question.since:
        from elysium.api.comparing_revisions import beside_revision  # noqa: PLC0415 - a second workspace

        report = beside_revision(workspace, report, selection, question.since)
    file = _baseline(workspace, question)
    if file is not None:
        report = beside_baseline(report, file, selection, lambda: workspace.whole and not question.since)
    lines = results(selection.profile, report.findings, report.units)
    return msgspec.structs.replace(report, checklist=lines) if lines else report


def renew_baseline(workspace: Workspace, question: Question) -> Updated:
    """Write what the check finds now as the baseline."""
    hint = "check the whole working tree: without --since, --staged, --revision, --cluster or --unit"
    if question.since or workspace.options.extracted or not workspace.whole:
        raise UsageError("a baseline holds all that is known, and this is a part", hint=hint)
    file = _baseline(workspace, question)
    if file is None:
        hint = "name it with --baseline FILE, or set `baseline` in elysium.toml"
        raise UsageError("which file is the baseline?", subject="--update-baseline", hint=hint)
    selection = workspace.selection(question.rules, question.profile)
    return update_baseline(workspace.check(rules=selection.rules, profile=selection.profile), file, selection)


def split_range(text: str) -> tuple[str, str]:
    """The two ends of `BASE..HEAD` (or `BASE...HEAD`: what has changed since they parted is always meant); HEAD is
    empty for `BASE` alone.
    """
    base, dots, head = text.partition("..")
    head = head.removeprefix(".")
    if not base or (dots and not head) or ".." in head:
        raise UsageError(f"{text!r} is no range of revisions", hint="write BASE or BASE..HEAD, such as main..feature")
    return base, head


def _baseline(workspace: Workspace, question: Question) -> Path | None:
    if question.baseline is not None:
        return question.baseline
    named = workspace.settings.baseline
    return place_of_setting(workspace.settings_directory, named) if named else None
