"""The items of a plan with their surroundings, and the application that a plan is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from elysium.plans.importing.inferring import decisions, paths
from elysium.plans.importing.inferring.types import Entry, Subject
from elysium.plans.types import Item, ItemPlace, Plan
from elysium.plans.words import plain

__all__ = ["LONGEST", "entries", "subject_of"]

LONGEST = 2000
"""Signs of an item that are looked at: a document may hold items of any length."""

_SPAN = re.compile(r"`([^`\n]{1,300})`")
_LABEL = re.compile(r"^(?:\*\*)?(?P<label>[A-Z][\w/& -]{1,40}?)(?:\*\*)?:(?:\*\*)? +(?P<rest>\S.*)", re.DOTALL)
_BASE = re.compile(r"(?:^|/)apps/base/([a-z0-9][a-z0-9-]*)(?:/|$)")
_NAMESPACE = re.compile(r"\bnamespace:? `([a-z0-9-]+)`|`([a-z0-9-]+)` namespace\b", re.IGNORECASE)
_REPOSITORY = re.compile(r"\bHelmRepository\b:? *([\w-]+)[^\n]{0,40}?((?:https|oci)://[^\s)`>]+)")
_SEALED = re.compile(r"([a-z0-9-]+)-sealed-secret\.ya?ml")


def subject_of(plan: Plan) -> Subject:
    """The application whose folder `apps/base/NAME` is named most often, with what else is said about it."""
    texts = [place.item.text[:LONGEST] for place in plan.places()]
    spans = [span for text in texts for span in _SPAN.findall(text)]
    named = Counter(found[1] for span in spans if (found := _BASE.search(span)))
    roots = paths.roots_of(spans)
    flux = bool(re.search(r"\bFlux\b", plan.text))
    known = _known(spans, roots)
    if not named:
        return Subject(roots=roots, known=known, flux=flux)
    name = named.most_common(1)[0][0]
    directory = next(
        span[: span.index(name)] + name for span in spans if (found := _BASE.search(span)) and found[1] == name
    )
    namespaces = [found[1] or found[2] for text in texts if (found := _NAMESPACE.search(text))]
    return Subject(
        name=name,
        namespace=(namespaces or [name])[0],
        directory=directory,
        patches=tuple(dict.fromkeys(span for span in spans if span.endswith(("-patch.yaml", "-patch.yml")))),
        secrets=tuple(dict.fromkeys(found[1] for span in spans if (found := _SEALED.search(span.rpartition("/")[2])))),
        repositories={found[1].lower(): found[2] for text in texts for found in _REPOSITORY.finditer(text)},
        roots=roots,
        known=known,
        flux=True,
    )


def _known(spans: list[str], roots: frozenset[str]) -> dict[str, str]:
    """Full paths of files by their names, where a name has one path only."""
    found: dict[str, set[str]] = {}
    for path in filter(None, (paths.path_of(span, roots) for span in spans)):
        if "/" in path and paths.is_file(path):
            found.setdefault(path.rpartition("/")[2], set()).add(path)
    return {name: next(iter(places)) for name, places in found.items() if len(places) == 1}


def entries(plan: Plan, subject: Subject) -> Iterator[Entry]:
    """Every item in its order. A name without a folder lies where its parent, its list or the application is."""
    parents: dict[str, Entry] = {}
    current: dict[int, str] = {}
    for place in plan.places():
        around = parents.get(place.parents[-1]) if place.parents else None
        key = id(place.part)
        directory = _own_directory(around) if around else current.get(key, subject.directory)
        entry = _entry(place, directory, around, subject)
        parents[place.item.id] = entry
        if subject.name and not place.parents:
            current[key] = _directory_after(entry, directory)
        yield entry


def _entry(place: ItemPlace, directory: str, around: Entry | None, subject: Subject) -> Entry:
    item: Item = place.item
    text = " ".join(item.text.split())[:LONGEST]
    title = plain(text)
    found = _LABEL.match(text)
    above = (*around.above, around.title) if around else (item.label,)
    return Entry(
        item=item, place=place, text=text, title=title,
        label=plain(found["label"]) if found else "", rest=found["rest"] if found else text,
        spans=tuple((found[1], found.start()) for found in _SPAN.finditer(text)),
        directory=directory, above=above, subject=subject,
        option=bool(around and (around.option or decisions.is_open(around))),
    )  # fmt: skip


def _own_directory(entry: Entry) -> str:
    """The folder that an entry hands on to those below it: one that it names itself, or its own."""
    for span, _ in entry.spans:
        path = paths.path_of(span, entry.subject.roots)
        if path and not paths.is_file(path):
            return paths.located(path, entry.directory) if len(entry.above) > 1 else path
    return entry.directory if len(entry.above) > 1 or entry.subject.name else ""


def _directory_after(entry: Entry, directory: str) -> str:
    """The folder of what follows in the same part: that of a kustomization to which something was added."""
    for span, _ in entry.spans:
        path = paths.path_of(span, entry.subject.roots)
        if path and "/" in path:
            return path.rpartition("/")[0] if paths.is_file(path) else path
    return directory
