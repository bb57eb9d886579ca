"""Findings about units and objects, with everything that follows from them filled in."""

from __future__ import annotations

import msgspec

from elysium.check.context import Context
from elysium.check.locate import reference
from elysium.check.rule import Rule
from elysium.evaluate.index import GROUPS
from elysium.model import Finding, ObjectReference, Position, RenderedObject, Severity, Unit

__all__ = ["about_object", "about_unit", "softened", "unit_reference"]


def about_object(
    rule: Rule, item: RenderedObject, at: Position, message: str, *, hint: str = "", severity: Severity | None = None
) -> Finding:
    """A finding about an object of a unit."""
    return Finding(
        rule=rule.id,
        severity=severity or rule.severity,
        message=message,
        hint=hint,
        object=reference(item),
        unit=item.origin.unit,
        cluster=item.origin.unit.cluster,
        file=at.file,
        line=at.line,
        chart=item.origin.chart,
    )


def about_unit(rule: Rule, context: Context, unit: Unit, at: Position, message: str, *, hint: str = "") -> Finding:
    """A finding about a unit; units that could not go on because of it are counted."""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=message,
        hint=hint,
        object=unit_reference(context, unit),
        unit=unit.id,
        cluster=unit.id.cluster,
        file=at.file,
        line=at.line,
        folded=context.cascades.get(unit.id, 0),
    )


def softened(finding: Finding) -> Finding:
    """The same finding as a warning."""
    return msgspec.structs.replace(finding, severity=Severity.WARNING)


def unit_reference(context: Context, unit: Unit) -> ObjectReference:
    """The Flux object that defines a unit."""
    index = context.objects.get(unit.id.cluster)
    definition = index.definition(unit.id) if index else None
    if definition is not None:
        return reference(definition)
    version = f"{GROUPS[unit.id.kind]}/v1"
    return ObjectReference(api_version=version, kind=unit.id.kind.value, namespace=unit.id.namespace, name=unit.id.name)
