"""Problems that the schemas of the declared Kubernetes version have with rendered objects, folded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule
from elysium.model import Finding, Problem, RenderedObject, Severity, group_of

__all__ = ["problem_findings"]

_NUMBER = re.compile(r"\[\d+\]|(?<=\.)\d+(?=\.|$)")
_OPERATOR_KINDS = ("FluxInstance", "FluxReport", "ResourceSet", "ResourceSetInputProvider")
_MERGE = b'"kustomize.toolkit.fluxcd.io/ssa":"Merge"'
_STABLE = ("type", "required")
_OTHER_VERSION = "if the cluster runs another version, commit its CRD or name a folder with it in `schemas`"
_PART = re.compile(r"\[(\d+)\]|\[[\"']?([^\]\"']+)[\"']?\]|([^.\[\]]+)")


def problem_findings(
    rule: Rule, context: Context, codes: Collection[str], *, severities: dict[str, Severity]
) -> Iterator[Finding]:
    """One finding for each problem of these codes; the same problem of the same file or chart is counted."""
    found: dict[tuple[str, ...], Finding] = {}
    for unit in context.render.units:
        for item in unit.objects:
            for problem in item.problems:
                if problem.code not in codes or _excused(context, item, problem):
                    continue
                key = _key(item, problem)
                if key in found:
                    found[key] = msgspec.structs.replace(found[key], folded=found[key].folded + 1)
                else:
                    severity = _severity(problem, severities.get(problem.code, rule.severity))
                    found[key] = _finding(rule, context, item, problem, severity)
    yield from found.values()


def _severity(problem: Problem, severity: Severity) -> Severity:
    """Versions of an operator add fields, values and rules, and deprecate; they hardly ever change what a field is."""
    if not problem.by or problem.code in _STABLE:
        return severity
    return Severity.INFO if problem.code == "deprecated-api" else Severity.WARNING


def _excused(context: Context, item: RenderedObject, problem: Problem) -> bool:
    return _encrypted(problem) or _extended(context, item, problem) or _merged(item, problem)


def _merged(item: RenderedObject, problem: Problem) -> bool:
    """Flux adds what it is told to merge to an object that is there: the rest of the fields may be there, too."""
    return problem.code == "required" and _MERGE in item.raw


def _encrypted(problem: Problem) -> bool:
    """SOPS adds a field of its own to what it encrypts; it is gone before the object reaches the cluster."""
    return problem.path == "sops" or problem.path.startswith("sops.")


def _extended(context: Context, item: RenderedObject, problem: Problem) -> bool:
    """The Flux Operator adds its own kinds to those that Alerts and Receivers may name."""
    if problem.code != "enum" or group_of(item.api_version) != "notification.toolkit.fluxcd.io":
        return False
    value: Any = context.objects[item.origin.unit.cluster].body(item)
    for part in _parts(problem.path):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return False
    return value in _OPERATOR_KINDS


def _parts(path: str) -> list[str | int]:
    return [int(number) if number else quoted or name for number, quoted, name in _PART.findall(path)]


def _key(item: RenderedObject, problem: Problem) -> tuple[str, ...]:
    origin = item.origin
    place = f"{origin.tree} {origin.file} {origin.document}" if origin.file else f"{origin.chart} {origin.template}"
    return (place, item.kind, problem.code, _NUMBER.sub("[]", problem.path), problem.message)


def _finding(rule: Rule, context: Context, item: RenderedObject, problem: Problem, severity: Severity) -> Finding:
    at = in_object(context, item, _parts(problem.path))
    place = f"{problem.path}: " if problem.path and problem.path not in problem.message else ""
    made_by = f" (made by the chart of {item.origin.unit})" if item.origin.chart or item.origin.template else ""
    by = f", says {problem.by}" if problem.by and problem.by not in problem.message else ""
    said = problem.message.rstrip(".") if by else problem.message
    message = f"{item}: {place}{said}{by}{made_by}"
    return about_object(rule, item, at, message, severity=severity, hint=_OTHER_VERSION if problem.by else "")
