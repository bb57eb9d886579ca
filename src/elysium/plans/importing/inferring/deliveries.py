"""``Create `apps/base/wiki/release.yaml` ``: paths that an item delivers or says to be there → `exists`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.importing.inferring import paths, workflows
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
    r"(?:\b(?:from|mirroring|via|using|per|like|by|following|see|into|matching|run|e\.g\.,?|for example|or)\W*"
    r"|\b(?:planned|future|later)\b[^.;]{0,40})$",
    re.IGNORECASE,
)
_UNSURE = re.compile(r"^\W{0,2}(?:or|etc)\b|^[^.;]{0,40}\bor (?:append|similar|another)\b")
_IN = re.compile(r" in `((?:[\w.-]+/)+)`")
_LOOSE = re.compile(r"^(?:documented?|updated?|translate|link|describe|validate|ensure)\b", re.IGNORECASE)
_INVENTORY = re.compile(r"^(?:\*\*)?`[^`]+`(?:\*\*)?(?:$| (?:-|–|—|for|with|defining) )")
_ANYWHERE = frozenset({
    "values.yaml", "namespace.yaml", "kustomization.yaml", "release.yaml", "README.md", "Dockerfile", "Chart.yaml",
    "deployment.yaml", "service.yaml", "ingress.yaml",
})  # fmt: skip
"""Names that many folders hold: without a folder they say nothing."""


def recognise(entry: Entry) -> Inferred | None:
    """The paths, when something is made, or when the item is one of a list of places. Not those that are only used."""
    if entry.section in ("rollback", "tests") or _GONE.match(entry.title) or workflows.recognise(entry):
        return None
    made = bool(_MADE.search(entry.title)) or _made_above(entry)
    if not (made or _INVENTORY.match(entry.text) or _is_place(entry)):
        return None
    named = tuple(dict.fromkeys(_paths(entry)))[: None if made else 1]
    found = tuple(path for path in named if not any(other.startswith(f"{path}/") for other in named))
    if not found:
        return None
    delivered = tuple(path for path in found if paths.is_file(path) and "*" not in path)
    files = delivered if made and entry.item.role is not Role.NOTE else ()
    return Inferred(checks=(("exists", *found),), files=files, manual=bool(_LOOSE.match(entry.title)))


def _is_place(entry: Entry) -> bool:
    """``**Flux entry point**: `clusters/home/apps.yaml` ``: a label, and nothing but one path."""
    return bool(entry.label) and bool(re.fullmatch(r"`[^`]+`", entry.rest.strip()))


def _made_above(entry: Entry) -> bool:
    """Whether the item around says that these are made: ``Author manifests under `k8s/`:``."""
    nearest = entry.above[-1] if len(entry.above) > 1 else ""
    return nearest.endswith(":") and bool(_MADE.search(nearest)) and entry.text.startswith("`")


def _paths(entry: Entry) -> Iterator[str]:
    for span, start in entry.spans:
        path = paths.path_of(span, entry.subject.roots)
        if not path or _added_to(entry, span, start):
            continue
        end = start + len(span) + 2
        if _REFERENCE.search(entry.text[:start]) or _UNSURE.match(entry.text[end:]):
            continue
        inside = _IN.match(entry.text[end:])
        if located := f"{inside[1]}{path}" if inside and "/" not in path else _located(path, entry):
            yield located


def _added_to(entry: Entry, span: str, start: int) -> bool:
    """Whether the path is a kustomization that something is added to."""
    before = entry.text[:start].rstrip().lower()
    return "kustomization.y" in span and before.endswith((" to", "update"))


def _located(path: str, entry: Entry) -> str:
    """Where the path is; empty where that is not certain.

    Below another item it is in that item's folder. A name alone is the one path that ends with it, in the folder of the
    application, or anywhere, unless many folders hold such a file.
    """
    if len(entry.above) > 1 and entry.directory:
        return paths.located(path, entry.directory)
    if path.startswith("templates/"):
        return ""
    if "/" in path or not paths.is_file(path):
        return path
    if path in entry.subject.known and path not in _ANYWHERE:
        return entry.subject.known[path]
    if entry.directory:
        return paths.located(path, entry.directory)
    return "" if path in _ANYWHERE else f"**/{path}"
