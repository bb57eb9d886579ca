"""What a lint of agent files found, for a person and for programs."""

from __future__ import annotations

from collections import Counter

import msgspec
from rich.console import Console
from rich.text import Text

from elysium.agents.linting import Linted
from elysium.model import Severity
from elysium.present.console import line, plain
from elysium.present.records import FORMAT
from elysium.present.verdict import count

__all__ = ["agent_lint_json", "print_agent_lint"]

_STYLES = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("i", "blue")}


def agent_lint_json(linted: Linted) -> str:
    """The document that `elysium agents lint -o json` prints."""
    numbers = Counter(item.severity for item in linted.problems)
    record = {
        "version": FORMAT,
        "files": list(linted.files),
        "problems": [msgspec.to_builtins(item) for item in linted.problems],
        "summary": {"files": len(linted.files), **{item.value: numbers[item] for item in Severity}},
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def print_agent_lint(console: Console, linted: Linted) -> None:
    """Each problem with its place and kind, what to do about it, and the verdict."""
    for item in linted.problems:
        mark, style = _STYLES[item.severity.value]
        line(console, Text.assemble((f"{mark} ", style), plain(str(item)), (f"  {item.code}", "dim")))
        if item.hint:
            line(console, Text(plain(f"→ {item.hint}"), style="dim"), 4)
    line(console, _verdict(linted))


def _verdict(linted: Linted) -> Text:
    numbers = Counter(item.severity for item in linted.problems)
    told = [count(numbers[item], _WORDS[item]) for item in Severity if numbers[item]]
    files = count(len(linted.files), "file")
    if linted.fails:
        return Text.assemble(("✗ ", "bold red"), f"{files}: {', '.join(told)}")
    notes = f" ({', '.join(told)})" if told else ""
    return Text.assemble(("✓ ", "bold green"), f"{files}: nothing is wrong{notes}")


_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
