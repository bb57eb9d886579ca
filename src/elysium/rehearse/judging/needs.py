"""What an object waits for, read from the message that says so: an object by name, and the unit that would make it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from elysium.model import ObjectId, UnitId
from elysium.rehearse.judging.world import Places

__all__ = ["missing_objects", "needed"]

_NAMED: tuple[tuple[re.Pattern[str], str, str, bool], ...] = (
    (re.compile(r"namespaces \"([^\"]+)\" not found"), "", "Namespace", False),
    (re.compile(r"serviceaccount \"([^\"]+)\" not found", re.IGNORECASE), "", "ServiceAccount", True),
    (re.compile(r"storageclass\.storage\.k8s\.io \"([^\"]+)\" not found"), "storage.k8s.io", "StorageClass", False),
    (re.compile(r"no PriorityClass with name (\S+) was found"), "scheduling.k8s.io", "PriorityClass", False),
    (re.compile(r"RuntimeClass \"([^\"]+)\" not found"), "node.k8s.io", "RuntimeClass", False),
    (re.compile(r"persistentvolumeclaim \"([^\"]+)\" not found"), "", "PersistentVolumeClaim", True),
    (re.compile(r"secrets? \"([^\"]+)\" not found", re.IGNORECASE), "", "Secret", True),
    (re.compile(r"configmaps? \"([^\"]+)\" not found", re.IGNORECASE), "", "ConfigMap", True),
)
"""The server's and the controllers' words, with the group and kind that they mean; last: whether it has a namespace."""

_KIND = re.compile(r"no matches for kind \"([^\"]+)\" in version \"([^/\"]+)/[^\"]+\"")


def missing_objects(message: str, namespace: str, places: Places) -> Iterable[ObjectId]:
    """The objects that a message misses and that some unit makes."""
    for pattern, group, kind, namespaced in _NAMED:
        for name in pattern.findall(message):
            wanted = ObjectId(group, kind, namespace if namespaced else "", name)
            if wanted in places:
                yield wanted
    for kind, group in _KIND.findall(message):
        yield from sorted(item for item in places if _defines(item, kind, group))


def needed(message: str, namespace: str, places: Places) -> tuple[ObjectId, UnitId] | None:
    """The first of them with the unit that makes it."""
    found = next(iter(missing_objects(message, namespace, places)), None)
    return None if found is None else (found, places[found].unit)


def _defines(item: ObjectId, kind: str, group: str) -> bool:
    plural, _, of = item.name.partition(".")
    return item.kind == "CustomResourceDefinition" and of == group and plural.startswith(kind.lower()[:-1])
