"""A link to a heading or a file that there is not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.reading import Reading
from elysium.plans.words import plain

__all__ = ["LINT"]

_LINK = re.compile(
    r"(?<!\\)\]\(\s*<?([^()\[\]\s<>]{1,1000})>?(?:\s+\"[^\"]{0,200}\")?\s*\)|^\s{0,3}\[[^\]]{1,200}\]:\s*<?([^\s<>]{1,1000})"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_SPAN = re.compile(r"`[^`\n]*`")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_ANCHOR = re.compile(r"<a\s+(?:id|name)=[\"']([^\"']{1,200})[\"']", re.IGNORECASE)


def _find(reading: Reading) -> Iterator[Defect]:
    anchors = _anchors(reading)
    for number, line, fenced in read_lines(reading.plan.text):
        if fenced or ("](" not in line and "]:" not in line):
            continue
        for found in _LINK.finditer(_SPAN.sub("", line)):
            problem = _problem(unquote(found[1] or found[2]), anchors, reading)
            if problem:
                yield defect(number, problem, "mend the link, or write what it leads to")


def _problem(target: str, anchors: set[str], reading: Reading) -> str:
    if _SCHEME.match(target):
        return ""
    path, _, anchor = target.partition("#")
    if not path:
        return "" if not anchor or anchor.lower() in anchors else f"no heading has the anchor #{anchor}"
    place = posixpath.normpath(posixpath.join(posixpath.dirname(reading.plan.path), path))
    place = posixpath.normpath(path.lstrip("/")) if path.startswith("/") else place
    if place == ".." or place.startswith("../"):
        return f"the link {target} leads out of the repository"
    return "" if reading.exists is None or reading.exists(place) else f"there is no file {place}"


def _anchors(reading: Reading) -> set[str]:
    """The anchors that GitHub gives headings: lower case, blanks as dashes, `-1` where one comes again."""
    found: dict[str, int] = {}
    anchors: set[str] = set()
    lines = read_lines(reading.plan.text)
    for line in (part.line for part in reading.parts if 0 < part.line <= len(lines)):
        heading = lines[line - 1][1].strip().strip("#").strip()
        anchor = _NOT_IN_ANCHOR.sub("", plain(heading).lower()).replace(" ", "-")
        again = found.get(anchor, 0)
        found[anchor] = again + 1
        anchors.add(f"{anchor}-{again}" if again else anchor)
    anchors.update(name.lower() for name in _ANCHOR.findall(reading.plan.text))
    return anchors


LINT = Lint(name="dead-link", severity=Severity.WARNING, summary="a link leads to nothing", find=_find)
