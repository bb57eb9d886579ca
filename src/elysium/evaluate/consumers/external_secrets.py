"""What the objects of the External Secrets Operator need (its API reference)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.selectors import named_secrets
from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["GROUP", "external_secret", "push_secret", "store"]

GROUP = "external-secrets.io"
"""The API group of the operator."""


def external_secret(holder: Holder) -> Iterator[Use]:
    """An ExternalSecret names the store of all its entries, and entries may name stores and generators of their own."""
    spec = mapping(holder.body.get("spec"))
    at: Path = ("spec",)
    if holder.item.kind == "ClusterExternalSecret":
        spec, at = mapping(spec.get("externalSecretSpec")), ("spec", "externalSecretSpec")
    yield from _store(holder, (*at, "secretStoreRef"), mapping(spec.get("secretStoreRef")))
    for field in ("data", "dataFrom"):
        for number, entry in enumerate(sequence(spec.get(field))):
            source = mapping(mapping(entry).get("sourceRef"))
            path = (*at, field, number, "sourceRef", "storeRef")
            yield from _store(holder, path, mapping(source.get("storeRef")))


def push_secret(holder: Holder) -> Iterator[Use]:
    """A PushSecret reads a Secret and writes it into stores."""
    spec = mapping(holder.body.get("spec"))
    for number, reference in enumerate(sequence(spec.get("secretStoreRefs"))):
        yield from _store(holder, ("spec", "secretStoreRefs", number), mapping(reference))
    secret = mapping(mapping(spec.get("selector")).get("secret"))
    yield from holder.secret(("spec", "selector", "secret"), secret, Means.CREDENTIALS, key="")


def store(holder: Holder) -> Iterator[Use]:
    """The Secrets with which a store logs in; those of a ClusterSecretStore say where they are."""
    for path, reference in named_secrets(mapping(holder.body.get("spec")).get("provider"), ("spec", "provider")):
        if holder.item.kind == "SecretStore" or reference.get("namespace"):
            yield from holder.secret(path, reference, Means.CREDENTIALS)


def _store(holder: Holder, at: Path, reference: dict[str, object]) -> Iterator[Use]:
    kind = text(reference.get("kind")) or "SecretStore"
    namespace = "" if kind == "ClusterSecretStore" else None
    if kind == "SecretStore" and holder.item.kind == "ClusterExternalSecret":
        return
    more = {"group": GROUP, "namespace": namespace}
    yield from holder.use((*at, "name"), kind, reference.get("name"), Means.STORE, **more)
