"""``New `wiki` namespace`` → `object Namespace//wiki`, declared as impact; namespaces of a named file → `yaml`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_NEW = re.compile(
    r"\b(?:new|create|add) (?:the )?(?:`(?P<a>[a-z0-9-]+)` namespace|namespace:? `(?P<b>[a-z0-9-]+)`)", re.I
)
_CREATED = re.compile(r"`(?P<file>[\w./-]+\.ya?ml)` (?:is |was )?(?:created|written|committed) with .*namespaces", re.I)
_APPLIED = re.compile(r"^namespaces? (?:applied|created)\b", re.IGNORECASE)
_FILE = "namespaces.yaml"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def recognise(entry: Entry) -> Inferred | None:
    """One new namespace, or several that a file holds."""
    found = _NEW.search(entry.text)
    if found:
        name = found["a"] or found["b"]
        reference = f"Namespace//{name}"
        return Inferred(checks=(("object", reference),), impact=(reference,))
    held = _CREATED.search(entry.text)
    path = held["file"] if held else entry.subject.known.get(_FILE, "") if _APPLIED.match(entry.title) else ""
    names = [span for span, _ in entry.spans if _NAME.fullmatch(span)]
    if not names or "/" not in path:
        return None
    return Inferred(checks=(("yaml", path, *(f"metadata.name={name}" for name in names)),))
