"""A ConfigMap or Secret that is read and that nothing makes.

`substituteFrom` and `valuesFrom` without `optional: true` stop the reconciliation until the object is there. Of
a Secret that scripts or files for the first installation speak of, the settings must say so: without its values nothing
below can be rendered.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.check.absence import makers
from elysium.check.absence.by_hand import made_by_hand
from elysium.check.absence.misspelling import misspelt
from elysium.check.context import Context
from elysium.check.findings import about_unit, softened
from elysium.check.flux import references
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dangling-reference",
    severity=Severity.ERROR,
    summary="substituteFrom or valuesFrom names an object that nothing makes",
    topic=Topic.REFERENCES,
    profiles=("default", "gitops"),
    explains=("reference",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference without `optional` that leads nowhere."""
    for reference in references.references(context):
        if reference.optional or references.find(context, reference) is not None:
            continue
        slip = _is_slip(context, reference)
        if not slip and makers.may_be_made(
            context, reference.unit, reference.kind, reference.namespace, reference.name
        ):
            continue
        refused = reference.unit.state is UnitState.FAILED
        told = reference.kind == "Secret" and not slip and made_by_hand(context, reference.name)
        by_hand = (reference.kind == "Secret" or slip) and not refused
        finding = about_unit(
            RULE,
            context,
            reference.unit,
            in_object(context, reference.holder, (*reference.path, "name")),
            f"{reference.field} names {reference}, which nothing in the repository makes",
            hint=_hint(context, reference),
        )
        if told:
            hint = f'it seems to be made by hand: say external = ["{reference}"] in elysium.toml'
            finding = msgspec.structs.replace(finding, hint=hint)
        yield softened(finding) if by_hand else finding


def _is_slip(context: Context, reference: references.Reference) -> bool:
    near = nearest(reference.name, references.names(context, reference))
    where = (reference.kind, reference.namespace, reference.name)
    return bool(near) and misspelt(context, reference.holder, *where, near)


def _hint(context: Context, reference: references.Reference) -> str:
    near = nearest(reference.name, references.names(context, reference))
    if near:
        return f"did you mean {near}?"
    files = makers.declaring_files(context, reference.kind, reference.name)
    if files:
        return f"it stands in {files[0]}, but not for this namespace, or no Kustomization includes that file"
    return f'add it, or list it in elysium.toml if it is made elsewhere: external = ["{reference}"]'
