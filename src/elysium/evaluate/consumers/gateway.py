"""What the objects of the Gateway API need (Gateway API specification)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.traffic import port_text
from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["GROUP", "ROUTES", "gateway", "route"]

GROUP = "gateway.networking.k8s.io"
"""The API group of the Gateway API."""

ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
"""Kinds of routes."""


def gateway(holder: Holder) -> Iterator[Use]:
    """A Gateway names its class and, for each listener, the Secrets of its certificates."""
    spec = mapping(holder.body.get("spec"))
    path: Path = ("spec", "gatewayClassName")
    more = {"group": GROUP, "namespace": ""}
    yield from holder.use(path, "GatewayClass", spec.get("gatewayClassName"), Means.CLASS, **more)
    for number, listener in enumerate(sequence(spec.get("listeners"))):
        references = mapping(mapping(listener).get("tls")).get("certificateRefs")
        for place, reference in enumerate(sequence(references)):
            if mapping(reference).get("kind", "Secret") == "Secret":
                at = ("spec", "listeners", number, "tls", "certificateRefs", place)
                yield from holder.secret(at, reference, Means.TLS, key="")


def route(holder: Holder) -> Iterator[Use]:
    """A route names the Gateways (or Services) that it attaches to, and the Services behind it."""
    spec = mapping(holder.body.get("spec"))
    for number, reference in enumerate(sequence(spec.get("parentRefs"))):
        yield from _parent(holder, ("spec", "parentRefs", number), mapping(reference))
    for number, rule in enumerate(sequence(spec.get("rules"))):
        at: Path = ("spec", "rules", number)
        for place, reference in enumerate(sequence(mapping(rule).get("backendRefs"))):
            yield from _backend(holder, (*at, "backendRefs", place), mapping(reference))
        for place, entry in enumerate(sequence(mapping(rule).get("filters"))):
            mirror = mapping(mapping(entry).get("requestMirror"))
            path = (*at, "filters", place, "requestMirror", "backendRef")
            yield from _backend(holder, path, mapping(mirror.get("backendRef")))


def _parent(holder: Holder, at: Path, reference: dict[str, object]) -> Iterator[Use]:
    if reference.get("group", GROUP) != GROUP or reference.get("kind", "Gateway") != "Gateway":
        return
    more = {
        "group": GROUP,
        "namespace": text(reference.get("namespace")) or None,
        "key": text(reference.get("sectionName")),
        "key_path": (*at, "sectionName"),
    }
    yield from holder.use((*at, "name"), "Gateway", reference.get("name"), Means.PARENT, **more)


def _backend(holder: Holder, at: Path, reference: dict[str, object]) -> Iterator[Use]:
    if reference.get("group", "") not in ("", "core") or reference.get("kind", "Service") != "Service":
        return
    more = {
        "namespace": text(reference.get("namespace")) or None,
        "key": port_text(reference.get("port")),
        "key_path": (*at, "port"),
    }
    yield from holder.use((*at, "name"), "Service", reference.get("name"), Means.BACKEND, **more)
