"""What a check of workflows found, for a person and for programs."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.text import Text

from elysium.api import WorkflowCheck
from elysium.present.console import line, plain
from elysium.present.records import FORMAT, finding_record
from elysium.present.verdict import count

__all__ = ["print_workflow_check", "workflow_check_json"]

_STYLES = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("i", "blue")}


def workflow_check_json(checked: WorkflowCheck) -> str:
    """The document that `elysium ci check -o json` prints."""
    record = {
        "version": FORMAT,
        "findings": [finding_record(item) for item in checked.report.findings],
        "stale": [{"path": item.path, "action": item.action.value, "diff": item.diff} for item in checked.stale],
        "missing": [msgspec.to_builtins(item) for item in checked.missing],
        "stages": [msgspec.to_builtins(item) for item in checked.stages],
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def print_workflow_check(console: Console, checked: WorkflowCheck) -> None:
    """Findings by their place, what is not up to date, what is missing of workflows and stages, and the verdict."""
    for item in checked.report.findings:
        mark, style = _STYLES[item.severity.value]
        line(console, Text.assemble((f"{mark} ", style), plain(str(item))))
        if item.hint:
            line(console, Text(plain(f"→ {item.hint}"), style="dim"), 4)
    for change in checked.stale:
        line(console, Text.assemble(("~ ", "yellow"), plain(f"{change.path} is not what would be generated today")))
        line(console, Text("→ elysium ci gen", style="dim"), 4)
    for wanted in checked.missing:
        name = wanted.component.partition("/")[2]
        line(console, Text.assemble(("+ ", "blue"), plain(f"no workflow {name} for {wanted.reason}")))
        line(console, Text(f"→ elysium ci gen --only {name}", style="dim"), 4)
    for stage in checked.stages:
        if stage.missing:
            missing = f"stage {stage.name} lacks {', '.join(stage.missing)}"
            line(console, Text.assemble(("+ ", "blue"), plain(missing)))
    line(console, _verdict(checked))


def _verdict(checked: WorkflowCheck) -> Text:
    if not checked.fails:
        return Text.assemble(("✓ ", "bold green"), "every workflow is as it should be")
    parts = [count(len(checked.report.findings), "finding")] if checked.report.findings else []
    parts += [f"{len(checked.stale)} not up to date"] if checked.stale else []
    return Text.assemble(("✗ ", "bold red"), ", ".join(parts))
