"""A typed plan as Markdown: the other direction of `parsing`. Reading what is composed gives the same plan again.

What the words of the document already say (a role by its section, an owner by the line above) is not annotated: it is
composed without, read, and only what came out differently is written beside the item; once more where that changes what
its sub-items take over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from elysium.errors import PlanError
from elysium.plans import words
from elysium.plans.document import annotating
from elysium.plans.document.headings import classify
from elysium.plans.document.parsing import parse
from elysium.plans.types import Attestation, Decision, Item, ItemList, Part, PartKind, Plan, PlannedComponent, Prose

__all__ = ["attested_words", "compose", "decided_words"]

_OUTSIDE = Part(kind=PartKind.PREAMBLE)
_DERIVED = ("role", "owner", "due", "deferred")


def compose(plan: Plan) -> str:
    """The Markdown of a plan; its `text` is not looked at. Raises PlanError for items that no Markdown says."""
    beside: dict[str, tuple[str, ...]] = {}
    while True:
        text = _written(plan, beside)
        read = {place.item.id: place.item for place in parse(text).places()}
        lost = next((place.item for place in plan.places() if place.item.id not in read), None)
        if lost is not None:
            hint = "its text reads as something else, such as a list or a heading: write it in other words"
            raise PlanError(f"the item {lost.id} cannot be composed", subject=plan.path or "plan", hint=hint)
        more = {place.item.id: _different(place.item, read[place.item.id]) for place in plan.places()}
        told = {name: tuple(dict.fromkeys((*beside.get(name, ()), *more[name]))) for name in more}
        changed = [place.item for place in plan.places() if told[place.item.id] != beside.get(place.item.id, ())]
        if not changed:
            return text
        beside = told
        if not any(item.items for item in changed):
            return _written(plan, beside)


def _different(item: Item, derived: Item) -> tuple[str, ...]:
    """What the words of the document say of an item that is not so."""
    return tuple(name for name in _DERIVED if getattr(item, name) != getattr(derived, name))


def _written(plan: Plan, beside: Mapping[str, tuple[str, ...]]) -> str:
    head = [*_head(plan)]
    blocks = [annotating.block(head).rstrip("\n")] if head else []
    for part in plan.parts:
        blocks += _part(part, beside, _OUTSIDE)
    return "\n\n".join(blocks) + "\n"


def _head(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.kind != "custom":
        yield "kind", plan.kind
    for name in ("name", "base", "created", "repaired"):
        if getattr(plan, name):
            yield name, getattr(plan, name)
    if plan.title != next((part.title for part in plan.parts if part.level == 1), ""):
        yield "title", plan.title
    for reliance in plan.relies:
        yield "relies", f"{reliance.path}@{reliance.digest}"
    for component in plan.components:
        yield "component", component_words(component)
    for contradiction in plan.contradictions:
        yield "contradiction", contradiction.words


def component_words(component: PlannedComponent) -> str:
    """A component as the document's annotation writes it."""
    preset = {"preset": component.preset} if component.preset else {}
    answers = {name: str(value) for name, value in component.answers.items()}
    pairs = (f"{name}={value}" for name, value in (preset | answers).items())
    return words.join((f"{component.kind}/{component.name}", *pairs))


def _part(part: Part, beside: Mapping[str, tuple[str, ...]], around: Part) -> Iterator[str]:
    if part.kind is not PartKind.PREAMBLE:
        yield _heading(part, around)
    for block in part.content:
        yield block.text if isinstance(block, Prose) else _list(block, beside)
    for inner in part.parts:
        yield from _part(inner, beside, part)


def _heading(part: Part, around: Part) -> str:
    words_ = _heading_words(part)
    own = [(name, getattr(part, name)) for name in ("owner", "due") if getattr(part, name) != getattr(around, name)]
    said = classify(words_, part.level, roadmap=False)
    if (said.kind, said.key) != (part.kind, part.key):
        own.append(_kind_word(part))
    own += [(name, "") for name in ("optional", "parallel") if getattr(part, name) and not getattr(said, name)]
    line = f"{'#' * part.level} {words_}"
    return f"{line} {annotating.inline(own)}" if own else line


def _heading_words(part: Part) -> str:
    match part.kind:
        case PartKind.PHASE:
            return f"Phase {part.number} – {part.title}"
        case PartKind.STEP:
            return f"Step {part.number}: {part.title}"
    return f"{part.number}. {part.title}" if part.number else part.title


def _kind_word(part: Part) -> tuple[str, str]:
    return (part.kind.value, part.key if part.kind is PartKind.SECTION else part.number)


def _list(block: ItemList, beside: Mapping[str, tuple[str, ...]]) -> str:
    above = f"**{block.owner}**\n\n" if block.owner else f"{block.label}\n\n" if block.label else ""
    return above + "\n".join(_item(item, beside, numbered=block.numbered) for item in block.items)


def _item(item: Item, beside: Mapping[str, tuple[str, ...]], *, numbered: bool) -> str:
    marker = "1. " if numbered else "- "
    box = "" if item.checkbox is None else "[x] " if item.checkbox else "[ ] "
    first, *more = item.text.split("\n")
    lines = [f"{marker}{box}{first} {annotating.inline(_item_words(item, beside))}", *more]
    for code in item.code:
        lines += ["", f"```{code.info}", *code.text.removesuffix("\n").split("\n"), "```"]
    lines += [""] if item.code and item.items else []
    for inner in item.items:
        lines += _item(inner, beside, numbered=False).split("\n")
    indent = " " * len(marker)
    return "\n".join([lines[0], *(f"{indent}{line}" if line else "" for line in lines[1:])])


def _item_words(item: Item, beside: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    yield "id", item.id
    for name in beside.get(item.id, ()):
        if getattr(item, name):
            yield name, str(getattr(item, name))
    if item.needs:
        yield "needs", ",".join(item.needs)
    for name, several in (("check", map(str, item.checks)), ("file", item.files), ("impact", item.impact)):
        for value in several:
            yield name, value
    if item.manual is not None:
        yield "manual", item.manual.what
        if item.manual.by:
            yield "attested", attested_words(item.manual)
    if item.decision is not None:
        chosen = item.decision.chosen
        yield ("decided", decided_words(item.decision)) if chosen else ("decision", "")


def attested_words(said: Attestation) -> str:
    """An attestation as an annotation writes it: who, when, what shows it, until when."""
    until = f"until {said.expires}" if said.expires else ""
    return " ".join(filter(None, (said.by, said.date, said.reference, until)))


def decided_words(said: Decision) -> str:
    """A decision as an annotation writes it: what, by whom, when, why, and what opens it again."""
    parts = (
        ("", said.chosen),
        ("by ", said.by),
        ("", said.date),
        ("because ", said.reason),
        ("revisit ", said.revisit),
    )
    return "; ".join(f"{word}{value}" for word, value in parts if value)
