"""Plans that a document quotes: fenced Markdown with headings, such as the example of a template."""

from __future__ import annotations

import re

from elysium.errors import PlanError
from elysium.plans.types import Code, Plan, Prose

__all__ = ["block", "blocks"]

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?:markdown|md)[ \t]*\r?\n(?P<text>.*?)^(?P=fence)", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_LEAST = 2


def blocks(plan: Plan) -> tuple[Code, ...]:
    """The fenced documents of a plan, in their order; `line` is that of the fence."""
    found = (
        (_FENCE.match(block.text), block.line)
        for part in plan.all_parts()
        for block in part.content
        if isinstance(block, Prose)
    )
    quoted = (Code(info="markdown", text=match["text"], line=line) for match, line in found if match)
    ordered = sorted(quoted, key=lambda code: code.line)
    return tuple(code for code in ordered if len(_HEADING.findall(code.text)) >= _LEAST)


def block(plan: Plan, number: int, name: str) -> Code:
    """One of them, counted from 1. Raises PlanError when there are not so many."""
    found = blocks(plan)
    if 1 <= number <= len(found):
        return found[number - 1]
    known = (
        f"it quotes {len(found)}, in lines {', '.join(str(code.line) for code in found)}" if found else "it has none"
    )
    raise PlanError(f"the document quotes no plan {number}", subject=name, hint=f"a fenced Markdown example: {known}")
