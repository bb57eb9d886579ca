"""The patches and transformers of kustomization files, for finding out which of them set a field."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from elysium.render.leaves import Address, leaves, real_path

__all__ = ["Patch", "patches_of", "transformer_of"]

ReadFile = Callable[[str], list[Any]]
"""The documents of a YAML file of the tree; empty when it cannot be read."""


_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    """One patch. `file` and `path` say where its content stands; a field's own path is added to it unless it is inline.

    `target` selects objects as Kustomize does; without one, a strategic-merge patch names its object itself.
    """

    file: str
    document: int
    path: tuple[str | int, ...]
    content: Any
    inline: bool
    target: dict[str, Any] | None = None

    def selects(self, body: dict[str, Any]) -> bool:
        """Whether the patch is for this object, by what a selector says of kind, name and namespace."""
        metadata = body.get("metadata") or {}
        wanted: Any = self.target
        if wanted is None and isinstance(self.content, dict):
            named = self.content.get("metadata") or {}
            wanted = {"kind": self.content.get("kind"), "name": named.get("name")}
        known = {"kind": body.get("kind"), "name": metadata.get("name"), "namespace": metadata.get("namespace")}
        return all(_matches(str((wanted or {}).get(field) or ""), str(value or "")) for field, value in known.items())

    def sets(self, address: Address, body: dict[str, Any]) -> tuple[Any, list[str | int]] | None:
        """The value that this patch gives to a field of an object, with its path inside the patch; None if it has
        none.
        """
        if isinstance(self.content, list):
            return self._by_operation(address, body)
        for found, value in leaves(self.content):
            if found == address and address not in _IDENTITY:
                return value, real_path(self.content, address)
        return None

    def _by_operation(self, address: Address, body: dict[str, Any]) -> tuple[Any, list[str | int]] | None:
        wanted = [str(part) for part in real_path(body, address)]
        for number, operation in enumerate(self.content):
            if not isinstance(operation, dict) or operation.get("op") not in ("add", "replace"):
                continue
            pointer = [_unescape(part) for part in str(operation.get("path") or "").split("/")[1:]]
            if pointer[-1:] == ["-"] and wanted[: len(pointer) - 1] == pointer[:-1]:
                pointer = wanted[: len(pointer)]
            if wanted[: len(pointer)] != pointer:
                continue
            value = _inside(operation.get("value"), wanted[len(pointer) :])
            if value is not None:
                return value[0], [number, "value"]
        return None


def _matches(pattern: str, value: str) -> bool:
    try:
        return not pattern or re.fullmatch(pattern, value) is not None
    except re.error:
        return False


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _inside(value: Any, path: list[str]) -> tuple[Any] | None:
    for part in path:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return (value,)


def patches_of(file: str, read: ReadFile, decode: Callable[[str], list[Any]]) -> Iterator[Patch]:
    """The patches that a kustomization file lists, in order."""
    documents = read(file)
    body = documents[0] if documents and isinstance(documents[0], dict) else {}
    for field in ("patchesStrategicMerge", "patches", "patchesJson6902"):
        for number, entry in enumerate(body.get(field) or ()):
            yield from _entry(file, (field, number), entry, read, decode)


def flux_patches(spec: dict[str, Any], file: str, decode: Callable[[str], list[Any]]) -> Iterator[Patch]:
    """`spec.patches` of a Flux Kustomization that stands in `file`."""
    for number, entry in enumerate(spec.get("patches") or ()):
        if isinstance(entry, dict) and isinstance(entry.get("patch"), str):
            for content in decode(entry["patch"]):
                path = ("spec", "patches", number, "patch")
                target = entry.get("target") if isinstance(entry.get("target"), dict) else None
                yield Patch(file=file, document=-1, path=path, content=content, inline=True, target=target)


def _entry(
    file: str, where: tuple[str | int, ...], entry: Any, read: ReadFile, decode: Callable[[str], list[Any]]
) -> Iterator[Patch]:
    target = entry["target"] if isinstance(entry, dict) and isinstance(entry.get("target"), dict) else None
    named = (
        entry
        if isinstance(entry, str) and "\n" not in entry
        else entry.get("path")
        if isinstance(entry, dict)
        else None
    )
    if isinstance(named, str):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file), named))
        for document, content in enumerate(read(path)):
            yield Patch(file=path, document=document, path=(), content=content, inline=False, target=target)
        return
    text = entry if isinstance(entry, str) else entry.get("patch") if isinstance(entry, dict) else None
    for content in decode(text) if isinstance(text, str) else ():
        yield Patch(file=file, document=0, path=where, content=content, inline=True, target=target)


_TRANSFORMERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("namespace", ("metadata", "namespace")),
    ("namePrefix", ("metadata", "name")),
    ("nameSuffix", ("metadata", "name")),
    ("commonLabels", ("labels",)),
    ("labels", ("labels",)),
    ("commonAnnotations", ("annotations",)),
    ("images", ("image",)),
    ("replicas", ("spec", "replicas")),
)


def transformer_of(file: str, address: Address, read: ReadFile) -> str:
    """The field of a kustomization file whose transformer sets this field; empty if none does."""
    documents = read(file)
    body = documents[0] if documents and isinstance(documents[0], dict) else {}
    for field, where in _TRANSFORMERS:
        if body.get(field) and _touches(where, address):
            return field
    return ""


def _touches(where: tuple[str, ...], address: Address) -> bool:
    if where in (("labels",), ("annotations",)):
        return where[0] in address or "matchLabels" in address or "selector" in address
    return address == where if len(where) > 1 else address[-1:] == where
