"""``50Gi PVC for data, 10Gi for WAL`` → `claim`, of the application's namespace."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_STORAGE = re.compile(r"\b(?:pvcs?|volumes?|persisten\w+|storage|disks?)\b", re.IGNORECASE)
_SIZE = re.compile(r"(?<![\w.])(\d{1,6}[MGT]i)\b(?! (?:RAM|memory))")
_LOCAL = re.compile(r"\bvolumes? on local storage\b|\blocal volumes?\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """Each size, and local storage as the class of a claim."""
    namespace = entry.subject.namespace
    if not namespace or not _STORAGE.search(entry.title) or entry.section == "rollback":
        return None
    if _LOCAL.search(entry.title):
        return Inferred(checks=(("claim", f"{namespace}/*", "class~local"),))
    sizes = dict.fromkeys(_SIZE.findall(entry.text))
    return Inferred(checks=tuple(("claim", f"{namespace}/*", f"size={size}") for size in sizes)) if sizes else None
