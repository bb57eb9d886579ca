"""An object that is larger than the API server takes.

ConfigMaps and Secrets may hold one mebibyte, all annotations of an object together 256 kibibytes. Beyond that the
object is refused (Kubernetes: `MaxSecretSize`, `TotalAnnotationSizeLimitB`), and etcd takes no request of more than
1.5 mebibytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="too-large",
    severity=Severity.ERROR,
    summary="an object that is larger than the API server takes",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)

_DATA = 1 << 20
_ANNOTATIONS = 256 << 10


def check(context: Context) -> Iterator[Finding]:
    """One finding for each object; small ones are not looked into."""
    for index in context.objects.values():
        for unit in index.units:
            for item in unit.objects:
                found = _excess(index, item) if len(item.raw) > _ANNOTATIONS else None
                if found:
                    path, size, largest = found
                    message = f"{item}: {path[-1]} has {size >> 10} KiB, at most {largest >> 10} KiB are allowed"
                    at = in_object(context, item, path)
                    hint = "split it, or let the program fetch it from elsewhere"
                    yield about_object(RULE, item, at, message, hint=hint)


def _excess(index: ObjectIndex, item: RenderedObject) -> tuple[tuple[str, ...], int, int] | None:
    body = index.body(item)
    annotations = _size(mapping(body.get("metadata")).get("annotations"), keys=True)
    if annotations > _ANNOTATIONS:
        return ("metadata", "annotations"), annotations, _ANNOTATIONS
    if item.kind in ("ConfigMap", "Secret") and "/" not in item.api_version:
        data = _size(body.get("data"), encoded=item.kind == "Secret") + _size(body.get("stringData"))
        data += _size(body.get("binaryData"), encoded=True)
        if data > _DATA:
            return ("data",), data, _DATA
    return None


def _size(value: Any, *, keys: bool = False, encoded: bool = False) -> int:
    """The bytes of a mapping of texts; base64 is a third longer than what it holds."""
    total = 0
    for key, text in mapping(value).items():
        length = len(text.encode()) if isinstance(text, str) else 0
        total += (length * 3 // 4 if encoded else length) + (len(key.encode()) if keys else 0)
    return total
