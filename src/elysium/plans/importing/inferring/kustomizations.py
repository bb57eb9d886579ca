"""``Add to `apps/home/kustomization.yaml` `` → `listed`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_ADDED = re.compile(
    r"^(?:\S+ ){0,4}?(?:add|list|include|register|update)\b(?P<what>[^.]*?)`(?P<file>[\w./-]*kustomization\.ya?ml)`",
    re.I,
)
_NAME = re.compile(r"`([\w./-]+)`")


def recognise(entry: Entry) -> Inferred | None:
    """What is added: a name before the file, in an overlay the application's patches, elsewhere the application."""
    found = _ADDED.search(entry.text)
    if not found or "/" not in found["file"] or "<" in found["file"]:
        return None
    named = _NAME.findall(found["what"])
    added = named or _of_subject(entry, found["file"].rpartition("/")[0])
    return Inferred(checks=(("listed", found["file"], *added),)) if added else None


def _of_subject(entry: Entry, folder: str) -> list[str]:
    subject = entry.subject
    if not subject.name:
        return []
    if subject.directory.rpartition("/")[0] == folder:
        return [subject.name]
    return [patch.rpartition("/")[2] if "/" not in patch else patch for patch in subject.patches]
