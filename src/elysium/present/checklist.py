"""The lines of a checklist, each with what it comes down to."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from elysium.check.checklists import LineResult
from elysium.present.console import line, plain
from elysium.present.verdict import count

__all__ = ["line_text", "print_checklist"]

_MARK = {"pass": ("✓", "green"), "found": ("✗", "red"), "unknown": ("?", "magenta")}
_SHOWN = 3


def print_checklist(console: Console, lines: Iterable[LineResult]) -> None:
    """A line for each; nothing when there is no checklist."""
    listed = list(lines)
    for item in listed:
        mark, style = _MARK[item.state]
        line(console, Text.assemble((f"{mark} ", style), plain(line_text(item))), 2)
    if listed:
        line(console, Text())


def line_text(item: LineResult) -> str:
    """`limits: 4 findings (Deployment/web/shop and 3 more)`."""
    if item.state != "found":
        return f"{item.title}: {item.reason}" if item.reason else item.title
    text = f"{item.title}: {count(item.findings, 'finding')}"
    if not item.objects:
        return text
    more = len(item.objects) - _SHOWN
    names = ", ".join(item.objects[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{text} ({names})"
