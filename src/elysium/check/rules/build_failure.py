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
from elysium.check.flux import substitution
from elysium.check.locate import of_unit
from elysium.check.rule import Rule, Topic
from elysium.model import Failure, Finding, Position, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="build-failure",
    severity=Severity.ERROR,
    summary="a unit that Flux would refuse to build",
    topic=Topic.BUILD,
    profiles=("default", "pre-commit", "gitops"),
)

_ABSENT = re.compile(r"(?:open|lstat|stat) (\S+): (?:file does not exist|no such file or directory)")
_RECURSED = re.compile(r"recursed accumulation of path '([^']+)'")
_ENTRY = re.compile(r"accumulating resources from '([^']+)'")
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
        yield about_unit(RULE, context, unit, at, _message(context, unit, failure, at), hint=hint)


def _position(context: Context, unit: Unit, failure: Failure) -> Position:
    """The file that the failure names if it is one of the repository; where it is not there, who names it."""
    if unit.id.kind is not UnitKind.KUSTOMIZATION and failure.file not in context.files:
        return of_unit(unit)
    if failure.code == "substitute" and (number := substitution.malformed(context.text(failure.file))):
        return Position(file=failure.file, line=number)
    absent = _absent(context, failure)
    if absent:
        return _naming(context, unit, absent) or of_unit(unit)
    return _entry(context, failure) or (
        Position(file=failure.file, line=failure.line) if failure.file else of_unit(unit)
    )


def _entry(context: Context, failure: Failure) -> Position | None:
    """The line of the innermost kustomization file whose entry Kustomize could not read."""
    directories, entries = _RECURSED.findall(failure.message), _ENTRY.findall(failure.message)
    if not directories or not entries:
        return None
    for name in KUSTOMIZATION_FILES:
        file = posixpath.join(directories[-1], name)
        for number, line in enumerate(context.text(file).splitlines() if file in context.files else (), 1):
            if entries[-1] in _WORD.findall(line):
                return Position(file=file, line=number)
    return None


def _absent(context: Context, failure: Failure) -> str:
    """The file that is not there. Kustomize also says so of directories that it looked for as files, and goes on."""
    for path in _ABSENT.findall(failure.message):
        prefix = path.rstrip("/") + "/"
        if path not in context.files and not any(known.startswith(prefix) for known in context.files):
            return str(path)
    return ""


def _naming(context: Context, unit: Unit, path: str) -> Position | None:
    """The line of a kustomization file of the unit that names a file."""
    for file in sorted(reachable(context, unit)):
        if file.endswith(KUSTOMIZATION_FILES):
            wanted = posixpath.relpath(path, posixpath.dirname(file) or ".")
            for number, line in enumerate(context.text(file).splitlines(), 1):
                if wanted in {posixpath.normpath(word) for word in _WORD.findall(line.partition("#")[0])}:
                    return Position(file=file, line=number)
    return None


def _message(context: Context, unit: Unit, failure: Failure, at: Position) -> str:
    absent = _absent(context, failure)
    if absent and at.file.endswith(KUSTOMIZATION_FILES):
        return f"{unit.id} cannot be built: {absent} does not exist"
    innermost = failure.message.rpartition("recursed accumulation of path ")[2]
    message = f"{unit.id} cannot be built: {innermost}"
    if failure.file and failure.file != at.file and failure.file not in message:
        place = f"{failure.file}:{failure.line}" if failure.line else failure.file
        message += f" ({place})"
    return message
