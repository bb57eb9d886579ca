"""What a report leaves out because it was known, in a line each."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from elysium.api import Comparison
from elysium.present.console import line, plain
from elysium.present.verdict import count

__all__ = ["comparison_text", "print_comparisons"]


def print_comparisons(console: Console, comparisons: Iterable[Comparison]) -> None:
    """A line for each comparison."""
    for item in comparisons:
        line(console, Text(f"= {plain(comparison_text(item))}", style="dim"))


def comparison_text(item: Comparison) -> str:
    """`known.json: 12 findings known, gone: 3, run with --update-baseline`."""
    text = f"{item.against}: {count(item.known, 'finding')} known"
    if item.gone:
        text += f", gone: {item.gone:,}"
    return f"{text}, {item.remedy}" if item.remedy else text
