"""A dependency that does not exist.

`dependsOn` without its target blocks the Kustomization or HelmRelease for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.locate import in_object, of_unit
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Position, Severity, Unit, UnitId

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dangling-dependency",
    severity=Severity.ERROR,
    summary="dependsOn names a unit that does not exist",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
    explains=("dependency", "reference"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each dependency that no unit of the cluster is."""
    for unit in context.render.units:
        for number, target in enumerate(unit.depends_on):
            if target in context.units or makers.unfinished_makers(
                context, unit.id.cluster, target.kind.value, target.name
            ):
                continue
            message = f"dependsOn names {target}, which does not exist"
            yield about_unit(
                RULE, context, unit, _position(context, unit, number), message, hint=_hint(context, target)
            )


def _position(context: Context, unit: Unit, number: int) -> Position:
    holder = context.objects[unit.id.cluster].definition(unit.id)
    return in_object(context, holder, ("spec", "dependsOn", number, "name")) if holder else of_unit(unit)


def _hint(context: Context, target: UnitId) -> str:
    known = [unit.id for unit in context.units_of(target.cluster) if unit.id.kind is target.kind]
    elsewhere = [unit for unit in known if unit.name == target.name]
    if elsewhere:
        return f"it is in namespace {elsewhere[0].namespace}: add that namespace to the dependency"
    near = nearest(target.name, (unit.name for unit in known if unit.namespace == target.namespace))
    if near:
        return f"did you mean {near}?"
    files = makers.declaring_files(context, target.kind.value, target.name)
    return f"it stands in {files[0]}, which nothing includes" if files else "remove it, or add what it names"
