"""A key that a ConfigMap or Secret does not have.

`valuesFrom` reads one key of the object, `values.yaml` unless `valuesKey` says otherwise. Without it the release waits.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.flux import references
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-reference-key",
    severity=Severity.ERROR,
    summary="valuesFrom names a key that the object does not have",
    topic=Topic.REFERENCES,
    profiles=("default", "gitops"),
    explains=("reference",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each key without `optional` that is not in the object."""
    for reference in references.references(context):
        target = references.find(context, reference) if reference.key and not reference.optional else None
        if target is None or target.open_ended or reference.key in target.keys:
            continue
        near = nearest(reference.key, target.keys)
        known = ", ".join(sorted(target.keys)) or "none"
        yield about_unit(
            RULE,
            context,
            reference.unit,
            in_object(context, reference.holder, (*reference.path, "valuesKey")),
            f"{reference} has no key {reference.key}",
            hint=f"did you mean {near}?" if near else f"its keys: {known}",
        )
