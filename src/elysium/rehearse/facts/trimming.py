"""Objects of a cluster as somebody would have written them, without what the server and others noted on them."""

from __future__ import annotations

from typing import Any

from elysium.evaluate.workloads import mapping, sequence
from elysium.rehearse.preparing.conversion import without_webhook

__all__ = ["bare", "trimmed_definition"]

_ANNOTATIONS = (
    "api-approved.kubernetes.io",
    "ingressclass.kubernetes.io/is-default-class",
    "storageclass.kubernetes.io/is-default-class",
)


def bare(item: dict[str, Any], api_version: str, kind: str) -> dict[str, Any]:
    """The object with its name, namespace and content; of its annotations only those that say what it is."""
    metadata = mapping(item.get("metadata"))
    annotations = mapping(metadata.get("annotations"))
    kept: dict[str, Any] = {"name": str(metadata.get("name") or "")}
    if metadata.get("namespace"):
        kept["namespace"] = metadata["namespace"]
    kept["annotations"] = {key: annotations[key] for key in _ANNOTATIONS if key in annotations}
    left_out = ("apiVersion", "kind", "metadata", "status")
    content = {key: value for key, value in item.items() if key not in left_out}
    return {"apiVersion": api_version, "kind": kind, "metadata": kept, **content}


def trimmed_definition(item: dict[str, Any]) -> dict[str, Any]:
    """A CustomResourceDefinition without descriptions, columns, and the webhook that converts."""
    kept = without_webhook(bare(item, "apiextensions.k8s.io/v1", "CustomResourceDefinition"))
    for version in sequence(mapping(kept.get("spec")).get("versions")):
        mapping(version).pop("additionalPrinterColumns", None)
        _undescribe(mapping(mapping(mapping(version).get("schema")).get("openAPIV3Schema")))
    return kept


def _undescribe(schema: dict[str, Any]) -> None:
    """Take the descriptions out of a schema and of all inside it, however deep, but no field of that name."""
    left = [schema]
    while left:
        part = left.pop()
        part.pop("description", None)
        inside = [part.get(name) for name in ("items", "additionalProperties", "not")]
        inside += [item for name in ("allOf", "anyOf", "oneOf") for item in sequence(part.get(name))]
        inside += mapping(part.get("properties")).values()
        left += [item for item in inside if isinstance(item, dict)]
