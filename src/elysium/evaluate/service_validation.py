"""What the API server refuses in a Service, beyond the schema (Kubernetes: pkg/apis/core/validation)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from elysium.evaluate.formats import Fault, dns_label, dns_subdomain, open_ended, port_name, port_number
from elysium.evaluate.workloads import mapping, sequence

__all__ = ["service_faults"]

_EXTERNAL = ("NodePort", "LoadBalancer")
_BALANCED = ("loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass")


def service_faults(body: dict[str, Any]) -> Iterator[Fault]:
    """Everything in one Service that the API server refuses."""
    spec = mapping(body.get("spec"))
    kind = str(spec.get("type") or "ClusterIP")
    headless = spec.get("clusterIP") == "None"
    ports = sequence(spec.get("ports"))
    if not ports and not headless and kind != "ExternalName":
        yield Fault(path=("spec",), reason="a Service needs ports, unless it is headless or an ExternalName")
    if headless and kind in _EXTERNAL:
        yield Fault(path=("spec", "clusterIP"), reason=f"a {kind} Service may not have clusterIP: None")
    if kind == "ExternalName":
        yield from _external_name(spec)
    yield from _ports(ports)
    yield from _policies(spec, kind)


def _external_name(spec: dict[str, Any]) -> Iterator[Fault]:
    name = spec.get("externalName")
    wrong = dns_subdomain(name.removesuffix(".")) if isinstance(name, str) and name else "is missing"
    if wrong:
        yield Fault(path=("spec", "externalName"), reason=f"externalName {name or ''} {wrong}".replace("  ", " "))


def _ports(ports: list[Any]) -> Iterator[Fault]:
    names: set[str] = set()
    for number, port in enumerate(ports):
        body = mapping(port)
        path = ("spec", "ports", number)
        name = body.get("name")
        if len(ports) > 1 and not name:
            yield Fault(path=path, reason=f"port {body.get('port')} needs a name, for there are {len(ports)} ports")
        if isinstance(name, str) and name:
            wrong = dns_label(name) or ("stands there twice" if name in names else "")
            names.add(name)
            if wrong:
                yield Fault(path=(*path, "name"), reason=f"the port name {name!r} {wrong}")
        if wrong := port_number(body.get("port")):
            yield Fault(path=(*path, "port"), reason=f"port {body.get('port')} {wrong}")
        target = body.get("targetPort")
        if wrong := _target(target):
            yield Fault(path=(*path, "targetPort"), reason=f"targetPort {target!r} {wrong}")


def _target(target: Any) -> str:
    """Zero stands for the port itself, as if it were not there."""
    if isinstance(target, str) and target and not open_ended(target):
        return port_name(target)
    return port_number(target) if target else ""


def _policies(spec: dict[str, Any], kind: str) -> Iterator[Fault]:
    for field in _BALANCED:
        if spec.get(field) not in (None, []) and kind != "LoadBalancer":
            yield Fault(path=("spec", field), reason=f"{field} is for the type LoadBalancer, this one is {kind}")
    for number, text in enumerate(sequence(spec.get("loadBalancerSourceRanges"))):
        if isinstance(text, str) and not open_ended(text) and not _is_network(text.strip()):
            reason = f"{text!r} is no network such as 192.0.2.0/24"
            yield Fault(path=("spec", "loadBalancerSourceRanges", number), reason=reason)
    outside = kind in _EXTERNAL or (kind == "ClusterIP" and spec.get("externalIPs"))
    if spec.get("externalTrafficPolicy") and not outside:
        reason = f"externalTrafficPolicy is for Services that are reached from outside, this one is {kind}"
        yield Fault(path=("spec", "externalTrafficPolicy"), reason=reason)
    affinity = spec.get("sessionAffinity") or "None"
    if affinity == "None" and spec.get("sessionAffinityConfig"):
        yield Fault(
            path=("spec", "sessionAffinityConfig"), reason="sessionAffinityConfig needs sessionAffinity: ClientIP"
        )


def _is_network(text: str) -> bool:
    """Whether it is a CIDR; bits beyond the mask are allowed."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text
