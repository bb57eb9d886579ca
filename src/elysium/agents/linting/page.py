"""An agent file as it was read: what it is, its front matter, and its text with the line that it begins at."""

from __future__ import annotations

from functools import cached_property

import msgspec

from elysium.agents.front_matter import FrontMatter, FrontMatterError, parse, split
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.linting.repository import Repository
from elysium.agents.places import Format, format_of, stem_of
from elysium.agents.regions import Region, find_region
from elysium.errors import ElysiumError

__all__ = ["Page", "open_page"]

_LONGEST_LINE = 2000
_MOST_LINKS = 50
_LARGEST = 512 << 10
_PLAIN = (Format.AGENTS_MD, Format.CLAUDE_MD, Format.README)


class Page(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One file. `broken` is set when its front matter could not be read: then what is in it is not judged."""

    path: str
    format: Format
    text: str
    front: FrontMatter = FrontMatter()
    body: str = ""
    first_line: int = 1
    broken: bool = False

    @property
    def name(self) -> str:
        """What it is called: as it says itself, or its file."""
        return self.front.text("name") or stem_of(self.path)

    @cached_property
    def region(self) -> Region | None:
        """Its generated part."""
        return find_region(self.text)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines in which references are searched: of what is written to make that slow, as much as people write."""
        lines = (line[:_LONGEST_LINE] for line in self.body.splitlines())
        return tuple("" if line.count("](") > _MOST_LINKS else line for line in lines)


def open_page(path: str, repository: Repository) -> tuple[Page | None, tuple[Problem, ...]]:
    """The file, with what keeps it from being read in whole or in part."""
    if path in repository.links:
        return None, (problem("linked", path, "this is a link: what it leads to is judged where it stands"),)
    try:
        text = repository.read(path)
    except ElysiumError as error:
        return None, (problem("unreadable", path, error.message, hint=error.hint),)
    if text is None or len(text) > _LARGEST or "\0" in text:
        why = "there is no such file" if text is None else "this is no text of at most 512 KiB"
        return None, (problem("unreadable", path, why),)
    page = Page(path=path, format=format_of(path) or Format.AGENTS_MD, text=text, body=text)
    if page.format in _PLAIN:
        return page, ()
    try:
        head, body = split(text)
        page = msgspec.structs.replace(page, body=body, first_line=text.count("\n", 0, len(text) - len(body)) + 1)
        return msgspec.structs.replace(page, front=parse(head)), ()
    except FrontMatterError as error:
        found = problem("front-matter", path, error.message, error.line, column=error.column, hint=error.hint)
        return msgspec.structs.replace(page, broken=True), (found,)
