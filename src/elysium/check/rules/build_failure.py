"""A unit that Flux would refuse to build.

One finding for each root cause. Units that only wait for a failed one are counted with it, not listed. Where another
rule names the cause more exactly (an undefined variable, a broken file), that rule's finding stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.locate import of_unit
from elysium.check.rule import Rule
from elysium.model import Failure, Finding, Position, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="build-failure",
    severity=Severity.ERROR,
    summary="a unit that Flux would refuse to build",
    profiles=("default", "pre-commit", "strict"),
)

_HINTS = {
    "substitute": "write $${…} where a shell shall see it, or annotate the object with "
    "kustomize.toolkit.fluxcd.io/substitute: disabled",
    "decrypt": "add spec.decryption to the Kustomization, or mend the encrypted file",
    "path": "spec.path is relative to the root of the source",
}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each failed unit that is a root cause."""
    for unit in context.render.units:
        failure = unit.failure
        if unit.state is not UnitState.FAILED or failure is None:
            continue
        if failure.cause and failure.cause != unit.id and failure.cause in context.units:
            continue
        at = _position(context, unit, failure)
        hint = failure.hint or _HINTS.get(failure.code, "")
        yield about_unit(RULE, context, unit, at, _message(unit, failure, at), hint=hint)


def _position(context: Context, unit: Unit, failure: Failure) -> Position:
    """The file that the failure names if it is one of the repository; a chart's file is not."""
    if failure.file and (unit.id.kind is UnitKind.KUSTOMIZATION or failure.file in context.files):
        return Position(file=failure.file, line=failure.line)
    return of_unit(unit)


def _message(unit: Unit, failure: Failure, at: Position) -> str:
    message = f"{unit.id} cannot be built: {failure.message}"
    if failure.file and failure.file != at.file and failure.file not in message:
        place = f"{failure.file}:{failure.line}" if failure.line else failure.file
        message += f" ({place})"
    return message
