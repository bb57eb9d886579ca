"""A variable that the Kustomization does not define.

From Flux 2.9 on it fails the whole Kustomization; before, it silently became an empty text. Often it is not Flux's
variable at all but one of a shell script in a ConfigMap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from elysium.check.closure import KUSTOMIZATION_FILES, reachable
from elysium.check.context import Context
from elysium.check.findings import about_unit, softened
from elysium.check.flux import references, substitution
from elysium.check.locate import of_unit
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Position, Severity, Unit, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="undefined-variable",
    severity=Severity.ERROR,
    summary="a variable that the Kustomization does not define",
    topic=Topic.SUBSTITUTION,
    profiles=("default", "pre-commit", "gitops"),
    explains=("substitute",),
)

_NAMED = re.compile(r'variable not set \(strict mode\): "([^"]+)"')
_SCRIPTS = ("ConfigMap", "Secret", "Job", "CronJob")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each variable of each unit, at its first use."""
    for unit in context.render.units:
        failed = unit.state is UnitState.FAILED
        names = _refused(unit) if failed else unit.undefined_variables
        if not names or unit.state is UnitState.UNKNOWN:
            continue
        defined = substitution.variables(context, unit)
        uses = _uses(context, unit)
        if failed and not _open_ended(context, unit):
            names = (*names, *_further(uses, {*names, *defined}))
        for name in names:
            places = [use for use in uses if use.name == name]
            at = Position(file=places[0].file, line=places[0].line) if places else of_unit(unit)
            more = f" (used in {len(places)} places)" if len(places) > 1 else ""
            outcome = "is not defined" if failed else "is not defined and becomes empty"
            hint = _hint(name, places, defined)
            finding = about_unit(RULE, context, unit, at, f"variable {name} {outcome}{more}", hint=hint)
            yield finding if failed else softened(finding)


def _refused(unit: Unit) -> tuple[str, ...]:
    """The variables that Flux names when it refuses; it stops at the first object that has one."""
    if unit.failure is None or unit.failure.code != "substitute":
        return ()
    return unit.failure.variables or tuple(_NAMED.findall(unit.failure.message))


def _further(uses: list[substitution.Use], known: set[str]) -> list[str]:
    """Variables that Flux would refuse next."""
    return list(dict.fromkeys(use.name for use in uses if use.plain and use.document and use.name not in known))


def _open_ended(context: Context, unit: Unit) -> bool:
    targets = [references.find(context, reference) for reference in references.of_unit(context, unit)]
    return any(target is None or target.open_ended for target in targets)


def _uses(context: Context, unit: Unit) -> list[substitution.Use]:
    """Every use in the files of a unit; kustomization files themselves are never substituted."""
    files = [file for file in sorted(reachable(context, unit)) if not file.endswith(KUSTOMIZATION_FILES)]
    if unit.failure and unit.failure.file in files:
        files.remove(unit.failure.file)
        files.insert(0, unit.failure.file)
    return [use for file in files for use in substitution.uses(context, file)]


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
