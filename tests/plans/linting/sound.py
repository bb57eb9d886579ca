"""Two plans in which no lint finds anything: one of ten sections, one of phases; and what is wrong when they change."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["APPLICATION", "CASES", "PHASES", "Case"]

_HERE = Path(__file__).parent
APPLICATION = (_HERE / "application.md").read_text(encoding="utf-8")
PHASES = (_HERE / "phases.md").read_text(encoding="utf-8")
_TOKEN = "gh" + "p_" + "a1B2c3D4e5" * 3 + "f6G7h8"
"""Of the form of a token; nobody's."""


class Case(NamedTuple):
    """A plan, the lint that finds something in it, words of the message, and text on the line concerned."""

    lint: str
    text: str
    message: str
    at: str


def _case(said: dict[str, Any]) -> Case:
    text = {"application": APPLICATION, "phases": PHASES}[said["of"]]
    for old, new in said.get("changes", ()):
        assert old in text, old
        text = text.replace(old, new.replace("{token}", _TOKEN), 1)
    if "cut" in said:
        first, behind = said["cut"]
        start = text.index(first)
        text = text[:start] + (text[text.index(behind, start) :] if behind else "")
    if "tasks" in said:
        place, count = said["tasks"]
        tasks = (f"- Task {number} of many. <!-- plan: manual=seen -->\n" for number in range(count))
        text = text.replace(place, "".join(tasks) + place, 1)
    return Case(said["lint"], text, said["message"], said.get("at", ""))


CASES = tuple(map(_case, tomllib.loads((_HERE / "cases.toml").read_text(encoding="utf-8"))["case"]))
