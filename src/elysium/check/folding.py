"""One finding for one cause: what follows from it is counted, not listed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

import msgspec

from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.model import Finding, Severity, Unit

__all__ = ["absorb", "fold", "supersede"]

_FAILURE = "build-failure"
_OF_FILES = ("yaml-syntax", "duplicate-key")


def absorb(context: Context, findings: Iterable[Finding], explains: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """Leave out the failures of units whose cause another finding names; that finding counts what they stopped."""
    result = list(findings)
    for failure in [finding for finding in result if finding.rule == _FAILURE]:
        position = _explanation(context, failure, result, explains)
        if position is None:
            continue
        cause = result[position]
        more = failure.folded + (cause.unit != failure.unit)
        result[position] = msgspec.structs.replace(cause, folded=cause.folded + more)
        result.remove(failure)
    return result


def supersede(findings: Iterable[Finding], supersedes: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """Leave out findings on whose line another rule says more about the same object.

    All objects of a chart may stand on one line, that of the release; a finding without an object is about all of them.
    """
    result = list(findings)
    better: dict[tuple[str, str, int], set[str]] = {}
    for item in result:
        for rule in supersedes.get(item.rule, ()) if item.file else ():
            better.setdefault((rule, item.file, item.line), set()).add(_name(item))

    def kept(item: Finding) -> bool:
        names = better.get((item.rule, item.file, item.line))
        return names is None or not ({_name(item), ""} & names or not _name(item))

    return [item for item in result if kept(item)]


def _name(item: Finding) -> str:
    return f"{item.object.kind}/{item.object.name}" if item.object else ""


def fold(findings: Iterable[Finding]) -> list[Finding]:
    """Make one of findings that say the same about the same place, as when several clusters share a base.

    What a chart leaves to be desired is one finding for a release, however many of its objects are concerned.
    """
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        place: object = (finding.file, finding.line) if finding.file else (finding.cluster, str(finding.object))
        of_chart = finding.chart and finding.severity is not Severity.ERROR
        key = (finding.rule, finding.severity, "" if of_chart else finding.message, place)
        first = found.get(key)
        if first is None:
            found[key] = finding
        else:
            found[key] = msgspec.structs.replace(first, folded=first.folded + 1 + finding.folded)
    return list(found.values())


def _breaks(context: Context, file: str, failure: Finding, unit: Unit | None) -> bool:
    """Whether a broken file is why a unit failed: the failure is in it, or names it among the files of the unit."""
    if file == failure.file:
        return True
    return unit is not None and posixpath.basename(file) in failure.message and file in reachable(context, unit)


def _explanation(
    context: Context, failure: Finding, findings: list[Finding], explains: Mapping[str, tuple[str, ...]]
) -> int | None:
    unit = context.units.get(failure.unit) if failure.unit else None
    code = unit.failure.code if unit and unit.failure else ""
    for position, finding in enumerate(findings):
        if finding.rule in _OF_FILES and _breaks(context, finding.file, failure, unit):
            return position
        if finding.unit == failure.unit and code in explains.get(finding.rule, ()):
            return position
        if _is_of_definition(finding, failure) and code in explains.get(finding.rule, ()):
            return position
    return None


def _is_of_definition(finding: Finding, failure: Finding) -> bool:
    """Whether an error is about the very object that defines a failed unit."""
    same = finding.object is not None and finding.object == failure.object
    return same and finding.severity is Severity.ERROR and finding.cluster in ("", failure.cluster)
