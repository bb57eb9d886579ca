"""Write the computed state where a person typed another one. Nothing but the sign and the box changes.

A line has one claim of its own, the first sign on it: `⏳ Security (namespaces ✅ created)` is pending, and what stands
between brackets is about something else. Signs inside of annotations are data and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from elysium.plans.document import annotating
from elysium.plans.document.claims import SIGNS, sign_of
from elysium.plans.document.markdown import lines_of
from elysium.plans.types import Mark

__all__ = ["write_boxes", "write_signs"]

_SIGN = re.compile("(" + "|".join(SIGNS) + ")\ufe0f?")
_BOX = re.compile(r"(?P<before>[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)(?P<tick>[ xX])(?=\])")


def write_signs(text: str, states: Mapping[int, Mark]) -> str:
    """The text with the sign of every given line (from 1) as its state wants it. A state that has no sign contradicts
    only ✅: what is blocked is not complete, and of what is unknown nothing can be said.
    """
    return _edited(text, states, _with_sign)


def write_boxes(text: str, states: Mapping[int, Mark]) -> str:
    """The text with the checkbox of every given line ticked where it is complete, and empty where it is not."""
    return _edited(text, states, _with_box)


def _edited(text: str, states: Mapping[int, Mark], edit: Callable[[str, Mark], str]) -> str:
    lines = lines_of(text)
    for number, state in states.items():
        if state is not Mark.UNKNOWN and 0 < number <= len(lines):
            lines[number - 1] = edit(lines[number - 1], state)
    return "".join(lines)


def _with_sign(line: str, state: Mark) -> str:
    own = line if annotating.bare(line) == line else line[: line.index("<!-- plan:")]
    found = _SIGN.search(own)
    if not found:
        return line
    said = found[1]
    wanted = sign_of(state) or (sign_of(Mark.PENDING) if SIGNS[said] is Mark.COMPLETE else said)
    return line if wanted == said else line[: found.start()] + wanted + line[found.end() :]


def _with_box(line: str, state: Mark) -> str:
    found = _BOX.match(line)
    done = state is Mark.COMPLETE
    if not found or done == (found["tick"] != " "):
        return line
    return f"{found['before']}{'x' if done else ' '}{line[found.end() :]}"
