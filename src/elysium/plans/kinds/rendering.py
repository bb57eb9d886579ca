"""Templates of plans: Markdown with the marks of ERB, filled in with what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from elysium.plans import annotating

__all__ = ["render"]

_ITEM = re.compile(r"\d+\. ")
_FOLDER = Path(__file__).parent / "templates"


def render(template: str, values: Mapping[str, Any]) -> str:
    """A template of this package with its values. Templates number every item 1; here they are counted."""
    text = _environment().get_template(template).render(**values)
    return "\n".join(_numbered(_without_gaps(text.split("\n")))).strip("\n") + "\n"


def _without_gaps(lines: Iterable[str]) -> Iterator[str]:
    """Lines without blank ones in a row."""
    before = ""
    for line in lines:
        if line.strip() or before:
            yield line.rstrip()
        before = line.strip()


def _numbered(lines: Iterable[str]) -> Iterator[str]:
    """Lines with the items of numbered lists counted from 1 in each list."""
    number = 0
    for line in lines:
        found = _ITEM.match(line)
        number = number + 1 if found else number if line.startswith(" ") else 0
        yield f"{number}. {line[found.end() :]}" if found else line


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - this is Markdown, and every value is one line of text
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["told"] = _told
    environment.filters["line"] = _line
    return environment


def _told(identifier: str = "", **pairs: Any) -> str:
    """The comment behind an item or a heading: its id, and how it is told. `True` is a key without a value."""
    written = [("id", identifier)] if identifier else []
    for key, value in pairs.items():
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if each not in (None, "", False):
                written.append((key, "" if each is True else str(each)))
    return annotating.inline(written) if written else ""


def _line(text: object) -> str:
    """A text that a person gave, as part of one line that says nothing to Elysium."""
    return " ".join(str(text).split()).replace("<!--", "").replace("-->", "")
