"""What cert-manager's objects, and the Ingresses and Gateways that it serves, need (cert-manager documentation)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.selectors import named_secrets
from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.workloads import mapping

__all__ = ["GROUP", "annotated_issuer", "certificate", "issuer"]

GROUP = "cert-manager.io"
"""The API group of cert-manager."""

_CLUSTER_ISSUER = "cert-manager.io/cluster-issuer"
_ISSUER = "cert-manager.io/issuer"


def certificate(holder: Holder) -> Iterator[Use]:
    """A Certificate names its issuer, of another group when an external issuer signs."""
    reference = mapping(mapping(holder.body.get("spec")).get("issuerRef"))
    if reference.get("group", GROUP) not in ("", GROUP):
        return
    kind = text(reference.get("kind")) or "Issuer"
    namespace = "" if kind == "ClusterIssuer" else None
    path = ("spec", "issuerRef", "name")
    yield from holder.use(path, kind, reference.get("name"), Means.ISSUER, group=GROUP, namespace=namespace)


def annotated_issuer(holder: Holder) -> Iterator[Use]:
    """An Ingress or Gateway that asks for a certificate by annotation."""
    annotations = mapping(mapping(holder.body.get("metadata")).get("annotations"))
    if annotations.get("cert-manager.io/issuer-group", GROUP) != GROUP:
        return
    kind = text(annotations.get("cert-manager.io/issuer-kind")) or "Issuer"
    for annotation, wanted, namespace in ((_CLUSTER_ISSUER, "ClusterIssuer", ""), (_ISSUER, kind, None)):
        path = ("metadata", "annotations", annotation)
        place = "" if wanted == "ClusterIssuer" else namespace
        name = annotations.get(annotation)
        yield from holder.use(path, wanted, name, Means.ISSUER, group=GROUP, namespace=place)


def issuer(holder: Holder) -> Iterator[Use]:
    """The Secrets of an issuer: for a ClusterIssuer they are where cert-manager itself runs.

    The key of an ACME account is written, not read, when it is not there.
    """
    spec = mapping(holder.body.get("spec"))
    namespace = holder.namespace
    if holder.item.kind == "ClusterIssuer":
        namespace = _controller_namespace(holder)
        if not namespace:
            return
    authority = mapping(spec.get("ca")).get("secretName")
    yield from holder.use(("spec", "ca", "secretName"), "Secret", authority, Means.CREDENTIALS, namespace=namespace)
    for path, reference in named_secrets(spec, ("spec",)):
        if "privateKeySecretRef" not in path:
            yield from holder.secret(path, reference, Means.CREDENTIALS, namespace=namespace)


def _controller_namespace(holder: Holder) -> str:
    for item in holder.index.of_kind("apps", "Deployment"):
        if item.name == "cert-manager" or item.name.endswith("-cert-manager"):
            return item.namespace
    return ""
