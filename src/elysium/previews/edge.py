"""The edge of the previews: which name HAProxy sends where, and whether its port is the one that Traefik listens at.

HAProxy has to match previews by their names: with the node port as its default backend every unknown name would reach
the cluster. k3s must not leave the administrator's kubeconfig readable to everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.workloads import mapping, sequence
from elysium.previews.haproxy import Proxy, read_proxy
from elysium.previews.names import host_of
from elysium.previews.platform import Platform

__all__ = ["HAPROXY", "K3S", "TRAEFIK", "Edge", "Route", "edge_of"]

HAPROXY = "edge/haproxy.cfg"
K3S = "edge/k3s-config.yaml"
TRAEFIK = "edge/traefik-config.yaml"

_TLS = ("edge", "cert-manager")
_PRIVATE = re.compile(r"0?[0-7]00")


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A name, and where it goes. `cluster` says whether that is the node port of the cluster."""

    host: str
    backend: str
    servers: tuple[str, ...]
    cluster: bool


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """The routes of the edge, its one port, the files, and what contradicts."""

    node_port: int
    tls: str
    routes: tuple[Route, ...]
    problems: tuple[str, ...]
    haproxy: str
    k3s: dict[str, Any]
    traefik: dict[str, Any]


def edge_of(platform: Platform, number: int, k3s: dict[str, Any], traefik: dict[str, Any]) -> Edge:
    """The edge as its files describe it. `k3s` is k3s' configuration, `traefik` the values of its chart, if there."""
    text = platform.text(HAPROXY)
    proxy = read_proxy(text)
    node = f"{platform.node_address}:{platform.node_port}"
    names = (host_of(platform, number), f"placeholder.{platform.domain}", platform.domain, "www.example.com")
    routes = tuple(_route(proxy, name, platform.node_address) for name in names)
    problems = (*_decision(platform), *_routing(platform, routes, node), *_ports(platform, traefik), *_node(k3s))
    return Edge(
        node_port=platform.node_port,
        tls=platform.tls,
        routes=routes,
        problems=problems,
        haproxy=text,
        k3s=k3s,
        traefik=traefik,
    )


def _route(proxy: Proxy, host: str, node: str) -> Route:
    backend = proxy.backend_of(host)
    servers = proxy.servers.get(backend, ())
    return Route(
        host=host, backend=backend, servers=servers, cluster=any(name.rpartition(":")[0] == node for name in servers)
    )


def _decision(platform: Platform) -> Iterator[str]:
    """Where TLS ends is decided, and said once: HAProxy and the certificates of the cluster exclude each other."""
    if len(platform.decided) != 1 or platform.decided[0] not in _TLS:
        said = f"{len(platform.decided)} times" if len(platform.decided) != 1 else platform.decided[0] or "nothing"
        yield f"platform.env: PREVIEW_TLS says once where TLS ends, {' or '.join(_TLS)}; it is said: {said}"


def _routing(platform: Platform, routes: tuple[Route, ...], node: str) -> Iterator[str]:
    preview, _, apex, other = routes
    if not preview.servers:
        yield f"{HAPROXY}: {preview.host} goes to no server"
    elif node not in preview.servers:
        yield f"{HAPROXY}: {preview.host} goes to {', '.join(preview.servers)}, and platform.env says {node}"
    for route in (apex, other):
        if route.cluster:
            yield f"{HAPROXY}: {route.host} goes to the cluster, too: match previews by name, not by default_backend"


def _ports(platform: Platform, traefik: dict[str, Any]) -> Iterator[str]:
    """The port that Traefik's Service has is the one of platform.env. Without values it is somebody else's Traefik."""
    if not traefik:
        return
    entry = "web" if platform.tls == "edge" else "websecure"
    port = mapping(mapping(traefik.get("ports")).get(entry)).get("nodePort")
    if port != platform.node_port:
        yield f"{TRAEFIK}: {entry} has node port {port}, and platform.env says {platform.node_port}"
    service = mapping(traefik.get("service"))
    if "NodePort" not in (service.get("type"), mapping(service.get("spec")).get("type")):
        yield f"{TRAEFIK}: the Service is no NodePort"


def _node(k3s: dict[str, Any]) -> Iterator[str]:
    mode = str(k3s.get("write-kubeconfig-mode") or "0600")
    if not _PRIVATE.fullmatch(mode):
        yield f"{K3S}: the administrator's kubeconfig has mode {mode}: others than root can read it"
    disabled = k3s.get("disable")
    if "servicelb" not in (disabled.split(",") if isinstance(disabled, str) else sequence(disabled)):
        yield f"{K3S}: servicelb is not disabled, so the node itself listens on 80 and 443, past the edge"
