"""What a change log lacks, by itself and against git: every change of what is watched has a complete entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from elysium.plans.registers.changes import ChangeEntry, ChangeLog
from elysium.plans.registers.findings import RegisterFinding
from elysium.plans.registers.history import Change, commit_of, history

__all__ = ["lint_changes", "lint_history"]

_Defect = tuple[str, str, str]
"""The rule, the message, the hint."""

_PARTS = (
    ("owner", "change-owner", "nobody is named", "say whose change it is"),
    ("summary", "change-summary", "nothing is said about what changed", "say in one sentence what changed"),
    ("rollback", "change-rollback", "nothing is said about how it is undone", "say which command or commit undoes it"),
)


def lint_changes(log: ChangeLog, today: datetime.date) -> tuple[RegisterFinding, ...]:
    """What is wrong with the entries themselves, in the order of the text."""
    return tuple(
        _finding(log, entry.line, defect) for entry in log.entries for defect in (*_day(entry, today), *_missing(entry))
    )


def lint_history(log: ChangeLog, root: Path, span: str, watched: tuple[str, ...]) -> tuple[RegisterFinding, ...]:
    """What git says against the log: commits of a span that touched the watched paths without a complete entry, and
    entries that name no commit of this repository, or one that came later.

    An entry covers the commits that it names; one that names none covers the commits since the entry before, up to the
    one that wrote it down. Raises RepositoryError where there is no such span.
    """
    changes = history(root, span, watched, log.path)
    unmatched = [_finding(log, 1, _uncovered(change)) for change in _without_entry(changes, _named(log, root))]
    wrong = [_finding(log, entry.line, defect) for entry in log.entries for defect in _commits(entry, root)]
    return (*wrong, *unmatched)


def _finding(log: ChangeLog, line: int, defect: _Defect) -> RegisterFinding:
    rule, message, hint = defect
    return RegisterFinding(rule=rule, message=message, hint=hint, file=log.path, line=line)


def _day(entry: ChangeEntry, today: datetime.date) -> Iterator[_Defect]:
    try:
        day = datetime.date.fromisoformat(entry.date)
    except ValueError:
        message = f"{entry.date!r} is no day" if entry.date else "no day is stated"
        yield "change-date", message, "write the day as YYYY-MM-DD"
        return
    if day > today:
        yield (
            "change-date",
            f"{entry.date} has not come yet",
            "a change log says what was done; a plan says what will be",
        )


def _missing(entry: ChangeEntry) -> Iterator[_Defect]:
    for name, rule, message, hint in _PARTS:
        if not getattr(entry, name).strip(" -–—"):
            yield rule, message, hint


def _commits(entry: ChangeEntry, root: Path) -> Iterator[_Defect]:
    for name in entry.commits:
        identity, day = commit_of(root, name)
        if not identity:
            yield "change-commit", f"there is no commit {name}", "name a commit that `git log` shows"
        elif _days_between(entry.date, day) > 1:
            yield "change-commit", f"commit {name} is of {day}, after {entry.date}", "correct the day or the commit"


def _days_between(earlier: str, later: str) -> int:
    """How many days a commit came after its entry; one is a matter of time zones."""
    try:
        return (datetime.date.fromisoformat(later) - datetime.date.fromisoformat(earlier)).days
    except ValueError:
        return 0


def _named(log: ChangeLog, root: Path) -> set[str]:
    names = (name for entry in log.entries if entry.complete for name in entry.commits)
    return {identity for name in names if (identity := commit_of(root, name)[0])}


def _without_entry(changes: tuple[Change, ...], named: set[str]) -> list[Change]:
    waiting: list[Change] = []
    for change in changes:
        if change.watched and change.id not in named:
            waiting.append(change)
        if any(entry.complete and not entry.commits for entry in change.entries):
            waiting.clear()
    return waiting


def _uncovered(change: Change) -> _Defect:
    paths = ", ".join(change.watched[:3]) + (" …" if len(change.watched) > 3 else "")
    message = f"commit {change.id[:10]} of {change.date} ({change.subject}) changed {paths}, and no entry says so"
    return "change-missing", message, "add an entry with date, owner, summary and rollback; it may name the commit"
