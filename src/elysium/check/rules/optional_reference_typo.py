"""An optional reference that leads nowhere and looks like a slip of the pen.

`optional: true` hides a misspelled name or key: nothing fails, the values are just not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.flux import references
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="optional-reference-typo",
    severity=Severity.WARNING,
    summary="an optional reference misses an object or key with a similar name",
    topic=Topic.REFERENCES,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each optional reference whose name or key is nearly that of something that exists."""
    for reference in references.references(context):
        found = _typo(context, reference) if reference.optional else None
        if found is not None:
            field, message, hint = found
            at = in_object(context, reference.holder, (*reference.path, field))
            yield about_unit(RULE, context, reference.unit, at, message, hint=hint)


def _typo(context: Context, reference: references.Reference) -> tuple[str, str, str] | None:
    target = references.find(context, reference)
    if target is None:
        near = nearest(reference.name, references.names(context, reference))
        cluster = reference.unit.id.cluster
        if not near or makers.unfinished_makers(context, cluster, reference.kind, reference.name):
            return None
        return "name", f"the optional {reference} does not exist, but {near} does", f"did you mean {near}?"
    if not reference.key or not target.keys or target.open_ended or reference.key in target.keys:
        return None  # an empty one is there for values to come
    near = nearest(reference.key, target.keys)
    if not near:
        return None  # a base offers keys that only some clusters give (`values-extra.yaml`)
    return "valuesKey", f"{reference} exists without the optional key {reference.key}", f"did you mean {near}?"
