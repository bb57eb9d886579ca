"""A host of an Ingress that its certificate does not cover.

The hosts under `tls` say which certificate answers for which name, and cert-manager makes the certificate for just
these. A host of `rules` that none of them covers is served with another certificate, which browsers refuse. A wildcard
stands for exactly one label. Where a Certificate of the repository makes the Secret, its names are looked at, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers.certificates import GROUP
from elysium.evaluate.consumers.use import text
from elysium.evaluate.producers import product
from elysium.evaluate.routing import covers, ingress_class
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="tls-host-mismatch",
    severity=Severity.WARNING,
    summary="a host of an Ingress is not covered by its certificate",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each host without a certificate, and for each that the Certificate does not have."""
    for index in context.objects.values():
        for item in index.of_kind("networking.k8s.io", "Ingress"):
            body = index.body(item)
            if ingress_class(body) == "tailscale":
                continue
            for path, message, hint in (*_rules(body), *_certificates(index, item, body)):
                yield about_object(RULE, item, in_object(context, item, path), f"{item}: {message}", hint=hint)


def _rules(body: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Hosts of rules that no entry of `tls` covers; an entry without hosts may cover any."""
    spec = mapping(body.get("spec"))
    entries = [mapping(entry) for entry in sequence(spec.get("tls"))]
    patterns = [text(host) for entry in entries for host in sequence(entry.get("hosts"))]
    if not entries or "" in patterns or not all(entry.get("hosts") for entry in entries):
        return
    for number, rule in enumerate(sequence(spec.get("rules"))):
        host = text(mapping(rule).get("host"))
        if host and not any(covers(pattern, host) for pattern in patterns):
            path = ("spec", "rules", number, "host")
            yield path, f"{host} is covered by no host under tls", f"tls has {', '.join(patterns)}"


def _certificates(index: ObjectIndex, item: RenderedObject, body: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Hosts under `tls` that are not among the names of the Certificate that makes the Secret."""
    for number, entry in enumerate(sequence(mapping(body.get("spec")).get("tls"))):
        certificate, names = _certified(index, item.namespace, text(mapping(entry).get("secretName")))
        for place, value in enumerate(sequence(mapping(entry).get("hosts")) if certificate else ()):
            host = text(value)
            if host and not any(covers(name, host) for name in names):
                path = ("spec", "tls", number, "hosts", place)
                yield path, f"{certificate} does not name {host}", f"it names {', '.join(names)}"


def _certified(index: ObjectIndex, namespace: str, secret: str) -> tuple[RenderedObject | None, list[str]]:
    made = product(index, "Secret", namespace, secret) if secret else None
    sources = made.sources if made else ()
    if len(sources) != 1 or sources[0].id.group != GROUP:
        return None, []
    spec = mapping(index.body(sources[0]).get("spec"))
    names = [text(name) for name in (*sequence(spec.get("dnsNames")), *filter(None, [spec.get("commonName")]))]
    return (sources[0], names) if names and "" not in names else (None, [])
