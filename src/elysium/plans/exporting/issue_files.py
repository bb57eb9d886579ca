"""Issues as files: one to read and one to post for each, the milestones, and which issue belongs to which."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from elysium.kit.terminal import escaped_json, visible
from elysium.plans.exporting.issues import Issue
from elysium.plans.words import slug

__all__ = ["issue_files"]

_NOON = "T12:00:00Z"
_LONGEST_NAME = 60


def issue_files(issues: Sequence[Issue]) -> dict[str, str]:
    """Text by path, relative to a folder of their own: `NNNN-KEY.md`, `payloads/NNNN-KEY.json`, `milestones/NN.json`
    and `index.json`. A path is made of letters, digits, dots and dashes, whatever the plan's ids are.
    """
    files: dict[str, str] = {}
    index = []
    for number, issue in enumerate(issues, start=1):
        name = f"{number:04}-{slug(issue.key)[:_LONGEST_NAME].strip('-.') or 'issue'}"
        files[f"{name}.md"] = _readable(issue)
        files[f"payloads/{name}.json"] = _json({"title": issue.title, "body": issue.body, "labels": list(issue.labels)})
        index.append({"payload": f"payloads/{name}.json", "key": issue.key, "milestone": issue.milestone})
    for number, milestone in enumerate(_milestones(issues), start=1):
        files[f"milestones/{number:02}.json"] = _json(milestone)
    return files | {"index.json": _json(index)}


def _readable(issue: Issue) -> str:
    facts = [("Labels", ", ".join(issue.labels)), ("Milestone", issue.milestone), ("Due", issue.due)]
    lines = [f"- {name}: {value}" for name, value in facts if value]
    return visible("\n".join((f"# {issue.title}", "", *lines, "", issue.body)))


def _milestones(issues: Sequence[Issue]) -> list[dict[str, str]]:
    """One per phase, due with the last of its issues; a phase with an issue that is due on no day has none."""
    days: dict[str, list[str]] = {}
    for issue in issues:
        if issue.milestone:
            days.setdefault(issue.milestone, []).append(issue.due)
    return [
        {"title": title, "state": "open"} | ({"due_on": max(found) + _NOON} if all(found) else {})
        for title, found in days.items()
    ]


def _json(value: object) -> str:
    return escaped_json(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()) + "\n"
