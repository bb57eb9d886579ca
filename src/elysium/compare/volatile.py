"""Differences that say less than they seem to: generated names with another hash, and other ciphertext."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from elysium.compare.fields import FieldChange, differences
from elysium.compare.types import Change, Difference
from elysium.model import ObjectId, RenderedObject

__all__ = ["generated_stem", "is_resealed", "with_renames"]

_HASHED = re.compile(r"(?P<stem>.+)-[bcdfghkmt2456789]{10}")
"""A name with the suffix that Kustomize's generators give: ten letters of an alphabet that spells no word."""

_CIPHERTEXTS = {("bitnami.com", "SealedSecret"): "spec.encryptedData"}


def is_resealed(identity: ObjectId, fields: Iterable[FieldChange]) -> bool:
    """Whether nothing but ciphertext differs, key by key: sealing the same value twice never gives the same."""
    place = _CIPHERTEXTS.get((identity.group, identity.kind))
    if place is None:
        return False
    return all(item.path.startswith((f"{place}.", f"{place}[")) and item.before and item.after for item in fields)


def with_renames(found: Iterable[Difference]) -> list[Difference]:
    """The same with each pair of a generated object that goes and one that comes, of the same stem, as a rename."""
    pairs: dict[tuple[str, str, str, str], list[Difference]] = {}
    rest: list[Difference] = []
    for item in found:
        stem = _stem(item)
        if stem:
            identity = item.object
            pairs.setdefault((item.cluster, identity.kind, identity.namespace, stem), []).append(item)
        else:
            rest.append(item)
    for group in pairs.values():
        rest += _renamed(group)
    return rest


def generated_stem(item: RenderedObject | None) -> str:
    """The name without the hash that a generator added to it; empty for any other object."""
    hashed = _HASHED.fullmatch(item.name) if item is not None and item.origin.generator else None
    return hashed["stem"] if hashed else ""


def _stem(item: Difference) -> str:
    return generated_stem(item.item) if item.change in (Change.ADDED, Change.REMOVED) else ""


def _renamed(group: list[Difference]) -> list[Difference]:
    """One difference for two that are each the only one of their direction."""
    gone = [item for item in group if item.change is Change.REMOVED]
    come = [item for item in group if item.change is Change.ADDED]
    if len(gone) != 1 or len(come) != 1:
        return group
    [old], [new] = gone, come
    return [
        msgspec.structs.replace(
            new,
            change=Change.RENAMED,
            was=old.object,
            before=old.before,
            fields=_fields(old.before.item, new.after.item),
        )
    ]


def _fields(before: RenderedObject | None, after: RenderedObject | None) -> tuple[FieldChange, ...]:
    if before is None or after is None:
        return ()
    return tuple(item for item in differences(before.body(), after.body()) if item.path != "metadata.name")
