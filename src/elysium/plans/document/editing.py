"""Changes to the text of a plan that touch nothing else: words beside an item, and at the head of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from elysium.errors import PlanError
from elysium.plans.document import annotating
from elysium.plans.document.composing import attested_words, decided_words
from elysium.plans.document.markdown import beginning, lines_of
from elysium.plans.types import Attestation, Decision, Item, Plan

__all__ = ["attested", "beside", "decided", "headed"]


def beside(text: str, said: Mapping[int, Sequence[Sequence[tuple[str, str]]]]) -> str:
    """The text with these annotations at the ends of lines (from 1), in the place of those that are there."""
    lines = lines_of(text)
    for number, given in said.items():
        line = annotating.bare(lines[number - 1])
        end = len(line.rstrip())
        tail = "".join(f" {annotating.inline(pairs)}" for pairs in given)
        lines[number - 1] = line[:end] + tail + line[end:]
    return "".join(lines)


def headed(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The text with this annotation of the document, in the place of the one that is there."""
    found = annotating.head(text)
    start = found.start if found else beginning(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    rest = text[found.end :] if found else text[start:]
    return text[:start] + annotating.block(pairs, newline) + rest


def attested(plan: Plan, name: str, said: Attestation) -> str:
    """The text of a plan in which somebody attests an item. Raises PlanError when there is no such item."""
    return _replaced(plan, name, "attested", attested_words(said))


def decided(plan: Plan, name: str, said: Decision) -> str:
    """The text of a plan in which an item is decided. Raises PlanError when there is no such item."""
    return _replaced(plan, name, "decided", decided_words(said))


def _replaced(plan: Plan, name: str, key: str, value: str) -> str:
    item = _item(plan, name)
    given = annotating.tails(plan.text).get(item.line, ())
    read = [annotating.read(one, annotating.ITEM_KEYS, plan.path) for one in given]
    own = next((at for at, pairs in enumerate(read) if ("id", name) in pairs), 0 if len(read) == 1 else -1)
    kept = [pair for pair in (read[own] if own >= 0 else (("id", name),)) if pair[0] != key]
    changed = (*kept, (key, value)) if any(pair[0] == "id" for pair in kept) else (("id", name), *kept, (key, value))
    said = [*read[:own], changed, *read[own + 1 :]] if own >= 0 else [*read, changed]
    return beside(plan.text, {item.line: said})


def _item(plan: Plan, name: str) -> Item:
    names = []
    for place in plan.places():
        names.append(place.item.id)
        if place.item.id == name:
            return place.item
    near = ", ".join(sorted(names, key=lambda known: (known[:2] != name[:2], known))[:5])
    raise PlanError(f"there is no item {name!r}", subject=plan.path or "plan", hint=f"items are {near}, …")
