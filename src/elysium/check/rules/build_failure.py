"""A unit that Flux would refuse to build.

One finding for each root cause. Units that only wait for a failed one are counted with it, not listed. Where another
rule names the cause more exactly (an undefined variable, a broken file), that rule's finding stands alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.closure import KUSTOMIZATION_FILES, reachable
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

_ABSENT = re.compile(r"(?:open|lstat|stat) (\S+): (?:file does not exist|no such file or directory)")
_WORD = re.compile(r"[^\s\"',\[\]]+")
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
    """The file that the failure names if it is one of the repository; where it is not there, who names it."""
    if unit.id.kind is not UnitKind.KUSTOMIZATION and failure.file not in context.files:
        return of_unit(unit)
    absent = _ABSENT.search(failure.message)
    if absent and absent[1] not in context.files:
        return _naming(context, unit, absent[1]) or of_unit(unit)
    return Position(file=failure.file, line=failure.line) if failure.file else of_unit(unit)


def _naming(context: Context, unit: Unit, path: str) -> Position | None:
    """The line of a kustomization file of the unit that names a file."""
    for file in sorted(reachable(context, unit)):
        if file.endswith(KUSTOMIZATION_FILES):
            wanted = posixpath.relpath(path, posixpath.dirname(file) or ".")
            for number, line in enumerate(context.text(file).splitlines(), 1):
                if wanted in {posixpath.normpath(word) for word in _WORD.findall(line.partition("#")[0])}:
                    return Position(file=file, line=number)
    return None


def _message(unit: Unit, failure: Failure, at: Position) -> str:
    absent = _ABSENT.search(failure.message)
    if absent and at.file.endswith(KUSTOMIZATION_FILES):
        return f"{unit.id} cannot be built: {absent[1]} does not exist"
    message = f"{unit.id} cannot be built: {failure.message}"
    if failure.file and failure.file != at.file and failure.file not in message:
        place = f"{failure.file}:{failure.line}" if failure.line else failure.file
        message += f" ({place})"
    return message
