"""Secrets as they are written: read from manifests, sealed one by one, or printed as kubectl's dry run prints them.

What Kubernetes would not read as a text (an unquoted `n`, `no`, `123`) is refused instead of sealed as something else.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from elysium.errors import SealingError
from elysium.sealing.sealed import Scope, scope_of
from elysium.secrets.places import Place, require_keys, require_place
from elysium.secrets.sealed_secret import sealed_object

__all__ = ["Wish", "plain_object", "sealed_manifest"]

_DROPPED = ("kubectl.kubernetes.io/last-applied-configuration", "kubecfg.ksonnet.io/last-applied-configuration")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """For whom to seal, besides what a manifest says: another scope, and the namespace that it must have."""

    certificate: str
    scope: Scope | None = None
    namespace: str = ""


def sealed_manifest(body: Any, wish: Wish, *, subject: str) -> dict[str, Any]:
    """The SealedSecret of a Secret's manifest. Raises SealingError, in kubeseal's words where it has some."""
    if not isinstance(body, dict) or body.get("kind") != "Secret":
        kind = str(body.get("kind") or "") if isinstance(body, dict) else ""
        message = f"this is no Secret{f' but a {kind}' if kind.isalnum() else ''}"
        raise SealingError(message, subject=subject, hint="give manifests of kind Secret, and only those")
    metadata = _mapping(body, "metadata", subject)
    place = _place(metadata, wish, subject)
    values = _values(body, subject)
    if not values:
        hint = "give at least one value in data or stringData"
        raise SealingError("secret.data is empty in input Secret", subject=subject, hint=hint)
    require_keys(values, subject=subject)
    return sealed_object(place, values, wish.certificate, _template(body, metadata, subject))


def plain_object(place: Place, values: Mapping[str, bytes], kind: str = "") -> dict[str, Any]:
    """A Secret as `kubectl create secret --dry-run=client` makes it: no type unless there is one."""
    require_place(msgspec.structs.replace(place, scope=Scope.CLUSTER))
    identity: dict[str, Any] = {"name": place.name}
    if place.namespace:
        identity["namespace"] = place.namespace
    encoded = {key: base64.b64encode(values[key]).decode() for key in sorted(values)}
    return {
        "kind": "Secret",
        "apiVersion": "v1",
        "metadata": {**identity, "creationTimestamp": None},
        **({"data": encoded} if encoded else {}),
        **({"type": kind} if kind else {}),
    }


def _place(metadata: Mapping[str, Any], wish: Wish, subject: str) -> Place:
    name, namespace = _text(metadata, "name", subject), _text(metadata, "namespace", subject)
    if namespace and wish.namespace and namespace != wish.namespace:
        message = f'namespace mismatch: input secret is in namespace "{namespace}" but "{wish.namespace}" was specified'
        raise SealingError(message, subject=subject, hint="leave --namespace out, or mend the manifest")
    scope = wish.scope or scope_of(metadata.get("annotations"))
    place = Place(name=name, namespace=namespace or wish.namespace, scope=scope)
    return require_place(place, subject=subject)


def _values(body: Mapping[str, Any], subject: str) -> dict[str, bytes]:
    """`stringData` wins over `data`, as in the API server."""
    values: dict[str, bytes] = {}
    data, texts = _mapping(body, "data", subject), _mapping(body, "stringData", subject)
    for key in data:
        try:
            values[key] = base64.b64decode("".join(_text(data, key, subject).split()), validate=True)
        except (binascii.Error, ValueError):
            hint = "values of data are Base64; plain text belongs into stringData"
            raise SealingError(f"data {json.dumps(key)} is not Base64", subject=subject, hint=hint) from None
    return values | {key: _text(texts, key, subject).encode() for key in texts}


def _template(body: Mapping[str, Any], metadata: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """What the Secret has besides its values, without what a server or an earlier apply wrote into it."""
    carried: dict[str, Any] = {"generateName": _text(metadata, "generateName", subject)}
    for field in ("labels", "annotations"):
        texts = _mapping(metadata, field, subject)
        carried[field] = {key: _text(texts, key, subject) for key in texts if key not in _DROPPED}
    finalizers = metadata.get("finalizers")
    if isinstance(finalizers, list):
        carried["finalizers"] = [_text({"finalizers": item}, "finalizers", subject) for item in finalizers]
    template: dict[str, Any] = {"metadata": {field: value for field, value in carried.items() if value}}
    if _text(body, "type", subject):
        template["type"] = body["type"]
    if isinstance(body.get("immutable"), bool):
        template["immutable"] = body["immutable"]
    return template


def _mapping(body: Mapping[str, Any], field: str, subject: str) -> Mapping[str, Any]:
    found = body.get(field)
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(map(_is_encodable, found)):
        raise SealingError(f"{field} is no mapping", subject=subject, hint="write it as keys and values")
    return found


def _text(body: Mapping[str, Any], field: str, subject: str) -> str:
    found = body.get(field)
    if found is None:
        return ""
    if not isinstance(found, str) or not _is_encodable(found):
        hint = "put it in quotes: YAML as Kubernetes reads it takes n, no, off and 123 for something else"
        raise SealingError(f"{json.dumps(field)} is not a text", subject=subject, hint=hint)
    return found


def _is_encodable(text: str) -> bool:
    """Whether a text is one: JSON can escape halves of signs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
