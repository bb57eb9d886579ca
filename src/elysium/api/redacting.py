"""Nothing that leaves the API holds a known secret value: not an object, not a name, not a message."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from elysium.api.opening import Opened
from elysium.engine import EnginePool
from elysium.load import read_bodies
from elysium.model import Documents, Render, RenderedObject, Unit, UnitId
from elysium.render.plaintexts import learn_sources
from elysium.sealing import Redactor

__all__ = ["learn_unbuilt", "redact", "redact_alone", "scrubbed"]

_Record = TypeVar("_Record", bound=msgspec.Struct)

_PUBLIC = frozenset(
    {"api_version", "kind", "state", "code", "file", "tree", "template", "cluster", "read", "raw", "digest"}
)
"""Fields that hold what stands in Git in the clear, or no text."""


def redact(render: Render, redactor: Redactor, documents: Documents) -> Render:
    """The same render with every known plaintext replaced by its token.

    In a v1 Secret every value is replaced, even a short one. Names of objects that stand in Git, or that were made
    without a secret, are no secrets: a value that is also such a name (a user that is called like its database) stays.
    """
    if not redactor:
        return render
    redactor.spare(_public_names(render, documents))
    return _cleaned(render, redactor)


def learn_unbuilt(render: Render, opened: Opened, pool: EnginePool, redactor: Redactor) -> None:
    """Learn the Secrets that stand in Git when something failed: its message may quote one that was never built."""
    if all(unit.failure is None for unit in render.units):
        return
    files = [
        file.path
        for file in opened.documents.files
        if posixpath.splitext(posixpath.basename(file.path))[0] == "kustomization"
        or any(document.kind == "Secret" for document in file.documents)
    ]
    name = f"files#{opened.tree.digest[:12]}"
    learn_sources(read_bodies(pool, name, files), opened.tree, redactor)


def redact_alone(render: Render, public: Iterable[str] = ()) -> Render:
    """The same for what was rendered without a repository. `public` are values that stand in the clear elsewhere."""
    redactor = Redactor()
    for unit in render.units:
        for item in unit.objects:
            if _is_secret(item):
                redactor.learn_secret(item.body())
    redactor.spare(public)
    return _cleaned(render, redactor) if redactor else render


def scrubbed(record: _Record, redactor: Redactor) -> _Record:
    """A record with every known plaintext taken out of its texts."""
    cleaned: _Record = _Scrubber(redactor).clean(record)
    return cleaned


def _public_names(render: Render, documents: Documents) -> Iterator[str]:
    for file in documents.files:
        for document in file.documents:
            yield from (document.name, document.namespace)
    touched = _touched(render.units)
    for unit in render.units:
        if unit.id not in touched:
            yield from (name for item in unit.objects for name in (item.name, item.namespace))


def _touched(units: Iterable[Unit]) -> set[UnitId]:
    """Units that plaintext took part in, and all below them. Parents come before their children."""
    touched: set[UnitId] = set()
    for unit in units:
        if unit.sensitive or unit.parent in touched:
            touched.add(unit.id)
    return touched


def _cleaned(render: Render, redactor: Redactor) -> Render:
    texts = b"\n".join(item.raw for unit in render.units for item in unit.objects if not _is_secret(item))
    here = redactor.narrowed(texts)
    units = tuple(
        msgspec.structs.replace(unit, objects=tuple(_object(item, here, redactor) for item in unit.objects))
        for unit in render.units
    )
    render = msgspec.structs.replace(render, units=units)
    said = redactor.narrowed(msgspec.msgpack.encode(msgspec.structs.replace(render, units=tuple(map(_bare, units)))))
    return scrubbed(render, said) if said else render


def _bare(unit: Unit) -> Unit:
    return msgspec.structs.replace(unit, objects=tuple(msgspec.structs.replace(item, raw=b"") for item in unit.objects))


def _object(item: RenderedObject, here: Redactor, redactor: Redactor) -> RenderedObject:
    if _is_secret(item):
        raw = msgspec.json.encode(redactor.object(redactor.secret(item.body())))
    elif here and here.narrowed(item.raw):
        raw = msgspec.json.encode(here.object(item.body()))
    else:
        return item
    return item if raw == item.raw else msgspec.structs.replace(item, raw=raw)


def _is_secret(item: RenderedObject) -> bool:
    return item.kind == "Secret" and item.api_version == "v1"


class _Scrubber:
    """Cleans every text of a tree of records."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._known: dict[str, str] = {}

    def clean(self, value: Any) -> Any:
        """The same value; the very same object where nothing had to go."""
        if type(value) is str:
            return self._text(value)
        if isinstance(value, tuple):
            items = tuple(self.clean(item) for item in value)
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        return self._record(value) if isinstance(value, msgspec.Struct) else value

    def _text(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = self._redactor.text(text)
        return self._known[text]

    def _record(self, record: msgspec.Struct) -> msgspec.Struct:
        changed = {}
        for field in record.__struct_fields__:
            before = getattr(record, field)
            if field not in _PUBLIC and (after := self.clean(before)) is not before:
                changed[field] = after
        return msgspec.structs.replace(record, **changed) if changed else record
