"""Units that wait for each other on a fresh cluster.

A running cluster hides it: what is waited for was once made in another way. On a new cluster, or after a disaster,
nothing moves. Examples: `substituteFrom` reads a ConfigMap that the same Kustomization makes; a Kustomization with
`wait: true` contains one that depends on it; a release reads values that only a later tier makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.flux.waiting import Wait, waits
from elysium.check.locate import in_object, of_unit
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Position, Severity
from elysium.resolve import cycles

__all__ = ["RULE", "check"]

RULE = Rule(
    id="deadlock",
    severity=Severity.ERROR,
    summary="units that wait for each other on a fresh cluster",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
    explains=("reference", "dependency"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each circle that is more than a circle of dependencies."""
    for cluster in context.render.clusters:
        found = list(waits(context, cluster))
        edges: dict[str, list[str]] = {}
        for wait in found:
            edges.setdefault(wait.source, []).append(wait.target)
        for cycle in cycles(edges):
            links = _links(cycle, found)
            reasons = [link for link in links if link.why]
            if any(link.why != "dependsOn" for link in reasons):
                yield _finding(context, reasons)


def _links(cycle: tuple[str, ...], found: list[Wait]) -> list[Wait]:
    """The waits from each event of a circle to the next."""
    pairs = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    links = [next((wait for wait in found if (wait.source, wait.target) == pair), None) for pair in pairs]
    return [link for link in links if link is not None]


def _finding(context: Context, reasons: list[Wait]) -> Finding:
    first = next((link for link in reasons if link.why not in ("dependsOn", "wait", "healthChecks")), reasons[0])
    start = reasons.index(first)
    ordered = reasons[start:] + reasons[:start]
    at = _position(context, first)
    if len(ordered) == 1 and first.source == first.target:
        message = f"{first.unit.id} waits for what only it makes itself ({first.why})"
        hint = "make that object in a Kustomization of its own on which this one depends"
    else:
        steps = [f"{link.unit.id} waits for {link.target.rpartition(' ')[0]} ({link.why})" for link in ordered]
        message = "nothing moves on a fresh cluster: " + ", ".join(dict.fromkeys(steps))
        hint = "break the circle: move what is waited for to an earlier tier, or take one of the conditions away"
    return about_unit(RULE, context, first.unit, at, message, hint=hint)


def _position(context: Context, link: Wait) -> Position:
    holder = context.objects[link.unit.id.cluster].definition(link.unit.id)
    return in_object(context, holder, link.path) if holder else of_unit(link.unit)
