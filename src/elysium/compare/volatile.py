"""Differences that say less than they seem to: another hash in a name, other ciphertext, hidden values, a revision."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from elysium.compare.fields import FieldChange, differences
from elysium.compare.types import Change, Difference
from elysium.model import ObjectId, RenderedObject
from elysium.sealing import TOKEN, is_opaque

__all__ = ["generated_stem", "is_hidden", "is_resealed", "with_renames", "without_revisions"]

_HASHED = re.compile(r"(?P<stem>.+)-[bcdfghkmt2456789]{10}")
"""A name with the suffix that Kustomize's generators give: ten letters of an alphabet that spells no word."""

_CIPHERTEXTS = {("bitnami.com", "SealedSecret"): "spec.encryptedData"}


_REVISION = re.compile(r"[+_][0-9a-f]{7,40}\"?\Z")
"""What source-controller adds to the version of a chart from Git that is packaged anew with every commit."""

_CHART_LABEL = '["helm.sh/chart"]'
_CHECKSUM = '.annotations["checksum/'


def without_revisions(found: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """The fields without labels that only name another revision of the same chart, which every commit does.

    Checksums of what bears such labels differ for the same reason, where nothing else does.
    """
    fields = tuple(found)
    kept = tuple(item for item in fields if not _is_revision(item))
    if len(kept) < len(fields) and all(_CHECKSUM in item.path for item in kept):
        return ()
    return kept


def _is_revision(field: FieldChange) -> bool:
    if not field.path.endswith(_CHART_LABEL):
        return False
    one, other = (_REVISION.sub("", text) for text in (field.before, field.after))
    return one == other and field.before != one and field.after != other


def is_hidden(field: FieldChange) -> bool:
    """Whether one side only hides what the other shows: a Secret that one render knows is taken out of all its texts.

    So a Secret that comes along would otherwise seem to change whatever else has the same text.
    """
    hidden, shown = field.before, field.after
    if is_opaque(shown):
        hidden, shown = shown, hidden
    if not shown or is_opaque(shown) or not is_opaque(hidden):
        return False
    masked, plain = msgspec.json.decode(hidden), msgspec.json.decode(shown)
    if not isinstance(masked, str) or isinstance(plain, dict | list):
        return False
    return _fits(TOKEN.split(masked), plain if isinstance(plain, str) else shown)


def _fits(parts: list[str], text: str) -> bool:
    """Whether a text is these parts in their order, with anything between them."""
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


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
    found = differences(before.body(), after.body())
    return tuple(item for item in found if item.path != "metadata.name" and not is_hidden(item))
