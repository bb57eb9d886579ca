"""A variable that the Kustomization does not define.

From Flux 2.9 on it fails the whole Kustomization; before, it silently became an empty text. Often it is not Flux's
variable at all but one of a shell script in a ConfigMap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from elysium.check import substitution
from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.check.findings import about_unit, softened
from elysium.check.locate import of_unit
from elysium.check.rule import Rule
from elysium.check.spelling import nearest
from elysium.model import Finding, Position, Severity, Unit, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="undefined-variable",
    severity=Severity.ERROR,
    summary="a variable that the Kustomization does not define",
    profiles=("default", "pre-commit", "strict"),
    explains=("substitute",),
)

_SCRIPTS = ("ConfigMap", "Secret", "Job", "CronJob")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each variable of each unit, at its first use."""
    for unit in context.render.units:
        failed = unit.state is UnitState.FAILED
        names = unit.failure.variables if failed and unit.failure else unit.undefined_variables
        if not names or unit.state is UnitState.UNKNOWN:
            continue
        defined = substitution.variables(context, unit)
        found = list(_uses(context, unit, set(names)))
        for name in names:
            places = [use for use in found if use.name == name]
            at = Position(file=places[0].file, line=places[0].line) if places else of_unit(unit)
            more = f" (used in {len(places)} places)" if len(places) > 1 else ""
            outcome = "is not defined" if failed else "is not defined and becomes empty"
            hint = _hint(name, places, defined)
            finding = about_unit(RULE, context, unit, at, f"variable {name} {outcome}{more}", hint=hint)
            yield finding if failed else softened(finding)


def _uses(context: Context, unit: Unit, names: set[str]) -> Iterator[substitution.Use]:
    files = sorted(reachable(context, unit))
    if unit.failure and unit.failure.file in files:
        files.remove(unit.failure.file)
        files.insert(0, unit.failure.file)
    for file in files:
        yield from (use for use in substitution.uses(context, file) if use.name in names)


def _hint(name: str, places: list[substitution.Use], defined: Iterable[str]) -> str:
    near = nearest(name, defined)
    if near:
        return f"did you mean {near}?"
    escape = (
        f"write $${{{name}}} if a shell shall see it, or annotate the object with "
        "kustomize.toolkit.fluxcd.io/substitute: disabled"
    )
    define = "define it in spec.postBuild, or give a default: ${" + name + ":=value}"
    document = places[0].document if places else None
    script = document is not None and document.kind in _SCRIPTS
    return f"{escape}; otherwise {define}" if script else f"{define}; {escape}"
