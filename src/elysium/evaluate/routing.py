"""Which hosts and paths lead to the cluster from outside, whatever kind of object says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import RenderedObject

__all__ = ["Route", "covers", "ingress_class", "routes"]

_TRAEFIK = ("traefik.io", "traefik.containo.us")
_ENTRY_POINTS = "traefik.ingress.kubernetes.io/router.entrypoints"
_HOST = re.compile(r"^Host\(((?:\s*[`\"'][^`\"']+[`\"']\s*,?)+)\)$")
_QUOTED = re.compile(r"[`\"']([^`\"']+)[`\"']")


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A host and path that an Ingress or IngressRoute answers. `path` leads to where it says so, `kind` is the type of
    the match, and an empty `host` is any. `entry_points` are those of Traefik, when the object names them.
    """

    item: RenderedObject
    path: Path
    class_name: str
    host: str
    url_path: str = "/"
    kind: str = "Prefix"
    entry_points: str = ""


def ingress_class(body: dict[str, Any]) -> str:
    """The class of an Ingress: the field, else the old annotation, else nothing."""
    declared = mapping(body.get("spec")).get("ingressClassName")
    annotation = mapping(mapping(body.get("metadata")).get("annotations")).get("kubernetes.io/ingress.class")
    return str(declared or annotation or "")


def routes(index: ObjectIndex) -> Iterator[Route]:
    """Every route of Ingresses, and those of IngressRoutes that match by host alone."""
    for item in index.of_kind("networking.k8s.io", "Ingress"):
        yield from _of_ingress(item, index.body(item))
    for group in _TRAEFIK:
        for item in index.of_kind(group, "IngressRoute"):
            yield from _of_ingress_route(item, index.body(item))


def covers(pattern: str, host: str) -> bool:
    """Whether a name of a certificate covers a host: a wildcard stands for exactly one label (RFC 9525, 6.3)."""
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if pattern == host:
        return True
    return pattern.startswith("*.") and pattern[1:] == host[host.find(".") :] and "." in host


def _of_ingress(item: RenderedObject, body: dict[str, Any]) -> Iterator[Route]:
    name = ingress_class(body)
    annotations = mapping(mapping(body.get("metadata")).get("annotations"))
    for number, rule in enumerate(sequence(mapping(body.get("spec")).get("rules"))):
        host = str(mapping(rule).get("host") or "")
        at: Path = ("spec", "rules", number)
        for place, entry in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
            yield Route(
                item=item,
                path=(*at, "http", "paths", place),
                class_name=name,
                host=host,
                url_path=str(mapping(entry).get("path") or "/"),
                kind=str(mapping(entry).get("pathType") or ""),
                entry_points=str(annotations.get(_ENTRY_POINTS) or ""),
            )


def _of_ingress_route(item: RenderedObject, body: dict[str, Any]) -> Iterator[Route]:
    spec = mapping(body.get("spec"))
    points = ",".join(sorted(str(point) for point in sequence(spec.get("entryPoints"))))
    for number, entry in enumerate(sequence(spec.get("routes"))):
        match = _HOST.match(str(mapping(entry).get("match") or "").strip())
        for host in _QUOTED.findall(match[1]) if match and "priority" not in mapping(entry) else ():
            at: Path = ("spec", "routes", number, "match")
            yield Route(item=item, path=at, class_name="IngressRoute", host=host, entry_points=points)
