"""What carrying out a plan writes, step by step, for a person and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from elysium.api.plan_applying import PlanApplication
from elysium.plans.effects.applying import AppliedStep
from elysium.present.console import line, on_one_line, plain
from elysium.present.records import FORMAT
from elysium.present.verdict import count
from elysium.scaffold import Action, Change

__all__ = ["application_json", "print_application", "print_step"]

_MARKS = {
    Action.CREATE: ("+", "green"),
    Action.CHANGE: ("~", "yellow"),
    Action.KEEP: ("=", "dim"),
    Action.CONFLICT: ("✗", "red"),
}


def print_application(
    console: Console,
    application: PlanApplication,
    *,
    diffs: bool = False,
    written: bool = False,
    commits: Mapping[str, str] | None = None,
) -> None:
    """Every step with its files, what stands in the way, and what a person has to do. `commits` has the commit of each
    step that became one.
    """
    for step in application.steps:
        print_step(console, step, diffs=diffs, commit=(commits or {}).get(step.number, ""), written=written)
    _moved(console, application, diffs=diffs)
    for open_ in application.placeholders:
        what = f"{open_.name}/{open_.key}: {open_.what}: a placeholder is sealed until"
        line(console, Text.assemble(("! ", "yellow"), plain(what)))
        console.print(Text(f"    {plain(open_.command)}"), soft_wrap=True)  # to be copied as one line
    for note in application.notes:
        for part in note.splitlines():
            line(console, Text(plain(part)))
    line(console, _verdict(application, written=written))


def print_step(
    console: Console, step: AppliedStep, *, diffs: bool = False, commit: str = "", written: bool = False
) -> None:
    """One step: whether it is done, its files, and the commit that it became."""
    stuck = any(change.action is Action.CONFLICT for change in step.changes)
    mark, style = _MARKS[Action.CONFLICT] if stuck else ("·", "") if step.open and not written else ("✓", "green")
    name = f"step {step.number}: {step.title}" if step.number else "the rest"
    text = Text.assemble((f"{mark} ", style), (on_one_line(name), "bold"))
    done = f"  commit {commit[:10]}" if commit else "" if step.open or stuck else "  nothing to do"
    line(console, text.append(done, style="dim"))
    for change in step.changes:
        if change.action is not Action.KEEP:
            _change(console, change, diffs=diffs)


def application_json(application: PlanApplication, *, written: bool, commits: Mapping[str, str] | None = None) -> str:
    """What `elysium plan apply -o json` prints; `commits` has the commit of each step that became one."""
    record = {
        "version": FORMAT,
        "name": application.name,
        "written": written,
        "steps": list(_steps(application, commits or {})),
        "moved": [{"path": item.path, "diff": item.diff} for item in application.moved],
        "placeholders": [
            {"path": item.path, "secret": f"{item.namespace}/{item.name}", "key": item.key, "command": item.command}
            for item in application.placeholders
        ],
        "notes": list(application.notes),
        "summary": {
            "steps": len(application.steps),
            "open": len(application.open),
            "conflicts": len(application.conflicts),
            "moved": len(application.moved),
        },
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def _steps(application: PlanApplication, commits: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for step in application.steps:
        files = [
            {"path": item.path, "action": item.action.value, "diff": item.diff, "reason": item.reason}
            for item in step.changes
        ]
        commit = commits.get(step.number, "")
        yield {"number": step.number, "title": step.title, "open": step.open, "commit": commit, "files": files}


def _change(console: Console, change: Change, *, diffs: bool) -> None:
    mark, style = ("-", "red") if change.goes else _MARKS[change.action]
    reason = f"  {change.reason}" if change.reason else ""
    line(console, Text.assemble((f"{mark} ", style), on_one_line(change.path), (plain(reason), style)), 4)
    if diffs and change.diff and change.action is Action.CHANGE:
        console.print(Syntax(plain(change.diff), "diff", background_color="default", word_wrap=True))


def _moved(console: Console, application: PlanApplication, *, diffs: bool) -> None:
    if not application.moved:
        return
    line(console, Text("not what the plan was made from", style="bold"))
    for item in application.moved:
        line(console, Text.assemble(("✗ ", "bold red"), on_one_line(item.path)), 2)
        if diffs and item.diff:
            console.print(Syntax(plain(item.diff), "diff", background_color="default", word_wrap=True))


def _verdict(application: PlanApplication, *, written: bool) -> Text:
    if application.moved:
        told = f"{count(len(application.moved), 'file')} moved: nothing is written"
        return Text.assemble(("✗ ", "bold red"), (told, "bold"))
    if application.conflicts:
        told = f"{count(len(application.conflicts), 'conflict')}: these files stay as they are"
        return Text.assemble(("✗ ", "bold red"), (told, "bold"))
    if not application.open:
        return Text.assemble(("✓ ", "bold green"), "everything is written")
    files = sum(change.action is not Action.KEEP for step in application.open for change in step.changes)
    told = f"{count(len(application.open), 'step')} {'written' if written else 'to be written'}, {count(files, 'file')}"
    return Text.assemble(("✓ ", "bold green") if written else ("· ", ""), told)
