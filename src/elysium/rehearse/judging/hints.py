"""What to do about a refusal, by its cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from elysium.cluster.protocol import Entry
from elysium.model import ObjectId, UnitId
from elysium.rehearse.judging.absence_hints import kind_hint, namespace_hint
from elysium.rehearse.judging.immutability_hints import immutability_hint
from elysium.rehearse.judging.limit_hints import limit_range_hint, pod_security_hint, quota_hint
from elysium.rehearse.judging.policy_hints import conflict_hint, ownership_hint, policy_hint
from elysium.rehearse.judging.right_hints import right_hint
from elysium.rehearse.judging.shape_hints import rule_hint, shape_hint, unknown_field_hint
from elysium.rehearse.judging.value_hints import value_hint

__all__ = ["hint_for"]

_HINTS: Mapping[str, Callable[[Entry, str], str]] = {
    "immutable": immutability_hint,
    "unknown-field": unknown_field_hint,
    "schema": shape_hint,
    "cel": rule_hint,
    "policy": policy_hint,
    "pod-security": pod_security_hint,
    "quota": quota_hint,
    "limit-range": limit_range_hint,
    "forbidden": right_hint,
    "ownership": ownership_hint,
    "conflict": conflict_hint,
    "invalid": value_hint,
}


def hint_for(entry: Entry, cause: str, field: str, makers: Mapping[ObjectId, UnitId], unit: UnitId | None) -> str:
    """One sentence or two: which field, setting or file to change, and what it costs. Empty where nothing is known."""
    if cause == "namespace-missing":
        return namespace_hint(entry, makers, unit)
    if cause == "kind-missing":
        return kind_hint(entry, makers, unit)
    hint = _HINTS.get(cause)
    return hint(entry, field) if hint else ""
