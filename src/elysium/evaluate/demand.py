"""What a pod asks for: requests and limits, of its containers and of the whole.

The arithmetic is the scheduler's and the quota controller's (k8s.io/component-helpers, resource/helpers.go): containers
and sidecars add up; an ordinary init container runs beside the sidecars that were started before it, and only the
largest such moment counts; resources of the pod itself take the place of the sum; the overhead of the RuntimeClass
comes on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.quantities import ZERO, Quantity, parse_quantity
from elysium.evaluate.workloads import Container, Workload, mapping

__all__ = [
    "Amounts",
    "Resources",
    "add",
    "declared",
    "largest",
    "overhead",
    "pod_demand",
    "quantities",
    "with_defaults",
]

Amounts = dict[str, Quantity]
"""Quantities by the name of the resource."""


class Resources(msgspec.Struct, frozen=True, kw_only=True):
    """Requests and limits. `unread` names values that are no quantities, so that nothing can be said of the sum."""

    requests: Amounts = {}
    limits: Amounts = {}
    unread: tuple[str, ...] = ()


def quantities(value: Any) -> tuple[Amounts, tuple[str, ...]]:
    """The quantities of a mapping, and the names of those that are none."""
    read: Amounts = {}
    unread: list[str] = []
    for name, text in mapping(value).items():
        quantity = parse_quantity(text)
        if quantity is not None:
            read[name] = quantity
        elif text is not None:
            unread.append(name)
    return read, tuple(unread)


def declared(holder: Mapping[str, Any]) -> Resources:
    """`resources` of a container or pod, with the API server's own default: a limit without a request is both."""
    resources = mapping(holder.get("resources"))
    requests, unread_requests = quantities(resources.get("requests"))
    limits, unread_limits = quantities(resources.get("limits"))
    missing = {name: limit for name, limit in limits.items() if name not in requests and name not in unread_requests}
    return Resources(requests=requests | missing, limits=limits, unread=(*unread_requests, *unread_limits))


def with_defaults(resources: Resources, defaults: Resources) -> Resources:
    """The resources with what a LimitRange fills in where nothing is declared."""
    unread = dict.fromkeys(resources.unread)
    requests = {name: value for name, value in defaults.requests.items() if name not in unread}
    limits = {name: value for name, value in defaults.limits.items() if name not in unread}
    return Resources(requests=requests | resources.requests, limits=limits | resources.limits, unread=resources.unread)


def pod_demand(workload: Workload, defaults: Resources | None = None, extra: Amounts | None = None) -> Resources:
    """What one pod of a workload takes, with a LimitRange's defaults and the overhead `extra` of its RuntimeClass."""
    filled = defaults or Resources()
    containers = [(item, with_defaults(declared(item.body), filled)) for item in workload.containers]
    own = declared(workload.spec)
    requests = _of_containers([(item, resources.requests) for item, resources in containers]) | own.requests
    limits = _of_containers([(item, resources.limits) for item, resources in containers]) | own.limits
    surplus = extra or {}
    return Resources(
        requests=add(requests, surplus),
        limits=add(limits, {name: amount for name, amount in surplus.items() if name in limits}),
        unread=tuple(dict.fromkeys(name for _, resources in containers for name in resources.unread)) + own.unread,
    )


def _of_containers(containers: list[tuple[Container, Amounts]]) -> Amounts:
    together: Amounts = {}
    sidecars: Amounts = {}
    starting: Amounts = {}
    for container, amounts in containers:
        if container.role == "init":
            starting = largest(starting, add(amounts, sidecars))
            continue
        together = add(together, amounts)
        if container.role == "sidecar":
            sidecars = add(sidecars, amounts)
            starting = largest(starting, sidecars)
    return largest(together, starting)


def overhead(index: ObjectIndex, workload: Workload) -> Amounts:
    """What the RuntimeClass of a pod takes for itself (`overhead.podFixed`)."""
    name = workload.spec.get("runtimeClassName")
    for item in index.find("node.k8s.io", "RuntimeClass", "", str(name)) if name else ():
        return quantities(mapping(index.body(item).get("overhead")).get("podFixed"))[0]
    return {}


def add(*lists: Amounts) -> Amounts:
    """The sum by resource."""
    total: Amounts = {}
    for amounts in lists:
        for name, amount in amounts.items():
            total[name] = total.get(name, ZERO) + amount
    return total


def largest(*lists: Amounts) -> Amounts:
    """The largest by resource."""
    names: Iterable[str] = dict.fromkeys(name for amounts in lists for name in amounts)
    return {name: max(amounts[name] for amounts in lists if name in amounts) for name in names}
