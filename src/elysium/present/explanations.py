"""Where an object comes from, field by field, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

import msgspec
from rich.text import Text

from elysium.model import Explanation, FieldOrigin
from elysium.present.console import console, line, plain
from elysium.present.records import FORMAT

__all__ = ["write_explanation"]

_WIDEST_PATH = 56
_WIDEST_VALUE = 36


def write_explanation(found: Explanation, out: TextIO, form: str) -> None:
    """The object with the units that lead to it, then each field with its value and origin."""
    if form == "json":
        out.write(msgspec.json.format(msgspec.json.encode(_record(found)), indent=2).decode() + "\n")
        return
    target = console(out)
    line(target, Text(plain(str(found.object)), style="bold"))
    rows = {
        "made by": " → ".join(str(unit) for unit in found.chain),
        "file": _place(found.file, found.line),
        "chart": found.chart,
        "template": found.template,
    }
    for name, value in rows.items():
        if value:
            line(target, Text.assemble((f"{name:<9} ", "dim"), plain(value)), 2)
    for transformation in dict.fromkeys(found.transformations):
        line(target, Text.assemble((f"{'changed':<9} ", "dim"), plain(transformation)), 2)
    for title, origins in (("fields", found.fields), ("values", found.values)):
        if origins:
            line(target, Text())
            line(target, Text(title, style="bold"))
            for text in _table(origins):
                line(target, text, 2)
    for note in found.notes:
        line(target, Text(plain(note), style="dim"))


def _table(origins: Iterable[FieldOrigin]) -> list[Text]:
    rows = [(plain(origin.path), plain(origin.value), origin) for origin in origins]
    path_width = min(max(len(path) for path, _, _ in rows), _WIDEST_PATH)
    value_width = min(max(len(value) for _, value, _ in rows), _WIDEST_VALUE)
    return [
        Text.assemble(
            (f"{path:<{path_width}}  ", "cyan"),
            f"{_cut(value):<{value_width}}  ",
            (" ".join(part for part in (origin.source.value, _where(origin)) if part), "dim"),
        )
        for path, value, origin in rows
    ]


def _where(origin: FieldOrigin) -> str:
    place = _place(origin.file, origin.line)
    detail = "" if origin.file.endswith(origin.detail) else origin.detail
    return plain(f"{place} ({detail})" if place and detail else place or detail)


def _cut(value: str) -> str:
    return value if len(value) <= _WIDEST_VALUE else value[: _WIDEST_VALUE - 1] + "…"


def _place(file: str, number: int) -> str:
    return f"{file}:{number}" if file and number else file


def _record(found: Explanation) -> dict[str, Any]:
    record = msgspec.structs.asdict(found)
    record["object"] = str(found.object)
    record["unit"] = str(found.unit)
    record["cluster"] = found.unit.cluster
    record["chain"] = [str(unit) for unit in found.chain]
    return {"version": FORMAT, **record}
