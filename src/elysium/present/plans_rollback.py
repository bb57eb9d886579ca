"""How a plan is taken back, for a person and for programs: the steps, what does not come back, and how a trial went."""

from __future__ import annotations

from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from elysium.plans.undoing.commits import PlanCommits
from elysium.plans.undoing.remaining import Remain, RemainKind
from elysium.plans.undoing.rollback_steps import RollbackStep
from elysium.plans.undoing.rolling_back import Rollback, Verdict
from elysium.present.console import line, on_one_line, plain
from elysium.present.plans_words import RESULTS, place, with_facts
from elysium.present.records import FORMAT
from elysium.present.rehearsal import print_rehearsal
from elysium.present.rehearsal_records import rehearsal_json
from elysium.present.verdict import count
from elysium.rehearse.types import Rehearsal

__all__ = ["print_rollback", "rollback_json"]

_KINDS = {
    RemainKind.LOST: "lost for good",
    RemainKind.STAYS: "what stays until somebody deletes it",
    RemainKind.REFUSED: "what cannot be changed back in place",
    RemainKind.DONE: "what has run and stays done",
    RemainKind.UNKNOWN: "what nobody can tell",
}


def print_rollback(
    console: Console, rollback: Rollback, verdict: Verdict | None = None, rehearsal: Rehearsal | None = None
) -> None:
    """The commits, the steps with their commands, what does not come back, and what a trial in a clone gave; then what
    an API server said, if one was asked.
    """
    _commits(console, rollback.commits)
    for number, step in enumerate(rollback.steps, start=1):
        _step(console, number, step)
    _remains(console, rollback.remains)
    if verdict:
        mark, style = RESULTS[verdict.result]
        line(console, Text.assemble((f"{mark} ", style), plain(verdict.reason)))
    elif rollback.commits.nothing:
        line(console, Text("nothing of the plan is there to be taken back"))
    else:
        line(console, Text(f"{count(len(rollback.steps), 'step')}, not tried", style="bold"))
    if rehearsal is not None:
        line(console, Text())
        print_rehearsal(console, rehearsal, subject="there and back")


def rollback_json(rollback: Rollback, verdict: Verdict | None = None, rehearsal: Rehearsal | None = None) -> str:
    """What `elysium plan rollback -o json` prints; `verdict` is null where nothing was tried, `rehearsal` (as
    `elysium rehearse -o json` prints it) where no API server was asked.
    """
    commits = rollback.commits
    record: dict[str, Any] = {
        "version": FORMAT,
        "plan": rollback.plan,
        "base": commits.base,
        "head": commits.head,
        "found_by": commits.by,
        "commits": [{"id": item.id, "subject": item.subject} for item in commits.commits],
        "others": [{"id": item.id, "subject": item.subject} for item in commits.others],
        "uncommitted": [*commits.changed, *commits.new],
        "foreign": list(commits.foreign),
        "steps": msgspec.to_builtins(rollback.steps),
        "remains": [_remain(item) for item in rollback.remains],
        "verdict": {"result": verdict.result.value, "reason": verdict.reason} if verdict else None,
        "rehearsal": msgspec.Raw(rehearsal_json(rehearsal).encode()) if rehearsal else None,
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def _commits(console: Console, found: PlanCommits) -> None:
    if found.commits:
        how = {"trailer": "by the plan's name in them", "files": "by the files that they touch"}.get(found.by, "")
        told = f"  {count(len(found.commits), 'commit')} since {found.base[:10]}" + (f", found {how}" if how else "")
        line(console, Text("to revert", style="bold").append(told, style="dim"))
        for commit in found.commits:
            line(console, Text.assemble((commit.id[:10], "cyan"), " ", on_one_line(commit.subject)), 2)
    loose = [*found.changed, *found.new]
    if loose:
        line(console, Text("not committed", style="bold"))
        for path in loose:
            line(console, Text(on_one_line(path)), 2)
    if found.commits or loose:
        line(console, Text())


def _step(console: Console, number: int, step: RollbackStep) -> None:
    line(console, Text.assemble((f"{number}. ", "dim"), (plain(step.title), "bold")))
    if step.why:
        line(console, Text(plain(step.why), style="dim"), 3)
    for command in step.commands:
        console.print(Text(f"   {on_one_line(command)}"), soft_wrap=True)  # to be copied as one line
    line(console, Text())


def _remains(console: Console, remains: tuple[Remain, ...]) -> None:
    for kind, title in _KINDS.items():
        members = [item for item in remains if item.kind is kind]
        if not members:
            continue
        line(console, Text(title, style="bold"))
        for item in members:
            text = Text.assemble(("! ", "yellow"), on_one_line(str(item.object)), f": {on_one_line(item.reason)}")
            line(console, with_facts(text, item.cluster, place(item.file, item.line)), 2)
            if item.command:
                console.print(Text(f"      {on_one_line(item.command)}"), soft_wrap=True)
        line(console, Text())


def _remain(item: Remain) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "object": str(item.object),
        "reason": item.reason,
        "command": item.command,
        "cluster": item.cluster,
        "file": item.file,
        "line": item.line,
    }
