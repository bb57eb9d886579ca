"""An object that the API server would refuse, or from which it would drop fields.

Every rendered object is held against the schema of its kind: the built-in kinds of the declared Kubernetes version, the
CRDs of the repository and its charts, the folders that `schemas` names in elysium.toml, and for the kinds of Flux those
of the declared Flux version. For other kinds the engine has the definitions of common operators. The cluster may run
another version of these, so what they say is a warning, but for a wrong type or a missing field. Kinds that nobody
knows are listed as unknown, but for a misspelling of another kind that the cluster has of the same API version.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.problems import problem_findings
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="schema",
    severity=Severity.ERROR,
    summary="an object that does not fit the schema of its kind",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
    explains=("specification",),
)

_CODES = (
    "unknown-field",
    "type",
    "required",
    "enum",
    "alternative",
    "format",
    "duplicate-item",
    "cel",
    "pattern",
    "namespace",
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each problem of each file or chart."""
    yield from problem_findings(RULE, context, _CODES, severities={"format": Severity.WARNING})
    for index in context.objects.values():
        yield from _misspelt_kinds(context, index)


def _misspelt_kinds(context: Context, index: ObjectIndex) -> Iterator[Finding]:
    kinds: dict[str, set[str]] = {}
    unknown: list[RenderedObject] = []
    for items in index.kinds.values():
        for item in items:
            if any(problem.code == "no-schema" for problem in item.problems):
                unknown.append(item)
            else:
                kinds.setdefault(item.api_version, set()).add(item.kind)
    for item in unknown:
        near = nearest(item.kind, kinds.get(item.api_version, ()))
        if near:
            message = f"{item}: {item.api_version} has no kind {item.kind} that is known"
            yield about_object(RULE, item, in_object(context, item, ("kind",)), message, hint=f"did you mean {near}?")
