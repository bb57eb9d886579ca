"""What a release says in its values: sizes, counts, contexts. They can be looked up where its chart is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.evaluate.workloads import mapping
from elysium.plans.deploying.lines import Entry, at, check, code
from elysium.plans.deploying.subject import Subject

__all__ = ["CONTEXT", "COUNTS", "NETWORK", "RESOURCES", "STORAGE", "value_entry"]

RESOURCES = frozenset({"cpu", "memory"})
STORAGE = frozenset({"size", "storageClass", "storageClassName"})
COUNTS = frozenset({"architecture", "replicaCount", "replicas"})
CONTEXT = frozenset({"runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation"})
NETWORK = frozenset({"allowExternal", "allowExternalEgress"})
_DEEPEST = 12


def value_entry(subject: Subject, keys: frozenset[str], identifier: str, label: str) -> Iterator[Entry]:
    """The values with these names as one item; nothing where the release has none."""
    release = subject.release
    if release is None:
        return
    found = [(path, value) for path, value in _leaves(mapping(release.spec.get("values")), ()) if path[-1] in keys]
    if found:
        said = ", ".join(f"{code('.'.join(path))} {_text(value)}" for path, value in found)
        conditions = [f"{at('spec', 'values', *path)}={_text(value)}" for path, value in found]
        text = f"{label}: the values of {code(release.reference)} say {said}"
        yield Entry(id=identifier, text=text, checks=(check("object", release.reference, *conditions),))


def _leaves(body: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in body.items():
        if isinstance(value, dict) and len(path) < _DEEPEST:
            yield from _leaves(value, (*path, str(key)))
        elif isinstance(value, (str, int, float, bool)) and value != "":
            yield (*path, str(key)), value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
