"""What to do about quotas, LimitRanges and Pod Security."""

from __future__ import annotations

import re

from elysium.cluster.protocol import Entry

__all__ = ["limit_range_hint", "pod_security_hint", "quota_hint"]

_EXCEEDED = re.compile(r"exceeded quota: (\S+), requested: (\S+), used: (\S+), limited: (\S+?)(?:$|[\s;)])")
_MUST = re.compile(r"failed quota: (\S+): must specify (\S+)(?: for: ([^;\n]+))?")
_BOUND = re.compile(
    r"(maximum|minimum) (\S+) usage per (\w+) is ([^,\s]+)(?:, but (limit|request) is ([^,\s\]]+)|\.\s+No (\w+))?"
)
_RATIO = re.compile(r"(\S+) max limit to request ratio per (\w+) is ([^,\s]+), but provided ratio is ([0-9.]+)")
_VIOLATES = re.compile(r'violates PodSecurity "([^":]+):([^"]+)": (.*)', re.DOTALL)
_DEMAND = re.compile(r"must (set|not set|not include) (.+)\)$", re.DOTALL)
_BETWEEN = re.compile(r", (?![^()]*\))")


def quota_hint(entry: Entry, field: str) -> str:
    """What is asked for and what is left, or the field that the quota makes obligatory."""
    namespace = entry.object.namespace or "the namespace"
    if found := _EXCEEDED.search(entry.message):
        left = "; ".join(_exceeded(found[2], found[3], found[4]))
        return f"ask for less, or raise spec.hard of ResourceQuota/{namespace}/{found[1]}: {left}"
    if found := _MUST.search(entry.message):
        container = f" of container {found[3]}" if found[3] else ""
        names = " and ".join(f"resources.{name if '.' in name else f'requests.{name}'}" for name in found[2].split(","))
        return (
            f"set {names}{container}, since ResourceQuota/{namespace}/{found[1]} counts it, or give the namespace a"
            " LimitRange with defaults"
        )
    return f"ask for less, or raise the ResourceQuota of {namespace}"


def _exceeded(requested: str, used: str, limited: str) -> list[str]:
    tables = [
        dict(pair.split("=", 1) for pair in text.split(",") if "=" in pair) for text in (requested, used, limited)
    ]
    return [
        f"{name}: {tables[1].get(name, '0')} used + {amount} asked for, {tables[2].get(name, '?')} allowed"
        for name, amount in tables[0].items()
    ]


def limit_range_hint(entry: Entry, field: str) -> str:
    """The bound and the field that is beyond it."""
    namespace = entry.object.namespace or "the namespace"
    if found := _RATIO.search(entry.message):
        return (
            f"bring resources.limits.{found[1]} and resources.requests.{found[1]} nearer: the LimitRange of {namespace}"
            f" allows {found[3]} times, this is {float(found[4]):g} times"
        )
    found = _BOUND.search(entry.message)
    if not found:
        return f"keep within the LimitRange of {namespace}"
    side = found[5] or ("limit" if found[1] == "maximum" else "request")
    place = "resources.requests.storage" if found[3] == "PersistentVolumeClaim" else f"resources.{side}s.{found[2]}"
    verb = "at most" if found[1] == "maximum" else "at least"
    of = "" if found[3] == "PersistentVolumeClaim" else f" of the {found[3].lower()}"
    was = f" (it is {found[6]})" if found[6] else ""
    return f"set {place}{of} to {verb} {found[4]}{was}, or change the LimitRange of {namespace}"


def pod_security_hint(entry: Entry, field: str) -> str:
    """The settings of securityContext that are wanted, and the label that wants them."""
    found = _VIOLATES.search(entry.message)
    namespace = entry.object.namespace or "the namespace"
    if not found:
        return f"see the label pod-security.kubernetes.io/enforce of namespace {namespace}"
    wanted = list(dict.fromkeys(_demand(item) for item in _BETWEEN.split(found[3])))
    weaker = (
        "baseline" if found[1] == "restricted" and all(item.startswith("set ") for item in wanted) else "privileged"
    )
    return f"{', '.join(wanted)}; or label namespace {namespace} pod-security.kubernetes.io/enforce: {weaker}"


def _demand(violation: str) -> str:
    """What to do about one of the violations, such as `privileged (container "app" must not set …)`."""
    found = _DEMAND.search(violation)
    text = " ".join((found[2] if found else violation).split())
    return f"set {text}" if found and found[1] == "set" else f"do without {text}"
