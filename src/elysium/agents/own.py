"""What a repository adds to the one source: `.elysium/agents.md`.

Its front matter may choose (`formats`, `without`); the text before the first heading `##` goes to what every assistant
reads, and a section whose heading is a name (`## planner`, `## deploy-app`, `## secrets`) to every file of that name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from elysium.agents.catalogue import known_names
from elysium.agents.front_matter import Entry, FrontMatterError, parse, split
from elysium.agents.places import Format
from elysium.agents.regions import markers_in
from elysium.errors import SettingsError

__all__ = ["OWN_SOURCE", "OwnSource", "read_own"]

OWN_SOURCE = ".elysium/agents.md"

_HEADING = re.compile(r"^##[ \t]+(?P<name>[^\n]*?)[ \t]*\r?$", re.MULTILINE)
_KEYS = ("formats", "without")
_LARGEST = 256 << 10


class OwnSource(msgspec.Struct, frozen=True, kw_only=True):
    """Which formats are wanted, which names are not, what every assistant is told, and what is said to some by name."""

    formats: tuple[Format, ...] = tuple(Format)
    without: tuple[str, ...] = ()
    everybody: str = ""
    sections: Mapping[str, str] = {}


def read_own(text: str | None) -> OwnSource:
    """The repository's own source; without the file, what is usual. Raises SettingsError with the place."""
    if text is None:
        return OwnSource()
    if len(text) > _LARGEST or markers_in(text):
        what = "larger than 256 KiB" if len(text) > _LARGEST else "a generated text, which cannot be a source"
        raise SettingsError(f"this is {what}", subject=OWN_SOURCE, hint="write only what is particular here")
    try:
        head, body = split(text.replace("\r\n", "\n"))
        front = parse(head)
    except FrontMatterError as error:
        raise SettingsError(error.message, subject=f"{OWN_SOURCE}:{error.line}", hint=error.hint) from None
    for entry in front.entries:
        if entry.key not in _KEYS:
            raise _refused(entry.line, f"there is no key {entry.key!r}", _KEYS)
    first = text.count("\n") - body.count("\n") + 1
    everybody, sections = _sections(body, first)
    formats = front.get("formats")
    return OwnSource(
        formats=tuple(Format(item) for item in _names(formats, tuple(Format))) if formats else tuple(Format),
        without=_names(front.get("without"), known_names()),
        everybody=everybody,
        sections=sections,
    )


def _names(entry: Entry | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if entry is None:
        return ()
    values = entry.value if isinstance(entry.value, list) else [entry.value]
    for value in values:
        if value not in known:
            raise _refused(entry.line, f"{entry.key}: there is no {str(value)[:60]!r}", known)
    return tuple(values)


def _sections(body: str, first: int) -> tuple[str, dict[str, str]]:
    found = list(_HEADING.finditer(body))
    ends = [*(match.start() for match in found[1:]), len(body)][: len(found)]
    sections: dict[str, str] = {}
    for match, end in zip(found, ends, strict=True):
        name, line = match["name"].strip("`").lower(), first + body.count("\n", 0, match.start())
        if name not in known_names():
            raise _refused(line, f"no file is called {match['name'][:60]!r}", known_names())
        if name in sections:
            raise _refused(line, f"there is a section {name} already", known_names())
        sections[name] = body[match.end() : end].strip()
    return body[: found[0].start() if found else len(body)].strip(), sections


def _refused(line: int, message: str, known: tuple[str, ...]) -> SettingsError:
    return SettingsError(message, subject=f"{OWN_SOURCE}:{line}", hint=f"known are {', '.join(known)}")
