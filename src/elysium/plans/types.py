"""What a plan is: a document for people, read into frozen data.

A plan is a tree of parts (headings), and a part holds prose and items (list entries). An item says what has to be true,
how that is told (`checks`, an attestation, a decision) and whose it is. What a person typed about progress is a claim;
the state is computed from results, never typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

__all__ = [
    "Attestation",
    "Check",
    "Claim",
    "Code",
    "Decision",
    "Item",
    "ItemPlace",
    "Mark",
    "Part",
    "PartKind",
    "Plan",
    "PlannedComponent",
    "Prose",
    "RegisteredContradiction",
    "Reliance",
    "Role",
]


class Mark(StrEnum):
    """The state of an item, a step or a phase; the first four have a sign that people type."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    PENDING = "pending"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class PartKind(StrEnum):
    """What a heading begins. A `section` has a known meaning (`key`); anything else is a `heading`."""

    PREAMBLE = "preamble"
    PHASE = "phase"
    SECTION = "section"
    STEP = "step"
    HEADING = "heading"


class Role(StrEnum):
    """What an item is for. A `note` is text in the form of a list: it has no result unless it claims one."""

    TASK = "task"
    DELIVERABLE = "deliverable"
    CRITERION = "criterion"
    DECISION = "decision"
    RISK = "risk"
    REQUIREMENT = "requirement"
    IMPACT = "impact"
    TEST = "test"
    ROLLBACK = "rollback"
    DOCUMENT = "document"
    CONTROL = "control"
    OBSERVATION = "observation"
    NOTE = "note"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A mark that somebody typed: the sign, the words beside it, and its line (from 1)."""

    mark: Mark
    words: str
    line: int = 0


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """How an item is told: a verb of `elysium.plans.checks` with its arguments; `run` is a command."""

    verb: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        from elysium.plans.words import shown  # noqa: PLC0415 - the words need no types

        return shown((self.verb, *self.arguments))


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be attested (`what`), and who says that it is so, when (ISO date), and what shows it."""

    what: str = ""
    by: str = ""
    date: str = ""
    reference: str = ""
    expires: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, by whom, when, why, and what would open it again. Empty while it is open."""

    chosen: str = ""
    by: str = ""
    date: str = ""
    reason: str = ""
    revisit: str = ""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A fenced block that belongs to an item or a part: its info string, text and first line."""

    info: str
    text: str
    line: int = 0


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `text` is its Markdown without marker, checkbox and annotations; `title` that without formatting.

    `manual` and `decision` say how an item without checks is told; `deferred` is the trigger on which it comes back.
    `files` are what it delivers, `impact` the objects (`Kind/namespace/name`) that it declares.
    """

    id: str
    text: str
    role: Role = Role.TASK
    owner: str = ""
    due: str = ""
    checkbox: bool | None = None
    needs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    manual: Attestation | None = None
    decision: Decision | None = None
    deferred: str = ""
    files: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    label: str = ""
    claims: tuple[Claim, ...] = ()
    code: tuple[Code, ...] = ()
    items: tuple[Item, ...] = ()
    line: int = 0
    end: int = 0
    stated: bool = True
    """Whether the id stands in the text; otherwise it comes from the place."""

    @property
    def title(self) -> str:
        """The text in one line, without marks of formatting."""
        from elysium.plans.words import plain  # noqa: PLC0415 - the words need no types

        return plain(self.text)


class Prose(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Markdown that is no item, as it was written."""

    text: str
    line: int = 0


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with everything below it. `number` is what the heading says (`0.5`), `key` the section's known name.

    `line` is the heading's, `end` the line after the last one. `before` is the prose and the items between the heading
    and its first sub-heading, in their order.
    """

    kind: PartKind
    title: str = ""
    number: str = ""
    key: str = ""
    level: int = 0
    owner: str = ""
    due: str = ""
    optional: bool = False
    parallel: bool = False
    claims: tuple[Claim, ...] = ()
    content: tuple[Prose | ItemList, ...] = ()
    parts: tuple[Part, ...] = ()
    line: int = 0
    end: int = 0

    @property
    def items(self) -> tuple[Item, ...]:
        """Its own items, without those of its parts."""
        return tuple(item for block in self.content if isinstance(block, ItemList) for item in block.items)


class ItemList(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A list: what stands above it (`Tasks:`, an owner), whether it is numbered, and its items."""

    label: str = ""
    owner: str = ""
    numbered: bool = False
    items: tuple[Item, ...] = ()
    line: int = 0


class Reliance(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the plan was made from, with the digest (`sha256:…`) of its text then: is it still the same?"""

    path: str
    digest: str


class RegisteredContradiction(msgspec.Struct, frozen=True, kw_only=True):
    """A contradiction that a person found and wrote into the plan: its words, and the line it is about."""

    words: str
    line: int = 0


class PlannedComponent(msgspec.Struct, frozen=True, kw_only=True):
    """A component that applying the plan writes: what `elysium new KIND NAME` is given."""

    kind: str
    name: str
    preset: str = ""
    answers: dict[str, Any] = {}
    line: int = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document: `text` is every byte of it, the rest is what was read from it."""

    text: str
    kind: str = "custom"
    name: str = ""
    title: str = ""
    base: str = ""
    created: str = ""
    repaired: str = ""
    relies: tuple[Reliance, ...] = ()
    components: tuple[PlannedComponent, ...] = ()
    contradictions: tuple[RegisteredContradiction, ...] = ()
    parts: tuple[Part, ...] = ()
    path: str = ""

    def places(self) -> Iterator[ItemPlace]:
        """Every item with where it stands, parents before their sub-items."""
        for part in self.parts:
            yield from _places(part, ItemPlace(item=_NO_ITEM))

    def all_parts(self) -> Iterator[Part]:
        """Every part, each before its sub-parts."""
        waiting = list(reversed(self.parts))
        while waiting:
            part = waiting.pop()
            yield part
            waiting += reversed(part.parts)


class ItemPlace(msgspec.Struct, frozen=True, kw_only=True):
    """An item with the phase, the section and the step around it, and the items that it is a part of."""

    item: Item
    phase: Part | None = None
    section: Part | None = None
    step: Part | None = None
    part: Part | None = None
    parents: tuple[str, ...] = ()


_NO_ITEM = Item(id="", text="")


def _places(part: Part, around: ItemPlace) -> Iterator[ItemPlace]:
    if part.kind in (PartKind.PHASE, PartKind.SECTION, PartKind.STEP):
        around = msgspec.structs.replace(around, **{part.kind.value: part})
    around = msgspec.structs.replace(around, part=part)
    for item in part.items:
        yield from _item_places(item, around)
    for inner in part.parts:
        yield from _places(inner, around)


def _item_places(item: Item, around: ItemPlace) -> Iterator[ItemPlace]:
    yield msgspec.structs.replace(around, item=item)
    inside = msgspec.structs.replace(around, parents=(*around.parents, item.id))
    for inner in item.items:
        yield from _item_places(inner, inside)
