"""Secrets that a controller makes from another object: known by name and keys, not by value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

__all__ = ["PRODUCERS", "ProducedSecret", "produced_secret"]


class ProducedSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A Secret to come. `keys` are those that are certain; `open_ended`: there may be others that nobody knows
    offline.
    """

    namespace: str
    name: str
    keys: tuple[str, ...]
    producer: str
    open_ended: bool = False


def _sealed(body: dict[str, Any], namespace: str, name: str) -> ProducedSecret:
    """The controller gives the Secret its own name and namespace, whatever the template says (`Unseal`)."""
    spec = _mapping(body, "spec")
    return ProducedSecret(
        namespace=namespace,
        name=name,
        keys=tuple(sorted({*_mapping(spec, "encryptedData"), *_mapping(_mapping(spec, "template"), "data")})),
        producer="SealedSecret",
        open_ended="data" in spec,
    )


def _external(body: dict[str, Any], namespace: str, name: str) -> ProducedSecret:
    """A template replaces what was fetched, unless it merges, or has neither `data` nor `templateFrom`: then it only
    adds labels and a type (external-secrets, `applyTemplate`).
    """
    spec = _mapping(body, "spec")
    target = _mapping(spec, "target")
    template = _mapping(target, "template")
    fetched = [str(item.get("secretKey")) for item in _list(spec, "data") if isinstance(item, dict)]
    keys = set(_mapping(template, "data"))
    if template.get("mergePolicy") == "Merge" or not (keys or template.get("templateFrom")):
        keys.update(fetched)
    return ProducedSecret(
        namespace=namespace,
        name=str(target.get("name") or name),
        keys=tuple(sorted(keys)),
        producer="ExternalSecret",
        open_ended=bool(spec.get("dataFrom")) or bool(template.get("templateFrom")),
    )


def _certificate(body: dict[str, Any], namespace: str, name: str) -> ProducedSecret:
    target = str(_mapping(body, "spec").get("secretName") or name)
    keys = ("ca.crt", "tls.crt", "tls.key")
    return ProducedSecret(namespace=namespace, name=target, keys=keys, producer="Certificate", open_ended=True)


def _one_password(body: dict[str, Any], namespace: str, name: str) -> ProducedSecret:
    return ProducedSecret(namespace=namespace, name=name, keys=(), producer="OnePasswordItem", open_ended=True)


PRODUCERS: dict[tuple[str, str], Callable[[dict[str, Any], str, str], ProducedSecret]] = {
    ("bitnami.com", "SealedSecret"): _sealed,
    ("external-secrets.io", "ExternalSecret"): _external,
    ("cert-manager.io", "Certificate"): _certificate,
    ("onepassword.com", "OnePasswordItem"): _one_password,
}
"""Kinds (group, kind) that end as a Secret of the same namespace."""


def produced_secret(group: str, kind: str, body: dict[str, Any]) -> ProducedSecret | None:
    """The Secret that this object will end as, or None when its kind makes none."""
    producer = PRODUCERS.get((group, kind))
    if producer is None:
        return None
    metadata = _mapping(body, "metadata")
    return producer(body, str(metadata.get("namespace") or ""), str(metadata.get("name") or ""))


def _mapping(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []
