"""A refusal read: why, which field, what to do about it, and whether it counts at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from elysium.cluster.protocol import Entry
from elysium.model import ObjectId, UnitId
from elysium.rehearse.judging.causes import cause_of, field_of, is_immutability
from elysium.rehearse.judging.hints import hint_for
from elysium.sealing import is_opaque

__all__ = ["Refusal", "judge"]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why an object was refused.

    `cause` is one of the words of `Verdict.cause`, `field` the dotted path that the server names, `hint` what to do.
    `unknown` says why this is no refusal: a value that only the cluster holds takes part in it.
    """

    cause: str
    field: str = ""
    hint: str = ""
    unknown: str = ""


_VALUE_FREE = {
    "kind-missing", "namespace-missing", "unknown-field", "ownership", "quota", "limit-range", "pod-security",
    "forbidden",
}  # fmt: skip
"""What the server refuses whatever text a field has, unless the message itself quotes that text."""

_NETWORK = re.compile(
    r"range of valid IPs|does not match the current range|not configured (?:on this cluster|for dual-stack)"
)
"""Addresses and families of Services, which `--service-cluster-ip-range` of each cluster decides."""


def judge(
    entry: Entry, *, opaque: bool, makers: Mapping[ObjectId, UnitId] | None = None, unit: UnitId | None = None
) -> Refusal:
    """What a rejected entry means.

    `opaque`: the object holds a value that only the cluster knows, in the field that the causes name (see
    `uncertain.takes_part`). `makers` are the objects that units of this phase make, so that the hint can name the unit
    that has the missing namespace or definition; `unit` is the refused object's own.
    """
    cause, field = cause_of(entry), field_of(entry)
    hint = hint_for(entry, cause, field, makers or {}, unit)
    return Refusal(cause=cause, field=field, hint=hint, unknown=_unknown(entry, cause, field, opaque))


def _unknown(entry: Entry, cause: str, field: str, opaque: bool) -> str:
    # What must not change is quoted whole, so only a comparison with the base says whether the token matters.
    quoted = is_opaque(entry.message) or any(is_opaque(item.message) for item in entry.causes)
    if quoted and not is_immutability(entry):
        return "the message is about a value that only the cluster holds, so the real one may be accepted"
    if "failed calling webhook" in entry.message or "conversion webhook for" in entry.message:
        return "a webhook of a controller that does not run here was asked"
    if _NETWORK.search(entry.message):
        return "the address ranges of the real cluster are not known, and this server has others"
    if opaque and cause not in _VALUE_FREE and not _lacks_something(entry):
        place = field or "the object"
        return f"{place} holds a value that only the cluster knows, so the real one may be accepted"
    return ""


def _lacks_something(entry: Entry) -> bool:
    """Whether what is wrong is that a value is absent or there twice, which no other value mends."""
    told = [item for item in entry.causes if item.field not in ("", "<nil>", "[]")]
    return "duplicate entries for key" in entry.message or (
        bool(told) and all(item.reason == "FieldValueRequired" for item in told)
    )
