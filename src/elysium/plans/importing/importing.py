"""Free-form Markdown to a typed plan: nothing is changed, annotations are added beside what is there.

`annotating.without` of the result gives the document back, byte for byte; only an encoding that was repaired stays so.
An owner is written where the document states one, never the one before by silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from elysium.errors import PlanError
from elysium.plans import words
from elysium.plans.document import annotating, editing
from elysium.plans.document.annotating import Annotation
from elysium.plans.document.markdown import lines_of
from elysium.plans.document.parsing import parse
from elysium.plans.importing import blocks
from elysium.plans.importing.components import component_of
from elysium.plans.importing.encoding import decode
from elysium.plans.importing.inferring import Entry, Inferred, infer, subject_of
from elysium.plans.importing.recognising import kind_of
from elysium.plans.types import Item, Plan, Role

__all__ = ["Imported", "import_plan"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FORMAL = re.compile(r"^(?:implementation )?plan(?: of| for)?\b:?|(?:implementation )?plan$", re.IGNORECASE)
_LONGEST_NAME = 48
_ATTEMPTS = 8


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """The text of the plan, what it is read as, and what a person should know about how it came to be."""

    text: str
    plan: Plan
    notes: tuple[str, ...] = ()


def import_plan(data: bytes, name: str, *, kind: str = "", block: int = 0) -> Imported:
    """A document, or the fenced example number `block` in it, as a plan. `name` is the file's, for errors.

    Raises PlanError when the bytes are no UTF-8, or hold annotations of Elysium that are broken.
    """
    decoded = decode(data, name)
    text, plan = decoded.text, parse(decoded.text, name)
    notes = list(decoded.notes)
    if block:
        text = blocks.block(plan, block, name).text
        plan = parse(text, f"{name}, example {block}")
    elif quoted := blocks.blocks(plan):
        notes.append(f"the document quotes {len(quoted)} plan(s): `--block 1` imports the first by itself")
    if annotating.head(text):
        return Imported(text=text, plan=plan, notes=(*notes, "the document is a plan already: nothing was added"))
    told = tuple(infer(plan))
    head = _head(plan, kind or kind_of(plan), decoded.repaired)
    lines = _lines(plan, told)
    result = _annotated(plan, head, lines)
    left = len(lines) + len(annotating.tails(text)) - len(annotating.tails(result.text))
    if left:
        notes.append(f"{left} lines stay without annotation: with it the plan would be too long, or say something else")
    return Imported(text=result.text, plan=result, notes=(*notes, *_said(result)))


# The document's own annotation


def _head(plan: Plan, kind: str, repaired: str) -> Annotation:
    subject = subject_of(plan)
    short = words.slug(_FORMAL.sub("", words.plain(plan.title)))[:_LONGEST_NAME].strip("-.")
    name = subject.name if kind == "deploy-app" and subject.name else short
    component = component_of(plan, subject) if kind == "deploy-app" else ""
    said = {"kind": kind, "name": name, "title": _clean(words.plain(plan.title)), "repaired": repaired}
    pairs = tuple((key, value) for key, value in said.items() if _can_stand(value))
    return (*pairs, ("component", component)) if component else pairs


# What stands beside the items


def _lines(plan: Plan, told: Sequence[tuple[Entry, Inferred]]) -> dict[int, list[Annotation]]:
    """Annotations by line. Lines that two entries share, or that are annotated already, stay as they are."""
    shared = Counter(entry.item.line for entry, _ in told if entry.item.label != "Exit criteria")
    taken = annotating.tails(plan.text)
    found: dict[int, list[Annotation]] = {}
    for entry, inferred in told:
        item = entry.item
        if item.line in taken or shared[item.line] > 1 or not item.text.strip() or not _speaks(item, inferred):
            continue
        found.setdefault(item.line, []).append(_pairs(item, inferred, entry))
    return found


def _speaks(item: Item, inferred: Inferred) -> bool:
    """A note stays text, unless it claims something or something is told of it."""
    return item.role is not Role.NOTE or bool(item.claims or inferred.checks or inferred.decision or inferred.deferred)


def _pairs(item: Item, inferred: Inferred, entry: Entry) -> Annotation:
    pairs: list[tuple[str, str]] = [("id", item.id)] if _ID.fullmatch(item.id) else []
    pairs += [("owner", item.owner)] if item.owner and not entry.place.parents else []
    pairs += [("due", inferred.due)] if inferred.due else []
    pairs += [("check", _spoken(check)) for check in inferred.checks]
    pairs += [("file", path) for path in inferred.files]
    pairs += [("impact", name) for name in inferred.impact]
    pairs += [("manual", "")] if inferred.manual else []
    pairs += [("decided", inferred.decided)] if inferred.decided else [("decision", "")] if inferred.decision else []
    pairs += [("deferred", inferred.deferred)] if inferred.deferred else []
    pairs += [("role", Role.NOTE.value)] if (entry.option or _NONE.match(entry.rest)) and not inferred.checks else []
    return tuple((key, _clean(value)) for key, value in pairs if not value or _can_stand(value))


def _spoken(check: Sequence[str]) -> str:
    """The words of a check; what has no blank and no quote needs none, for the annotation escapes the rest."""
    return " ".join(word if _PLAIN.fullmatch(word) else words.join([word]) for word in check)


_NONE = re.compile(r"(?:none|n/a|nothing|not (?:needed|required|applicable))\b", re.IGNORECASE)
"""What a plan says it does not need is no work."""
_PLAIN = re.compile(r"[^\s\"\\]+")


def _clean(value: str) -> str:
    return " ".join(value.split())


def _can_stand(value: str) -> bool:
    """Whether a value can stand inside of a comment."""
    return bool(_clean(value)) and "<!--" not in value and value.isprintable()


# Putting it together


def _annotated(plan: Plan, head: Annotation, lines: Mapping[int, Sequence[Annotation]]) -> Plan:
    """The plan with its annotations. A line that cannot carry one (it would be read as something else) goes without."""
    kept = dict(lines)
    for _ in range(_ATTEMPTS):
        text = editing.headed(editing.beside(plan.text, kept), head)
        try:
            result = parse(text, plan.path)
        except PlanError as error:
            place = error.subject.rpartition(":")[2].removeprefix("line ")
            wrong = int(place) - _offset(text) if place.isdecimal() else 0
            if wrong not in kept:
                break
            del kept[wrong]
            continue
        changed = _changed(plan, result, text)
        if not changed:
            return result
        kept = {line: given for line, given in kept.items() if line not in changed}
    text = editing.headed(plan.text, head)
    if annotating.without(text) != annotating.without(plan.text):
        return plan
    return parse(text, plan.path)


def _offset(text: str) -> int:
    """How many lines the document's annotation put before the rest."""
    head = annotating.head(text)
    return len(lines_of(text[head.start : head.end])) if head else 0


def _changed(before: Plan, after: Plan, text: str) -> set[int]:
    """Lines of items that an annotation made into something else; every line when the text does not come back."""
    was = [(place.item.id, place.item.text, place.item.line) for place in before.places()]
    if annotating.without(text) != annotating.without(before.text):
        return {line for _, _, line in was}
    now = Counter((place.item.id, place.item.text) for place in after.places())
    return {line for name, words_, line in was if not now[(name, words_)]}


# What a person should know


def _said(plan: Plan) -> tuple[str, ...]:
    items = [place.item for place in plan.places() if place.item.role is not Role.NOTE]
    checked = sum(bool(item.checks) for item in items)
    by_hand = sum(bool(item.manual or item.decision) and not item.checks for item in items)
    silent = sum(not (item.checks or item.manual or item.decision or item.items) for item in items)
    notes = [
        f"kind {plan.kind}: {len(items)} items, {checked} with checks, {by_hand} to attest or decide, "
        f"{silent} that nothing tells yet"
    ]
    ownerless = sum(not item.owner for item in items)
    if ownerless and ownerless < len(items):
        notes.append(f"{ownerless} items have no owner: the document names none for them")
    return tuple(notes)
