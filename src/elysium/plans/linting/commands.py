"""The commands that a plan shows or runs: code spans, fenced blocks, and `run` checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.reading import Reading

__all__ = ["Written", "commands"]

_SPAN = re.compile(r"(?<!`)`([^`\n]{1,2000})`(?!`)")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A command as it is written, with its line, and the item that runs it as a check."""

    text: str
    line: int
    item: str = ""


def commands(reading: Reading) -> Iterator[Written]:
    """Every command, continued lines of a block as one."""
    started = 0
    parts: list[str] = []
    for number, line, fenced in read_lines(reading.plan.text):
        if not fenced:
            yield from (Written(text=found[1], line=number) for found in _SPAN.finditer(line))
            continue
        started = started if parts else number
        parts.append(line.strip().removesuffix("\\"))
        if not line.rstrip().endswith("\\"):
            yield Written(text=" ".join(parts), line=started)
            parts = []
    for place in reading.places:
        for check in place.item.checks:
            if check.verb == "run":
                yield Written(text=" ".join(check.arguments), line=place.item.line, item=place.item.id)
