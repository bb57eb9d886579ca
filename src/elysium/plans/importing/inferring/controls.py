"""Controls of the security section: NetworkPolicies, security contexts, accounts → objects of the namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_POLICY = re.compile(r"\bNetworkPolic(?:y|ies)\b")
_ACCOUNT = re.compile(r"\bservice ?accounts?\b", re.IGNORECASE)
_FIELDS = ("runAsNonRoot", "readOnlyRootFilesystem")


def recognise(entry: Entry) -> Inferred | None:
    """What each word names, in the namespace of the application."""
    if not entry.subject.namespace or entry.section != "security":
        return None
    checks = tuple(_checks(entry, entry.subject.namespace))
    return Inferred(checks=checks) if checks else None


def _checks(entry: Entry, namespace: str) -> Iterator[tuple[str, ...]]:
    if _POLICY.search(entry.title):
        yield ("object", f"NetworkPolicy/{namespace}/*")
    for field in _FIELDS:
        if field in entry.title:
            yield ("object", f"*/{namespace}/*", "contains", f"/{field}..true/")
    if _ACCOUNT.search(entry.title):
        yield ("object", f"ServiceAccount/{namespace}/*")
        yield ("no-object", f"ClusterRoleBinding//*{entry.subject.name}*")
