"""Where the objects of a preview stand in the repository: the file, and the line where it can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from elysium.model import Origin, RenderedObject, Unit
from elysium.previews.platform import FOLDER, Platform
from elysium.previews.policies import ACCOUNT, POLICIES

__all__ = ["with_places"]

_CHART = "helm/app"
_SEPARATOR = re.compile(r"---(?:\s|$)")
_KIND = re.compile(r"kind:\s*(\w+)\s*$")
_NAME = re.compile(r"  name:\s*(\S+)\s*$")
_VERSION = re.compile(r"apiVersion:")


def with_places(unit: Unit, platform: Platform) -> Unit:
    """The same objects with file and line as their origin, where these can be found."""
    manifests = {(kind, name): place for kind, name, place in _manifests(platform)}
    objects = tuple(_placed(item, platform, manifests) for item in unit.objects)
    return msgspec.structs.replace(unit, objects=objects)


def _placed(
    item: RenderedObject, platform: Platform, manifests: dict[tuple[str, str], tuple[str, int]]
) -> RenderedObject:
    place = None
    if item.origin.template:
        place = _place_in_chart(item, platform)
    elif not (item.origin.generator or item.origin.file):
        place = manifests.get((item.kind, item.name)) or manifests.get((item.kind, ""))
    if place is None:
        return item
    moved = Origin(unit=item.origin.unit, file=place[0], line=place[1])
    return msgspec.structs.replace(item, origin=moved)


def _place_in_chart(item: RenderedObject, platform: Platform) -> tuple[str, int] | None:
    """The template, and the line where the object begins in it; line 0 where it makes several of that kind."""
    name = f"{_CHART}/{item.origin.template}"
    if not (platform.folder / name).is_file():  # of a chart in an archive
        return None
    found = _objects(platform.text(name).splitlines())
    begins = [number for number, lines in found if _first(_KIND, lines) == item.kind]
    return f"{FOLDER}/{name}", begins[0] if len(begins) == 1 else 0


def _manifests(platform: Platform) -> Iterator[tuple[str, str, tuple[str, int]]]:
    """Kind, name and place of each object of the account and the policies; without a name where a variable has it."""
    for name in (ACCOUNT, *POLICIES):
        for number, lines in _documents(platform.text(name)):
            kind, called = _first(_KIND, lines), _first(_NAME, lines)
            if kind:
                yield kind, "" if "$" in called else called, (f"{FOLDER}/{name}", number)


def _documents(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each YAML document with the line of its first field."""
    start, lines = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), "---"], 1):
        if _SEPARATOR.match(line):
            if lines:
                yield start, lines
            start, lines = 0, []
        elif lines or (line.strip() and not line.lstrip().startswith("#")):
            start = start or number
            lines.append(line)


def _first(pattern: re.Pattern[str], lines: Iterable[str]) -> str:
    return next((match[1].strip("\"'") for line in lines if (match := pattern.match(line))), "")


def _objects(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The parts of a template from one `apiVersion` to the next, each with its line."""
    begins = [number for number, line in enumerate(lines) if _VERSION.match(line)]
    for number, following in zip(begins, [*begins[1:], len(lines)], strict=True):
        yield number + 1, lines[number:following]
