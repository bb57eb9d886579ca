"""A SealedSecret made of the values of a Secret: the object, and the text that kubeseal writes for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elysium.errors import SealingError
from elysium.sealing.seal import seal_value
from elysium.sealing.sealed import ANNOTATIONS, GROUP, Scope
from elysium.secrets.places import Place, require_keys, require_place
from elysium.secrets.writing import yaml_lines

__all__ = ["sealed_object", "sealed_text", "yaml_document"]

_SCOPES = {scope: name for name, scope in ANNOTATIONS.items()}
_FIELDS = ("name", "generateName", "namespace", "labels", "annotations", "finalizers")


def sealed_text(
    *,
    name: str,
    namespace: str,
    values: Mapping[str, bytes],
    certificate: str,
    type: str = "",  # noqa: A002 - the field's name
    comments: Sequence[str] = (),
) -> str:
    """The YAML of a SealedSecret of strict scope, as kubeseal writes it, with comments at its head.

    Raises SealingError when the certificate, the name or a key cannot be used.
    """
    place = Place(name=name, namespace=namespace)
    body = sealed_object(place, values, certificate, template={"type": type} if type else {})
    return yaml_document(body, comments)


def sealed_object(
    place: Place, values: Mapping[str, bytes], certificate: str, template: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A SealedSecret. `template` is what the Secret has besides its values: type, immutable, and in `metadata` labels,
    annotations and finalizers. The annotation of the scope stands in both places, as the controller wants it.
    The order is the one of kubeseal's JSON.
    """
    require_keys(values)
    require_place(place)
    if not values:
        hint = "give at least one value"
        raise SealingError("secret.data is empty in input Secret", subject=place.name, hint=hint)
    given = dict(template or {})
    carried = dict(given.pop("metadata", None) or {})
    scope = {_SCOPES[place.scope]: "true"} if place.scope is not Scope.STRICT else {}
    known = {key: text for key, text in (carried.get("annotations") or {}).items() if key not in ANNOTATIONS}
    identity = {"name": place.name, "namespace": place.namespace}
    inner = {**carried, **identity, "annotations": known | scope}
    outer = {**identity, "annotations": scope}
    return {
        "kind": "SealedSecret",
        "apiVersion": f"{GROUP}/v1alpha1",
        "metadata": _ordered(outer),
        "spec": {
            "template": {"metadata": _ordered(inner), **given},
            "encryptedData": {key: seal_value(certificate, values[key], place.label) for key in sorted(values)},
        },
    }


def yaml_document(body: Mapping[str, Any], comments: Iterable[str] = ()) -> str:
    """One document of a stream: it begins with `---`, as what kubeseal writes does."""
    head = [f"# {line}".rstrip() for text in comments for line in (text.splitlines() or [""])]
    return "\n".join(["---", *head, *yaml_lines(body)]) + "\n"


def _ordered(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something, in the order that Kubernetes declares them in; Go sorts the keys of mappings."""
    said = ((field, metadata[field]) for field in _FIELDS if metadata.get(field))
    return {field: dict(sorted(value.items())) if isinstance(value, Mapping) else value for field, value in said}
