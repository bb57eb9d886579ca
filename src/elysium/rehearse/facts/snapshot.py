"""A snapshot of a real cluster: a file with what a rehearsal has to know of it, and without what nobody may read.

It holds names and shapes: no value of a Secret or ConfigMap, no annotation but those that say what a class or a
definition is. It is taken once with `elysium rehearse --snapshot`, and may be committed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import SettingsError

__all__ = ["FILE_NAME", "Keyed", "Named", "SeenNamespace", "SeenNode", "Snapshot", "read_snapshot", "write_snapshot"]

FILE_NAME = "rehearsal-snapshot.json"
"""What a snapshot is called where nobody names it."""

_VERSION = 1
_LARGEST = 64 << 20
_HINT = "take it again with `elysium rehearse --snapshot`"


class SeenNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A node: what it has to give, its labels, and its taints as kubectl writes them."""

    name: str
    allocatable: dict[str, str] = {}
    labels: dict[str, str] = {}
    taints: tuple[str, ...] = ()


class SeenNamespace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A namespace with its labels, among them those of PodSecurity."""

    name: str
    labels: dict[str, str] = {}


class Keyed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Secret or ConfigMap that is not in Git: its name and its keys, nothing of what they hold."""

    kind: str
    namespace: str
    name: str
    keys: tuple[str, ...] = ()


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ServiceAccount or PersistentVolumeClaim that is not in Git."""

    kind: str
    namespace: str
    name: str


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a cluster was like.

    `classes` are its StorageClasses, IngressClasses, PriorityClasses and RuntimeClasses, `definitions` all of its
    CustomResourceDefinitions without descriptions. `limits` are ResourceQuotas and LimitRanges, `policies` admission
    policies with their bindings, `webhooks` the names of webhook configurations: each of these only where Flux does not
    manage it. `service_ranges` are those that Services get addresses from. `unread` names what could not be read, so
    that nothing is known of it.
    """

    version: int = _VERSION
    kubernetes: str = ""
    nodes: tuple[SeenNode, ...] = ()
    classes: tuple[dict[str, Any], ...] = ()
    namespaces: tuple[SeenNamespace, ...] = ()
    keyed: tuple[Keyed, ...] = ()
    named: tuple[Named, ...] = ()
    limits: tuple[dict[str, Any], ...] = ()
    policies: tuple[dict[str, Any], ...] = ()
    webhooks: tuple[str, ...] = ()
    service_ranges: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    definitions: tuple[dict[str, Any], ...] = ()


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot in a file. Raises SettingsError for one that is not there or that another version has written."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise SettingsError("larger than 64 MiB", subject=str(path), hint=_HINT)
        found = msgspec.json.decode(content, type=Snapshot)
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(path), hint=_HINT) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise SettingsError(f"no snapshot: {error}", subject=str(path), hint=_HINT) from error
    if found.version != _VERSION:
        raise SettingsError(f"a snapshot of version {found.version}, not {_VERSION}", subject=str(path), hint=_HINT)
    if not all(_is_object(body) for body in (*found.classes, *found.limits, *found.policies, *found.definitions)):
        raise SettingsError("no snapshot: it holds what is no object", subject=str(path), hint=_HINT)
    return found


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write the file at once: another reader sees the old one or the new one. Raises SettingsError where it cannot."""
    text = msgspec.json.format(msgspec.json.encode(snapshot, order="sorted"), indent=1) + b"\n"
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise SettingsError(f"cannot be written: {error.strerror}", subject=str(path)) from error


def _is_object(body: dict[str, Any]) -> bool:
    metadata = body.get("metadata")
    named = isinstance(metadata, dict) and isinstance(metadata.get("name"), str)
    return named and isinstance(body.get("kind"), str) and isinstance(body.get("apiVersion"), str)
