"""What makes each Secret, ConfigMap and claim of a cluster, and which keys it will have.

Beside the objects themselves these are the controllers that are known to make them: sealed-secrets, external-secrets,
cert-manager, the control plane of Kubernetes, and StatefulSets with templates of claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import ObjectId, RenderedObject

__all__ = ["Product", "keys_of", "names", "product", "products"]

_EVERYWHERE = {
    "ConfigMap": {
        "kube-root-ca.crt": "ca.crt",
        "openshift-service-ca.crt": "service-ca.crt",
        "istio-ca-root-cert": "root-cert.pem",
    },
    "ServiceAccount": {"default": ""},
}
"""Made in every namespace, by kube-controller-manager, OpenShift and Istio, each with its key."""

_FILLED_BY = (
    "reflector.v1.k8s.emberstack.com/",
    "replicator.v1.mittwald.de/",
    "secret-generator.v1.mittwald.de/",
    "config.openshift.io/inject-trusted-cabundle",
    "cert-manager.io/allow-direct-injection",
    "vault.security.banzaicloud.io/",
    "kustomize.toolkit.fluxcd.io/ssa",
)
"""Annotations and labels that let somebody else write into an object."""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A Secret, ConfigMap, claim or account that will be there. `keys` are certain; `open_ended`: there may be more.

    `sources` are the objects that it is made from, itself if it stands in the repository.
    """

    kind: str
    namespace: str
    name: str
    keys: frozenset[str] = frozenset()
    open_ended: bool = False
    sources: tuple[RenderedObject, ...] = ()


Products = dict[tuple[str, str, str], Product]


def products(index: ObjectIndex) -> Products:
    """Every product of a cluster by kind, namespace and name. Computed once for an index."""
    found: Products | None = index.__dict__.get("products")
    if found is None:
        found = {}
        for made in _made(index):
            key = (made.kind, made.namespace, made.name)
            found[key] = _joined(found[key], made) if key in found else made
        index.__dict__["products"] = found
    return found


def product(index: ObjectIndex, kind: str, namespace: str, name: str) -> Product | None:
    """What is known of one object; None when nothing that is known makes it."""
    made = products(index).get((kind, namespace, name))
    if made is None and name in _EVERYWHERE.get(kind, ()):
        keys = frozenset({_EVERYWHERE[kind][name]} - {""})
        return Product(kind=kind, namespace=namespace, name=name, keys=keys)
    return made


def names(index: ObjectIndex, kind: str, namespace: str) -> set[str]:
    """The names of all products of a kind in a namespace; not to be changed."""
    grouped: dict[tuple[str, str], set[str]] | None = index.__dict__.get("product_names")
    if grouped is None:
        grouped = {}
        for made, place, name in products(index):
            grouped.setdefault((made, place), set()).add(name)
        index.__dict__["product_names"] = grouped
    return grouped.get((kind, namespace), set())


def keys_of(body: dict[str, Any]) -> tuple[frozenset[str], bool]:
    """The keys of a Secret or ConfigMap, and whether others may write more of them.

    An empty one is there to be filled, and so is one that names a controller which writes into it.
    """
    fields = ("data", "stringData", "binaryData")
    keys = frozenset(str(key) for field in fields for key in mapping(body.get(field)))
    metadata = mapping(body.get("metadata"))
    marks = (*mapping(metadata.get("annotations")), *mapping(metadata.get("labels")))
    filled = any(str(mark).startswith(_FILLED_BY) for mark in marks)
    token = body.get("type") == "kubernetes.io/service-account-token"
    return keys, filled or token or not keys


def _made(index: ObjectIndex) -> Iterator[Product]:
    for kind in ("Secret", "ConfigMap"):
        for item in index.of_kind("", kind):
            keys, open_ended = keys_of(index.body(item))
            yield _of(item.id, keys, open_ended, item)
    for kind in ("PersistentVolumeClaim", "ServiceAccount"):
        for item in index.of_kind("", kind):
            yield _of(item.id, frozenset(), False, item)
    for (namespace, name), secrets in index.produced.items():
        for secret, item in secrets:
            identity = ObjectId("", "Secret", namespace, name)
            yield _of(identity, frozenset(secret.keys), secret.open_ended, item)
    yield from _annotated_certificates(index)
    yield from _claims(index)


def _annotated_certificates(index: ObjectIndex) -> Iterator[Product]:
    """The Secrets that cert-manager makes for Ingresses and Gateways by annotation ("Annotated Ingress resource")."""
    for group, kind in (("networking.k8s.io", "Ingress"), ("gateway.networking.k8s.io", "Gateway")):
        for item in index.of_kind(group, kind):
            body = index.body(item)
            annotations = mapping(mapping(body.get("metadata")).get("annotations"))
            asked = ("cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme")
            if not any(annotations.get(name) for name in asked):
                continue
            for name in _certificate_names(mapping(body.get("spec"))):
                identity = ObjectId("", "Secret", item.namespace, name)
                yield _of(identity, frozenset({"tls.crt", "tls.key"}), True, item)


def _certificate_names(spec: dict[str, Any]) -> Iterator[str]:
    for entry in sequence(spec.get("tls")):
        yield str(mapping(entry).get("secretName") or "")
    for listener in sequence(spec.get("listeners")):
        for reference in sequence(mapping(mapping(listener).get("tls")).get("certificateRefs")):
            yield str(mapping(reference).get("name") or "")


def _claims(index: ObjectIndex) -> Iterator[Product]:
    """The claims of StatefulSets: template, set and ordinal."""
    for item in index.of_kind("apps", "StatefulSet"):
        spec = mapping(index.body(item).get("spec"))
        replicas = spec.get("replicas", 1)
        for template in sequence(spec.get("volumeClaimTemplates")):
            name = mapping(mapping(template).get("metadata")).get("name")
            for ordinal in range(min(replicas, 100) if isinstance(replicas, int) else 1):
                identity = ObjectId("", "PersistentVolumeClaim", item.namespace, f"{name}-{item.name}-{ordinal}")
                yield _of(identity, frozenset(), False, item)


def _of(identity: ObjectId, keys: frozenset[str], open_ended: bool, source: RenderedObject) -> Product:
    return Product(
        kind=identity.kind,
        namespace=identity.namespace,
        name=identity.name,
        keys=keys,
        open_ended=open_ended,
        sources=(source,),
    )


def _joined(one: Product, other: Product) -> Product:
    return msgspec.structs.replace(
        one,
        keys=one.keys | other.keys,
        open_ended=one.open_ended or other.open_ended,
        sources=(*one.sources, *other.sources),
    )
