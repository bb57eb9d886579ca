"""A repository's own rules: CEL expressions of `elysium.toml`, evaluated as the API server evaluates its policies.

An expression is true of what is right. Where it cannot be evaluated (`no such key`) the object is refused too, as by a
ValidatingAdmissionPolicy with `failurePolicy: Fail`, its default: write `has(…)` or `.?` where a field is optional.
What depends on a value that only the cluster knows is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from elysium.check import registry
from elysium.check.context import Context
from elysium.check.locate import in_object, reference
from elysium.check.policies.expressions import first_field
from elysium.errors import SettingsError
from elysium.model import Finding, RenderedObject, Severity
from elysium.settings import Policy, Settings

__all__ = ["check_names", "evaluate", "names"]

_FILE = "elysium.toml"
_BATCH = 500
_ALLOWED = (
    "variables are object, namespaceObject, unit and file; functions are those of CEL and of the Kubernetes libraries "
    "(quantity, ip, cidr, url, regex, semver, format, lists, sets)"
)


def names(settings: Settings) -> tuple[str, ...]:
    """The ids of the own rules."""
    return tuple(policy.id for policy in settings.policy)


def check_names(settings: Settings) -> None:
    """Raises SettingsError for an own rule that has the id of a built-in one."""
    for policy in settings.policy:
        if policy.id in registry.identifiers():
            hint = "choose another id; [rules] sets the severity of a built-in rule"
            raise SettingsError(
                f"the policy {policy.id!r} has the id of a built-in rule", subject=_place(policy), hint=hint
            )


def evaluate(context: Context, wanted: Iterable[str]) -> Iterator[Finding]:
    """The findings of the wanted own rules. Raises SettingsError for any that does not compile."""
    policies = context.settings.policy
    if not policies:
        return
    _compile(context, policies)
    numbers = [number for number, policy in enumerate(policies) if policy.id in set(wanted)]
    for cluster, index in context.objects.items():
        pairs = [
            (number, item)
            for kind, items in index.kinds.items()
            for number in numbers
            if _is_of(policies[number].kinds, *kind)
            for item in items
            if _is_in(policies[number].namespaces, item.namespace)
        ]
        for start in range(0, len(pairs), _BATCH):
            yield from _evaluate(context, cluster, pairs[start : start + _BATCH])


def _compile(context: Context, policies: tuple[Policy, ...]) -> None:
    errors = context.ask("policy.evaluate", {"policies": _expressions(policies)})["errors"]
    for policy, error in zip(policies, errors, strict=True):
        if error:
            message = f"the expression of policy {policy.id!r} does not compile: {error}"
            raise SettingsError(message, subject=_place(policy), hint=_ALLOWED)


def _expressions(policies: tuple[Policy, ...]) -> list[dict[str, str]]:
    return [{"expression": item.expression, "message_expression": item.message_expression} for item in policies]


def _evaluate(context: Context, cluster: str, pairs: list[tuple[int, RenderedObject]]) -> Iterator[Finding]:
    policies = context.settings.policy
    numbers = {id(item): -1 for _, item in pairs}
    subjects: list[RenderedObject] = []
    for _, item in pairs:
        if numbers[id(item)] < 0:
            numbers[id(item)] = len(subjects)
            subjects.append(item)
    asked = {
        "policies": _expressions(policies),
        "objects": [_subject(item) for item in subjects],
        "namespaces": _namespaces(context, cluster, {item.namespace for item in subjects}),
        "pairs": [[number, numbers[id(item)]] for number, item in pairs],
    }
    for result in context.ask("policy.evaluate", asked)["results"]:
        if result["outcome"] != "unknown":
            yield _finding(context, policies[result["policy"]], subjects[result["object"]], result)


def _subject(item: RenderedObject) -> dict[str, Any]:
    unit = item.origin.unit
    described = {"kind": unit.kind.value, "namespace": unit.namespace, "name": unit.name, "cluster": unit.cluster}
    position = item.origin.position
    return {
        "object": msgspec.Raw(item.raw),
        "namespace": item.namespace,
        "unit": described,
        "file": position.file if position else "",
    }


def _namespaces(context: Context, cluster: str, wanted: set[str]) -> dict[str, Any]:
    found = context.objects[cluster].of_kind("", "Namespace")
    return {item.name: msgspec.Raw(item.raw) for item in found if item.name in wanted}


def _finding(context: Context, policy: Policy, item: RenderedObject, result: dict[str, Any]) -> Finding:
    at = in_object(context, item, first_field(policy.expression))
    if result["outcome"] == "failed":
        said = f"the policy cannot be evaluated: {result['message']}"
        hint = "make the object fit, or write has(…) or .? in the expression where the field is optional"
    else:
        said = result["message"] or policy.message or f"failed expression: {' '.join(policy.expression.split())}"
        hint = policy.hint
    return Finding(
        rule=policy.id,
        severity=Severity(policy.severity),
        message=f"{item}: {said}",
        hint=hint,
        object=reference(item),
        unit=item.origin.unit,
        cluster=item.origin.unit.cluster,
        file=at.file,
        line=at.line,
        chart=item.origin.chart,
    )


def _is_of(patterns: tuple[str, ...], group: str, kind: str) -> bool:
    for pattern in patterns:
        wanted_group, slash, wanted_kind = pattern.rpartition("/")
        if fnmatchcase(kind, wanted_kind) and (not slash or fnmatchcase(group, wanted_group)):
            return True
    return False


def _is_in(patterns: tuple[str, ...], namespace: str) -> bool:
    return not patterns or any(fnmatchcase(namespace, pattern) for pattern in patterns if namespace)


def _place(policy: Policy) -> str:
    return f"{_FILE}:{policy.line}" if policy.line else _FILE
