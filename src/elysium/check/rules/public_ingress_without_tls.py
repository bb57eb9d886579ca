"""A host that is served to everybody without TLS.

What is typed into a page without TLS, passwords and cookies included, is readable on the way. An Ingress is public
unless its class is that of Tailscale or its hosts are names that exist at home only. Ingresses without `tls` are left
alone where TLS is arranged otherwise: on the entry point `websecure` of Traefik, by an annotation, or by a redirect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers.use import text
from elysium.evaluate.routing import ingress_class, routes
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="public-ingress-without-tls",
    severity=Severity.WARNING,
    summary="a public host is served without TLS",
    topic=Topic.INGRESS,
    profiles=("review", "security"),
)

_AT_HOME = (".local", ".lan", ".internal", ".home.arpa", ".localhost", ".test", ".home", ".svc", ".ts.net", ".intranet")
_ARRANGED = (
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "traefik.ingress.kubernetes.io/router.tls",
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
)
_TUNNELS = ("tailscale", "cloudflare", "tunnel", "ngrok")
"""Classes whose traffic arrives by a tunnel; TLS ends where it begins."""

_ENTRY_POINTS = "traefik.ingress.kubernetes.io/router.entrypoints"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Ingress or IngressRoute, at its first public host."""
    for index in context.objects.values():
        reported: set[int] = set()
        for route in routes(index):
            if id(route.item) in reported or not _is_public(route.host) or _is_covered(index, route.item):
                continue
            reported.add(id(route.item))
            at = in_object(context, route.item, route.path)
            hint = "add tls with the host and a secretName, and let cert-manager make it"
            yield about_object(RULE, route.item, at, f"{route.item}: {route.host} is served without TLS", hint=hint)


def _is_public(host: str) -> bool:
    name = text(host).lower()
    return "." in name and not name.endswith(_AT_HOME) and not name.replace(".", "").isdigit()


def _is_covered(index: ObjectIndex, item: RenderedObject) -> bool:
    body = index.body(item)
    spec = mapping(body.get("spec"))
    if spec.get("tls") is not None:
        return True
    if item.kind == "IngressRoute":
        return _are_secure(sequence(spec.get("entryPoints"))) or _redirects(spec)
    annotations = mapping(mapping(body.get("metadata")).get("annotations"))
    points = str(annotations.get(_ENTRY_POINTS) or "").split(",")
    middlewares = str(annotations.get("traefik.ingress.kubernetes.io/router.middlewares") or "")
    arranged = any(str(annotations.get(name) or "false") != "false" for name in _ARRANGED)
    return (
        any(word in str(ingress_class(body)) for word in _TUNNELS)
        or arranged
        or _are_secure(points)
        or "redirect" in middlewares
    )


def _are_secure(points: list[Any]) -> bool:
    """The entry points of Traefik's chart but `web` have TLS of their own."""
    names = [str(point).strip() for point in points if point]
    return bool(names) and all("secure" in name or "https" in name for name in names)


def _redirects(spec: dict[str, Any]) -> bool:
    named = (entry for route in sequence(spec.get("routes")) for entry in sequence(mapping(route).get("middlewares")))
    return any("redirect" in str(mapping(entry).get("name")) for entry in named)
