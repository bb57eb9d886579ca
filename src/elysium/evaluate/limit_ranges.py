"""LimitRanges: what they fill into containers, and what they refuse.

As the admission plugin LimitRanger does (plugin/pkg/admission/limitranger in Kubernetes), after the API server's own
defaults of the object (`SetDefaults_LimitRangeItem`): for containers `max` stands in for a missing `default`, `default`
for a missing `defaultRequest`, and then `min`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.evaluate.demand import Amounts, Resources, declared, pod_demand, quantities, with_defaults
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.quantities import Quantity
from elysium.evaluate.workloads import Path, Workload, mapping, sequence
from elysium.model import RenderedObject

__all__ = ["LimitRange", "Violation", "claim_violations", "defaults", "limit_ranges", "pod_violations"]


class LimitRange(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `spec.limits` of a LimitRange."""

    item: RenderedObject
    type: str
    smallest: Amounts
    largest: Amounts
    default: Amounts
    default_request: Amounts
    ratio: Amounts


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """What a LimitRange refuses: who (`Container app`), at which path of the object, and why."""

    limit_range: RenderedObject
    who: str
    path: Path
    reason: str


def limit_ranges(index: ObjectIndex, namespace: str) -> tuple[LimitRange, ...]:
    """The entries of every LimitRange of a namespace. Computed once for an index."""
    found: dict[str, tuple[LimitRange, ...]] | None = index.__dict__.get("limit_ranges")
    if found is None:
        found = {}
        for item in index.of_kind("", "LimitRange"):
            found[item.namespace] = (*found.get(item.namespace, ()), *_entries(index, item))
        index.__dict__["limit_ranges"] = found
    return found.get(namespace, ())


def _entries(index: ObjectIndex, item: RenderedObject) -> Iterator[LimitRange]:
    for entry in sequence(mapping(index.body(item).get("spec")).get("limits")):
        body = mapping(entry)
        smallest, largest = quantities(body.get("min"))[0], quantities(body.get("max"))[0]
        default, requested = quantities(body.get("default"))[0], quantities(body.get("defaultRequest"))[0]
        if body.get("type") == "Container":
            default = largest | default
            requested = smallest | default | requested
        yield LimitRange(
            item=item,
            type=str(body.get("type") or ""),
            smallest=smallest,
            largest=largest,
            default=default,
            default_request=requested,
            ratio=quantities(body.get("maxLimitRequestRatio"))[0],
        )


def defaults(index: ObjectIndex, namespace: str) -> Resources:
    """What is filled into a container that declares nothing; the first LimitRange wins."""
    requests: Amounts = {}
    limits: Amounts = {}
    for entry in limit_ranges(index, namespace):
        if entry.type == "Container":
            requests = entry.default_request | requests
            limits = entry.default | limits
    return Resources(requests=requests, limits=limits)


def pod_violations(index: ObjectIndex, workload: Workload) -> Iterator[Violation]:
    """Why the pods of a workload are refused by the LimitRanges of their namespace."""
    entries = limit_ranges(index, workload.namespace)
    if not entries:
        return
    filled = defaults(index, workload.namespace)
    for entry in entries:
        if entry.type == "Container":
            for container in workload.containers:
                resources = with_defaults(declared(container.body), filled)
                for reason in _reasons(entry, resources):
                    who = f"container {container.name}"
                    path = (*container.path, "resources")
                    yield Violation(limit_range=entry.item, who=who, path=path, reason=reason)
        elif entry.type == "Pod":
            for reason in _reasons(entry, pod_demand(workload, filled)):
                yield Violation(limit_range=entry.item, who="the pod", path=workload.spec_path, reason=reason)


def claim_violations(index: ObjectIndex, namespace: str, requests: Amounts) -> Iterator[tuple[RenderedObject, str]]:
    """Why a PersistentVolumeClaim with these requests is refused; only requests count for claims."""
    for entry in limit_ranges(index, namespace):
        if entry.type == "PersistentVolumeClaim":
            for name, bound in entry.smallest.items():
                if name in requests and requests[name] < bound:
                    yield entry.item, f"requests {_amount(name, requests)}, at least {bound} is allowed"
            for name, bound in entry.largest.items():
                if name in requests and requests[name] > bound:
                    yield entry.item, f"requests {_amount(name, requests)}, at most {bound} is allowed"


def _reasons(entry: LimitRange, resources: Resources) -> Iterator[str]:
    """In the order of the admission plugin; values that cannot be read are not judged."""
    requests, limits = resources.requests, resources.limits
    for name, bound in entry.smallest.items():
        if name not in resources.unread:
            yield from _too_small(name, bound, requests, limits)
    for name, bound in entry.largest.items():
        if name not in resources.unread:
            yield from _too_large(name, bound, requests, limits)
    for name, bound in entry.ratio.items():
        if name not in resources.unread:
            yield from _too_wide(name, bound, requests, limits)


def _too_small(name: str, bound: Quantity, requests: Amounts, limits: Amounts) -> Iterator[str]:
    if name not in requests:
        yield f"has no request of {name}, at least {bound} is demanded"
    elif requests[name] < bound:
        yield f"requests {_amount(name, requests)}, at least {bound} is demanded"
    elif name in limits and limits[name] < bound:
        yield f"has a limit of {_amount(name, limits)}, at least {bound} is demanded"


def _too_large(name: str, bound: Quantity, requests: Amounts, limits: Amounts) -> Iterator[str]:
    if name not in limits:
        yield f"has no limit of {name}, at most {bound} is allowed"
    elif limits[name] > bound:
        yield f"has a limit of {_amount(name, limits)}, at most {bound} is allowed"
    elif name in requests and requests[name] > bound:
        yield f"requests {_amount(name, requests)}, at most {bound} is allowed"


def _too_wide(name: str, bound: Quantity, requests: Amounts, limits: Amounts) -> Iterator[str]:
    """Zero counts as missing; the ratio is compared without division."""
    request, limit = requests.get(name), limits.get(name)
    if request is None or request.nano == 0:
        yield f"has no request of {name}, and limits may be at most {bound} times the request"
    elif limit is None or limit.nano == 0:
        yield f"has no limit of {name}, and limits may be at most {bound} times the request"
    elif limit.nano * 10**9 > bound.nano * request.nano:
        yield f"has a {name} limit of {limit} and a request of {request}, at most {bound} times is allowed"


def _amount(name: str, amounts: Amounts) -> str:
    return f"{amounts[name]} of {name}"
