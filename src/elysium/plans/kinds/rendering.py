"""Templates of plans: Markdown with the marks of ERB, filled in with what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from elysium.plans import words
from elysium.plans.document import annotating

__all__ = ["one_line", "render"]

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
        finalize=_finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["told"] = _told
    environment.filters["word"] = lambda text: words.join((str(text),))
    environment.filters["slug"] = words.slug
    return environment


class _Annotation(str):
    """A comment that the template itself writes."""

    __slots__ = ()


def _told(identifier: str = "", **pairs: Any) -> _Annotation:
    """The comment behind an item or a heading: its id, and how it is told. `True` is a key without a value."""
    written = [("id", identifier)] if identifier else []
    for key, value in pairs.items():
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if each not in (None, "", False):
                written.append((key, "" if each is True else one_line(str(each))))
    return _Annotation(annotating.inline(written) if written else "")


def _finished(value: object) -> object:
    """What a template shows: names and sentences of others are one line that says nothing to Elysium."""
    return _bare(value) if isinstance(value, str) and not isinstance(value, _Annotation) else value


def one_line(text: str) -> str:
    """A text as a part of one line, without the marks of a comment."""
    line = " ".join(text.split())
    while "<!--" in line or "-->" in line:
        line = " ".join(line.replace("<!--", " ").replace("-->", " ").split())
    return "".join(sign for sign in line if sign.isprintable())


def _bare(text: str) -> str:
    """A text that a template made, which keeps its blanks at the ends."""
    inside = one_line(text)
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return before + inside + after if inside else text[:1] * (not text.strip(" "))
