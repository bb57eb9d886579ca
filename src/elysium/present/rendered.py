"""The objects of a render: as a YAML stream, as JSON, as names, as files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from elysium.model import Render, RenderedObject, Unit
from elysium.present.records import FORMAT, UnitRecord, assumption_records, unit_records

__all__ = ["Encode", "write_files", "write_json", "write_names", "write_yaml"]

Encode = Callable[[Iterable[RenderedObject]], str]
"""Objects to a YAML stream, as the engine writes it."""


def write_yaml(render: Render, out: BinaryIO, encode: Encode) -> None:
    """One multi-document stream, units in order, objects in the order in which they were built."""
    first = True
    for unit in render.units:
        if not unit.objects:
            continue
        if not first:
            out.write(b"---\n")
        first = False
        out.write(encode(unit.objects).encode())


def write_json(render: Render, out: BinaryIO) -> None:
    """The document of docs/schemas/render.json, a unit a line."""
    head = msgspec.json.encode({"version": FORMAT, "revision": render.revision})
    out.write(head[:-1] + b',"units":[')
    for position, (unit, record) in enumerate(zip(render.units, unit_records(render.units), strict=True)):
        out.write(b",\n" if position else b"\n")
        out.write(msgspec.json.encode(_with_objects(unit, record)))
    assumptions = msgspec.json.encode(assumption_records(render.assumptions))
    out.write(b'\n],"assumptions":' + assumptions + b"}\n")


def write_names(render: Render, out: BinaryIO) -> None:
    """One object a line: `Kind/namespace/name`, in the order of the stream."""
    for unit in render.units:
        for item in unit.objects:
            out.write(f"{item}\n".encode())


def write_files(render: Render, directory: Path, encode: Encode) -> Iterator[Path]:
    """One YAML file a unit, at `<cluster>/<kind>/<namespace>/<name>.yaml` below `directory`; gives what was written."""
    for unit in render.units:
        if not unit.objects:
            continue
        parts = [*unit.id.cluster.split("/"), unit.id.kind.short, unit.id.namespace]
        folder = directory.joinpath(*(_safe(part) for part in parts if part not in ("", ".")))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{_safe(unit.id.name)}.yaml"
        path.write_text(encode(unit.objects), encoding="utf-8")
        yield path


def _with_objects(unit: Unit, record: UnitRecord) -> dict[str, Any]:
    return {**msgspec.structs.asdict(record), "objects": [msgspec.Raw(item.raw) for item in unit.objects]}


def _safe(part: str) -> str:
    """A file name that stays in its folder whatever the repository calls its objects."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", part).lstrip(".") or "_"
