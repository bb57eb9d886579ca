"""A route that no listener of its Gateway accepts.

A listener takes routes of its own namespace only, unless `allowedRoutes.namespaces` says otherwise, and only hosts that
fit its `hostname`. A route that no listener takes is not accepted (`NotAllowedByListeners`,
`NoMatchingListenerHostname`) and serves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.absence.missing import uses
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Use
from elysium.evaluate.consumers.gateway import GROUP
from elysium.evaluate.consumers.use import text
from elysium.evaluate.selectors import matches
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="gateway-refuses-route",
    severity=Severity.ERROR,
    summary="no listener of the Gateway accepts a route",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each route and Gateway that do not come together."""
    for index, use in uses(context, "Gateway"):
        for gateway in index.find(GROUP, "Gateway", use.namespace, use.name)[:1]:
            listeners = _listeners(use, mapping(index.body(gateway).get("spec")))
            if not listeners:
                continue
            allowed = [listener for listener in listeners if _allows(index, use, listener)]
            if not allowed:
                what = f"no listener of {use} accepts routes of {use.item.namespace}"
                hint = "allow it: allowedRoutes: {namespaces: {from: All}}, or by a selector"
            elif not any(_fits(index, use, listener) for listener in allowed):
                what = f"no listener of {use} has a hostname that fits its hosts"
                hint = f"they have {', '.join(str(listener.get('hostname')) for listener in allowed)}"
            else:
                continue
            at = in_object(context, use.item, use.path)
            yield about_object(RULE, use.item, at, f"{use.item}: {what}", hint=hint)


def _listeners(use: Use, spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that the route means: the one of the section, or all."""
    listeners = [mapping(entry) for entry in sequence(spec.get("listeners"))]
    return [listener for listener in listeners if not use.key or listener.get("name") == use.key]


def _allows(index: ObjectIndex, use: Use, listener: dict[str, Any]) -> bool:
    namespaces = mapping(mapping(listener.get("allowedRoutes")).get("namespaces"))
    match namespaces.get("from", "Same"):
        case "Same":
            return use.namespace == use.item.namespace
        case "Selector":
            return _selected(index, use.item.namespace, namespaces.get("selector"))
    return True


def _selected(index: ObjectIndex, namespace: str, selector: Any) -> bool:
    """Whether the labels of a namespace match; one that is made elsewhere may have any."""
    found = index.find("", "Namespace", "", namespace)
    labels = [mapping(mapping(index.body(item).get("metadata")).get("labels")) for item in found]
    named = {"kubernetes.io/metadata.name": namespace}
    return not labels or any(matches(selector, {**entry, **named}) for entry in labels)


def _fits(index: ObjectIndex, use: Use, listener: dict[str, Any]) -> bool:
    wanted = text(listener.get("hostname"))
    hosts = [text(host) for host in sequence(mapping(index.body(use.item).get("spec")).get("hostnames"))]
    return not wanted or not hosts or any(not host or _meet(wanted.lower(), host.lower()) for host in hosts)


def _meet(one: str, other: str) -> bool:
    """Whether two hosts have names in common; a wildcard of the Gateway API stands for any number of labels."""
    if one.startswith("*.") and other.startswith("*."):
        return one[1:].endswith(other[1:]) or other[1:].endswith(one[1:])
    if one.startswith("*."):
        return other.endswith(one[1:])
    return one == other or (other.startswith("*.") and one.endswith(other[1:]))
