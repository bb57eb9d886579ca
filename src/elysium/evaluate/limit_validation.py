"""What the API server refuses in a LimitRange or ResourceQuota, beyond the schema.

As `ValidateLimitRange` and `ValidateResourceQuota` do (Kubernetes: pkg/apis/core/validation), after the defaults that
the API server fills in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from elysium.evaluate.demand import quantities
from elysium.evaluate.formats import Fault, open_ended
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.limit_ranges import LimitRange, limit_ranges
from elysium.evaluate.quantities import ZERO, Quantity
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import RenderedObject
from elysium.sealing import is_opaque

__all__ = ["limit_range_faults", "quota_faults"]

_ONE = Quantity(nano=10**9)
_POD_RESOURCES = (
    "pods",
    *(f"{prefix}{name}" for prefix in ("", "requests.", "limits.") for name in ("cpu", "memory", "ephemeral-storage")),
)
_RESOURCES = (
    *_POD_RESOURCES,
    "requests.storage",
    "resourcequotas",
    "services",
    "services.nodeports",
    "services.loadbalancers",
    "replicationcontrollers",
    "secrets",
    "persistentvolumeclaims",
    "configmaps",
)
_OF_PODS = ("Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity")
_SCOPES = (*_OF_PODS, "BestEffort", "VolumeAttributesClass")
_TYPES = ("Container", "Pod", "PersistentVolumeClaim")
_FIELDS = ("min", "max", "default", "defaultRequest", "maxLimitRequestRatio")
_STANDARD = ("cpu", "memory", "ephemeral-storage")
_NUMBERS = (
    "pods",
    "services",
    "services.nodeports",
    "services.loadbalancers",
    "persistentvolumeclaims",
    "secrets",
    "configmaps",
    "replicationcontrollers",
    "resourcequotas",
)
_CONTRARY = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))


def limit_range_faults(index: ObjectIndex, item: RenderedObject) -> Iterator[Fault]:
    """Bounds and defaults of a LimitRange that contradict each other."""
    entries = [entry for entry in limit_ranges(index, item.namespace) if entry.item is item]
    types: set[str] = set()
    for number, entry in enumerate(entries):
        body = mapping(sequence(mapping(index.body(item).get("spec")).get("limits"))[number])
        path = ("spec", "limits", number)
        if entry.type not in _TYPES and "/" not in entry.type and not open_ended(entry.type):
            yield Fault(path=(*path, "type"), reason=f"the type {entry.type!r} is none of {', '.join(_TYPES)}")
        for field in _FIELDS:
            yield from _amounts(
                body, (*path, field), _STANDARD if entry.type in _TYPES[:2] else (*_RESOURCES, "storage")
            )
        if entry.type in types:
            yield Fault(path=(*path, "type"), reason=f"the type {entry.type} stands there twice")
        types.add(entry.type)
        for field in ("default", "defaultRequest"):
            if entry.type == "Pod" and body.get(field):
                yield Fault(path=(*path, field), reason=f"the type Pod has no {field}")
        if entry.type == "PersistentVolumeClaim" and not {"storage"} & {*entry.smallest, *entry.largest}:
            yield Fault(path=path, reason="the type PersistentVolumeClaim needs min or max of storage")
        for name, reason in _contradictions(entry):
            yield Fault(path=path, reason=f"{name}: {reason}")


def _contradictions(entry: LimitRange) -> Iterator[tuple[str, str]]:
    requested = {  # one that is the default limit is said once, of the limit that it follows from
        name: amount for name, amount in entry.default_request.items() if amount != entry.default.get(name)
    }
    ordered = (
        ("min", entry.smallest, "max", entry.largest),
        ("min", entry.smallest, "defaultRequest", requested),
        ("min", entry.smallest, "default", entry.default),
        ("defaultRequest", requested, "default", entry.default),
        ("defaultRequest", requested, "max", entry.largest),
        ("default", entry.default, "max", entry.largest),
    )
    for low, lower, high, upper in ordered:
        for name in lower:
            if name in upper and lower[name] > upper[name]:
                yield name, f"{low} {lower[name]} is greater than {high} {upper[name]}"
    for name, ratio in entry.ratio.items():
        smallest, largest = entry.smallest.get(name), entry.largest.get(name)
        if ratio < _ONE:
            yield name, f"maxLimitRequestRatio {ratio} is less than 1"
        elif smallest and largest and smallest > ZERO and ratio.nano * smallest.nano > largest.nano * 10**9:
            yield name, f"maxLimitRequestRatio {ratio} is greater than max through min"


def quota_faults(index: ObjectIndex, item: RenderedObject) -> Iterator[Fault]:
    """Resources that no quota counts, negative amounts, and scopes that do not go with them."""
    spec = mapping(index.body(item).get("spec"))
    scopes = [str(scope) for scope in sequence(spec.get("scopes"))]
    yield from _amounts(spec, ("spec", "hard"), _RESOURCES)
    for name, amount in quantities(spec.get("hard"))[0].items():
        if amount < ZERO:
            yield Fault(path=("spec", "hard", name), reason=f"{name} {amount} is less than nothing")
        elif not amount.whole and (name in _NUMBERS or name.startswith("count/")):
            yield Fault(path=("spec", "hard", name), reason=f"{name} {amount} is no whole number")
    yield from _scopes(scopes, mapping(spec.get("hard")))


def _amounts(holder: dict[str, Any], path: Path, known: Sequence[str]) -> Iterator[Fault]:
    """Resources that do not exist, and values that are no quantities."""
    values = mapping(holder.get(str(path[-1])))
    for name in values:
        huge = name.startswith(("hugepages-", "requests.hugepages-"))
        if name not in known and "/" not in name and not huge and not open_ended(name):
            yield Fault(path=(*path, name), reason=f"there is no resource {name!r} to limit")
    for name in quantities(values)[1]:
        text = values[name]
        if isinstance(text, str) and not open_ended(text) and not is_opaque(text):
            yield Fault(path=(*path, name), reason=f"{name} {text!r} is no quantity such as 100m or 1Gi")


def _scopes(scopes: list[str], hard: dict[str, Any]) -> Iterator[Fault]:
    path = ("spec", "scopes")
    for scope in scopes:
        if scope not in _SCOPES and not open_ended(scope):
            yield Fault(path=path, reason=f"there is no scope {scope!r}")
    for first, second in _CONTRARY:
        if first in scopes and second in scopes:
            yield Fault(path=path, reason=f"the scopes {first} and {second} exclude each other")
    for name in hard:
        if name in _RESOURCES:
            if "BestEffort" in scopes and name != "pods":
                yield Fault(path=path, reason=f"the scope BestEffort counts pods only, not {name}")
            for scope in scopes:
                if scope in _OF_PODS and name not in _POD_RESOURCES:
                    yield Fault(path=path, reason=f"the scope {scope} does not go with {name}")
