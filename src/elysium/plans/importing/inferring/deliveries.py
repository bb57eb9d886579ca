"""``Create `apps/base/wiki/release.yaml` ``: paths that an item delivers or says to be there → `exists`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.importing.inferring import paths
from elysium.plans.importing.inferring.types import Entry, Inferred
from elysium.plans.types import Role

__all__ = ["recognise"]

_GONE = re.compile(r"^(?:delete|remove|retire|archive|decommission|suspend|revert|drop|if|when|test|run|open)\b", re.I)
_MADE = re.compile(
    r"\b(?:create[ds]?|add(?:ed)?|write|wrote|author(?:ed)?|suppl(?:y|ied)|provided?|scaffold(?:ed)?|defined?"
    r"|implement(?:ed)?|included?|documente?d?|generated?|configured|committed|updated?|placed?|absence/presence)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:from|mirroring|via|using|per|like|by|following|see|into|matching|run|with|e\.g\.,?|for example|or)\W*$", re.I
)
_UNSURE = re.compile(r"^\W{0,2}(?:or|etc)\b")
_LOOSE = re.compile(r"^(?:document|update|translate|link|describe)", re.IGNORECASE)
_INVENTORY = re.compile(r"^(?:\*\*)?`[^`]+`(?:\*\*)?(?:$| (?:-|–|—|for|with|defining|guarded) )")


def recognise(entry: Entry) -> Inferred | None:
    """The paths, when something is made, or when the item is one of a list of places. Not those that are only used."""
    if (entry.place.section and entry.section in ("rollback", "tests")) or _GONE.match(entry.title):
        return None
    inventory = bool(_INVENTORY.match(entry.text)) or _is_place(entry)
    if not (inventory or _MADE.search(entry.title) or _made_above(entry)):
        return None
    found = tuple(dict.fromkeys(_paths(entry, first_only=inventory and not _MADE.search(entry.title))))
    if not found:
        return None
    delivered = () if entry.item.role is Role.NOTE else found
    return Inferred(checks=(("exists", *found),), files=delivered, manual=bool(_LOOSE.match(entry.title)))


def _is_place(entry: Entry) -> bool:
    """``**Flux entry point**: `clusters/home/apps.yaml` ``: a label, and nothing but one path."""
    return bool(entry.label) and bool(re.fullmatch(r"`[^`]+`", entry.rest.strip()))


def _made_above(entry: Entry) -> bool:
    """Whether the item around says that these are made: ``Author manifests under `k8s/`:``."""
    nearest = entry.above[-1] if entry.above else ""
    return nearest.endswith(":") and bool(_MADE.search(nearest)) and bool(_INVENTORY.match(entry.text))


def _paths(entry: Entry, *, first_only: bool) -> Iterator[str]:
    for span, start in entry.spans:
        path = paths.path_of(span, entry.subject.roots)
        if not path or (span.endswith(("kustomization.yaml", "kustomization.yml")) and _added_to(entry, start)):
            continue
        end = start + len(span) + 2
        if _REFERENCE.search(entry.text[:start]) or _UNSURE.match(entry.text[end:]):
            continue
        yield _located(path, entry)
        if first_only:
            return


def _added_to(entry: Entry, start: int) -> bool:
    return entry.text[:start].rstrip().lower().endswith((" to", "update"))


def _located(path: str, entry: Entry) -> str:
    """Below the folder around: a bare name always, a path when the item around names the folder that it is in."""
    inside = len(entry.above) > 1
    if "/" not in path and (paths.is_file(path) or inside):
        return paths.located(path, entry.directory)
    return (
        paths.located(path, entry.directory) if inside and path.partition("/")[0] not in entry.subject.roots else path
    )
