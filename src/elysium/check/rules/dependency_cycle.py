"""Units that depend on each other in a circle.

None of them is ever applied.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.locate import in_object, of_unit
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Position, Severity, Unit
from elysium.resolve import cycles

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dependency-cycle",
    severity=Severity.ERROR,
    summary="units that depend on each other in a circle",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
    explains=("dependency",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each circle, at the first unit's dependency on the next."""
    for cluster in context.render.clusters:
        units = {str(unit.id): unit for unit in context.units_of(cluster)}
        edges = {name: [str(target) for target in unit.depends_on] for name, unit in units.items()}
        for cycle in cycles(edges):
            following = cycle[1] if len(cycle) > 1 else cycle[0]
            unit = units[cycle[0]]
            at = _position(context, unit, [str(target) for target in unit.depends_on].index(following))
            message = "these wait for each other: " + " → ".join((*cycle, cycle[0]))
            yield about_unit(RULE, context, unit, at, message, hint="take one of the dependencies away")


def _position(context: Context, unit: Unit, number: int) -> Position:
    holder = context.objects[unit.id.cluster].definition(unit.id)
    return in_object(context, holder, ("spec", "dependsOn", number, "name")) if holder else of_unit(unit)
