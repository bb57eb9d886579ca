"""Where a build finds its files: an open tree, or a chart in one."""

from __future__ import annotations

import msgspec

from elysium.model import Assumption
from elysium.sources.tree import Tree

__all__ = ["ChartLocation", "Location"]


class Location(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An open tree: its name in the engine, its label for a person (empty: the repository itself), and its filter."""

    tree: str
    label: str
    rules: str
    files: Tree
    revision: str = ""
    digest: str = ""
    archive: str = ""
    assumptions: tuple[Assumption, ...] = ()


class ChartLocation(msgspec.Struct, frozen=True, kw_only=True):
    """A chart: as the engine wants it, with a digest of its content.

    `path` is its directory when it stands in the repository itself.
    """

    chart: dict[str, str]
    digest: str
    location: Location
    label: str
    path: str = ""
