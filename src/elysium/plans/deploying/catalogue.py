"""Where charts are: what the catalogue says of well-known applications, and what is known on this machine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import msgspec

__all__ = ["Chart", "Entry", "KnownCharts", "entry_of", "highest_version", "versions_in_index"]

_FILE = Path(__file__).parent / "catalogue.toml"


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart, and the repository that publishes it."""

    repository: str
    name: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What the catalogue says of one application; what begins with `no_` is the reason why its owner has none."""

    official_chart: Chart | None = None
    community_chart: Chart | None = None
    no_official_chart: str = ""
    no_official_method: str = ""

    def refusal(self, method: str) -> str:
        """Why there is nothing of a method, where that is known."""
        return {"official-chart": self.no_official_chart, "official-method": self.no_official_method}.get(method, "")


class KnownCharts(msgspec.Struct, frozen=True, kw_only=True):
    """Charts of one repository that is known here. `origin` says how: declared, mapped, or fetched before.

    `versions` are the versions of the chart that was looked for; `listed` is whether the repository could be looked
    into at all: one that is only declared says nothing about what it holds.
    """

    repository: str
    origin: str
    name: str = ""
    versions: tuple[str, ...] = ()
    listed: bool = False


@cache
def _catalogue() -> dict[str, Entry]:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Entry])


def entry_of(name: str) -> Entry | None:
    """What the catalogue says of an application."""
    return _catalogue().get(name)


def versions_in_index(lines: Iterable[str], name: str) -> tuple[str, ...]:
    """The versions of a chart in the index of a repository, read line by line: an index may have 20 MB.

    Helm writes one entry a chart at the second level, and its versions below it; an index in another form (JSON) is
    not understood, and then nothing is known.
    """
    found: list[str] = []
    inside = False
    for line in lines:
        if line.startswith("  ") and line[2:3] not in (" ", "-", "", "\n"):
            if inside:
                break
            inside = line.strip() in (f"{name}:", f'"{name}":')
        elif inside and line.lstrip(" -").startswith("version:") and len(line) - len(line.lstrip(" -")) == 4:
            found.append(line.partition(":")[2].strip().strip("\"'"))
    return tuple(found)


def highest_version(versions: Sequence[str]) -> str:
    """The highest version that is no pre-release; empty when there is none."""
    stable = [version for version in versions if _numbers(version)]
    return max(stable, key=_numbers, default="")


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.removeprefix("v").partition("+")[0].split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() and len(part) < 10 for part in parts) else ()
