"""A Secret of the repository that nothing uses.

A secret that nobody needs any more is one to lose: it is rotated, backed up and explained for nothing. A Secret is used
by pods, Ingresses, sources and values of Flux, monitors, stores and every custom object that speaks of its name. Where
not everything is known, and for Secrets that somebody finds by their labels or type, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import complete
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import of_kind
from elysium.evaluate.producers import Product, products
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="unused-secret",
    severity=Severity.WARNING,
    summary="nothing uses a Secret of the repository",
    topic=Topic.SECRETS,
    profiles=("review", "security"),
)

_MAKERS = ("Secret", "SealedSecret", "ExternalSecret")
_FOUND_BY_LABEL = (
    "grafana_d",
    "argocd.argoproj.io/",
    "sealedsecrets.bitnami.com/",
    "reconcile.external-secrets.io/",
    "cnpg.io/",
    "k8s.grafana.com/",
)
_COPIED = (b"reflector.v1.k8s.emberstack.com/", b"replicator.v1.mittwald.de/", b"kyverno.io/")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Secret that stands in a file and that nothing speaks of."""
    for cluster, index in context.objects.items():
        if not complete(context, cluster):
            continue
        used = {(use.namespace, use.name) for use in of_kind(index, "Secret")}
        for made in products(index).values():
            source = made.sources[0]
            if made.kind != "Secret" or (made.namespace, made.name) in used or not _is_written(index, source):
                continue
            if not _is_spoken_of(index, made):
                at = in_object(context, source, ("metadata", "name"))
                message = f"{source}: nothing in the cluster uses Secret/{made.namespace}/{made.name}"
                yield about_object(RULE, source, at, message, hint="remove it, or say who reads it")


def _is_written(index: ObjectIndex, item: RenderedObject) -> bool:
    """Whether a person put it into the repository, for somebody who does not find it by a mark."""
    if item.kind not in _MAKERS or item.origin.position is None or any(mark in item.raw for mark in _COPIED):
        return False
    body = index.body(item)
    template = mapping(mapping(body.get("spec")).get("template"))
    for holder in (body, template):
        labels = mapping(mapping(holder.get("metadata")).get("labels"))
        if any(str(label).startswith(_FOUND_BY_LABEL) for label in labels):
            return False
    kind = str(template.get("type") or body.get("type") or "Opaque")
    return kind in ("Opaque", "kubernetes.io/basic-auth", "kubernetes.io/dockerconfigjson", "kubernetes.io/ssh-auth")


def _is_spoken_of(index: ObjectIndex, made: Product) -> bool:
    """Whether any other object has the name of the Secret in it, in whatever place."""
    needle = made.name.encode()
    own = {id(source) for source in made.sources}
    return any(
        needle in item.raw
        for unit in index.units
        for item in unit.objects
        if id(item) not in own and item.namespace in ("", made.namespace)
    )
