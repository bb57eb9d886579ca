"""The sentences about the rehearsal of a preview that several forms share."""

from __future__ import annotations

from collections.abc import Mapping

from elysium.present.verdict import Verdict, count
from elysium.previews.rehearsal import PreviewRehearsal, StepEntry

__all__ = ["counted", "place", "verdict"]


def counted(actions: Mapping[str, int]) -> str:
    """`9 created, 1 configured`."""
    return ", ".join(f"{number:,} {action}" for action, number in actions.items() if number)


def place(entry: StepEntry) -> str:
    """The file with its line; nothing for what the workflow itself makes."""
    return f"{entry.file}:{entry.line}" if entry.line else entry.file


def verdict(found: PreviewRehearsal) -> Verdict:
    """What the rehearsal of a preview comes down to."""
    summary = found.summary
    if found.passed:
        ends = not found.events[-1].kind.deploys
        title = "nothing is refused, and nothing is left" if ends else "nothing is refused, and all of it comes up"
        return Verdict(passed=True, title=title, rest=f": {counted(summary.actions)}")
    parts = [
        ("the platform is refused", int(found.platform.in_trouble)),
        (f"{count(summary.refused, 'step')} refused", summary.refused),
        (f"{count(summary.failed, 'step')} failed", summary.failed),
        (f"{count(summary.troubled, 'workload')} not up", summary.troubled),
        (f"{count(summary.drift, 'object')} changed without a reason", summary.drift),
        (f"{count(summary.leftovers, 'object')} left behind", summary.leftovers),
    ]
    return Verdict(passed=False, title=", ".join(text for text, number in parts if number))
