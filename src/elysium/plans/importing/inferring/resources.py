"""``requests: CPU 500m, Memory 1Gi`` → the same in a pod of the namespace; limits of one cluster → its patch."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_KIND = re.compile(r"\b(requests?|limits?)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\b(cpu|memory)[ :=]{1,3}(\d{1,6}(?:\.\d{1,3})?(?:m|[KMGT]i?)?)(?![\w.])", re.IGNORECASE)
_PARTICULAR = re.compile(r"\b(?:production|environment|cluster)-specific\b", re.IGNORECASE)


def _patches(entry: Entry) -> tuple[str, ...]:
    """The patches that lie in the folder of the entry."""
    return tuple(name for name in entry.subject.patches if "/" not in name)


def recognise(entry: Entry) -> Inferred | None:
    """Requests or limits with their amounts; limits of one cluster in the patches of its overlay."""
    kind = _KIND.search(entry.title)
    if kind and _PARTICULAR.search(entry.title) and entry.directory != entry.subject.directory:
        return Inferred(checks=tuple(("contains", f"{entry.directory}/{name}", "limits") for name in _patches(entry)))
    found = {name.lower(): amount for name, amount in _AMOUNT.findall(entry.title)}
    if not entry.subject.namespace or not kind or not found:
        return None
    place = f"spec.template.spec.containers.*.resources.{kind[1].lower().rstrip('s')}s"
    asked = tuple(f"{place}.{name}={amount}" for name, amount in found.items())
    return Inferred(checks=(("object", f"*/{entry.subject.namespace}/*", *asked),))
