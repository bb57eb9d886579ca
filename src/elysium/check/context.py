"""What a rule may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex
from elysium.model import Documents, IndexedFile, Render, Unit, UnitId
from elysium.settings import Settings

__all__ = ["Ask", "Context", "Decode", "Positions", "ReadBodies", "ReadText"]

ReadText = Callable[[str], str]
"""The text of a file of the repository, by path; empty when it is not there or not text."""

Positions = Callable[[str, list[dict[str, Any]]], list[dict[str, int] | None]]
"""`positions.find` of the engine for one file: queries in, positions out."""

Decode = Callable[[str], list[Any]]
"""`yaml.decode` of the engine: the documents of a YAML text, without the empty ones."""

ReadBodies = Callable[[Sequence[str]], dict[str, dict[int, Any]]]
"""The documents of files, decoded, by path and index; a file that cannot be read has none."""

Ask = Callable[[str, dict[str, Any]], Any]
"""Any method of the engine, for rules that need a reference library (docs/engine-protocol.md)."""


class Context(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A render with the files it came from. Rules share one, so what is computed for a rule is there for the next.

    `partial`: the repository has clusters that were not rendered, so a file that nobody read may well be theirs.
    `paths`: every file of the repository, YAML or not. `today` is what the age of certificates is counted from.
    """

    render: Render
    documents: Documents
    read_text: ReadText
    positions: Positions
    decode: Decode
    ask: Ask
    read_bodies: ReadBodies
    settings: Settings = Settings()
    partial: bool = False
    paths: tuple[str, ...] = ()
    today: date = date.max

    @cached_property
    def units(self) -> dict[UnitId, Unit]:
        """Units by id."""
        return {unit.id: unit for unit in self.render.units}

    @cached_property
    def objects(self) -> dict[str, ObjectIndex]:
        """For each cluster, its objects."""
        by_cluster: dict[str, list[Unit]] = {cluster: [] for cluster in self.render.clusters}
        for unit in self.render.units:
            by_cluster.setdefault(unit.id.cluster, []).append(unit)
        return {cluster: ObjectIndex(units) for cluster, units in by_cluster.items()}

    @cached_property
    def files(self) -> dict[str, IndexedFile]:
        """YAML files by path."""
        return {file.path: file for file in self.documents.files}

    @cached_property
    def declared(self) -> set[tuple[str, str]]:
        """Kind and name of everything that stands in some file, whether or not a unit builds it."""
        return {(document.kind, document.name) for file in self.documents.files for document in file.documents}

    @cached_property
    def cascades(self) -> dict[UnitId, int]:
        """For each unit that failed by itself, how many others cannot go on, or are never applied, because of it."""
        counts: dict[UnitId, int] = {}
        for unit in self.render.units:
            root = self._root_cause(unit)
            if root != unit.id:
                counts[root] = counts.get(root, 0) + 1
        return counts

    @cached_property
    def texts(self) -> dict[str, str]:
        """Texts of files read so far; use `text`."""
        return {}

    @cached_property
    def decoded(self) -> dict[str, dict[int, Any]]:
        """Documents decoded so far; use `bodies`."""
        return {}

    def text(self, path: str) -> str:
        """The text of a file of the repository."""
        if path not in self.texts:
            self.texts[path] = self.read_text(path)
        return self.texts[path]

    def bodies(self, path: str) -> dict[int, Any]:
        """The documents of a file by their index, decoded; none when the file is broken."""
        if path not in self.decoded:
            self.preload([path])
        return self.decoded[path]

    def preload(self, paths: Iterable[str]) -> None:
        """Decode files in one go: for rules that are about to ask for the `bodies` of many."""
        wanted = [path for path in paths if path not in self.decoded]
        found = self.read_bodies([path for path in wanted if not self._broken(path)])
        self.decoded.update({path: found.get(path, {}) for path in wanted})

    def units_of(self, cluster: str) -> Iterable[Unit]:
        """The units of a cluster, in order."""
        return self.objects[cluster].units if cluster in self.objects else ()

    def _broken(self, path: str) -> bool:
        file = self.files.get(path)
        return file is None or bool(file.problems)

    def _root_cause(self, unit: Unit) -> UnitId:
        if unit.blocked_by is not None:
            return unit.blocked_by
        seen = {unit.id}
        current: Unit | None = unit
        last = unit.id
        while current and current.failure and current.failure.cause and current.failure.cause not in seen:
            last = current.failure.cause
            seen.add(last)
            current = self.units.get(last)
        return last
