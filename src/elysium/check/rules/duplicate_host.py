"""The same host and path in two Ingresses or IngressRoutes of the same class.

Which of them gets the requests is not defined: ingress-nginx takes the older one, Traefik either. One of them is
therefore without effect, most often a copy whose host nobody changed. Ingresses that are made to be merged (canaries,
`mergeable-ingress-type`) are left alone, and so are those of Tailscale, where every Ingress is a machine of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.routing import Route, routes
from elysium.model import Finding, Severity
from elysium.sealing import TOKEN

__all__ = ["RULE", "check"]

RULE = Rule(
    id="duplicate-host",
    severity=Severity.WARNING,
    summary="two Ingresses of a class answer the same host and path",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)

_MERGED = (b"nginx.ingress.kubernetes.io/canary", b"nginx.org/mergeable-ingress-type", b"alb.ingress.kubernetes.io/")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each further route with the host and path of another."""
    for index in context.objects.values():
        taken: dict[tuple[str, ...], Route] = {}
        for route in _considered(index):
            key = (route.class_name, route.entry_points, route.host.lower(), route.url_path, route.kind)
            first = taken.setdefault(key, route)
            if first is route:
                continue
            at = in_object(context, route.item, route.path)
            where = f"{route.host or 'any host'}{route.url_path}"
            other = "twice" if first.item is route.item else f"in {first.item}, too"
            message = f"{route.item}: {where} is {other}; which one answers is not defined"
            yield about_object(RULE, route.item, at, message, hint="change the host or the path, or remove one of them")


def _considered(index: ObjectIndex) -> Iterator[Route]:
    """Routes whose host is known and that nobody merges, always in the same order."""
    found = sorted(routes(index), key=lambda route: (route.item.kind, route.item.namespace, route.item.name))
    for route in found:
        if route.class_name == "tailscale" or TOKEN.search(route.host) or "${" in route.host:
            continue
        if not any(mark in route.item.raw for mark in _MERGED):
            yield route
