"""Lists as items: what each entry is, whose it is, how it is told, and what it is called."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from elysium.errors import PlanError
from elysium.plans.document import annotating, labels
from elysium.plans.document.claims import claims_of
from elysium.plans.document.item_words import fields_of
from elysium.plans.document.markdown import Block, BlockKind, Entry
from elysium.plans.types import Code, Item, ItemList, PartKind, RegisteredContradiction, Role
from elysium.plans.words import slug

__all__ = ["Around", "ItemReader", "prefix_of"]

_CHECKBOX = re.compile(r"\[(?P<mark>[ xX])\][ \t]+")
_LATER = re.compile(r"\((?:deferred|optional)(?: (?:until|unless|to))?(?P<trigger>[^)]*)\)|deferred:", re.IGNORECASE)
_NOTHING = re.compile(
    r"(?:\*\*[^*\n]{1,60}\*\*[ :]*)?(?:none|nothing|n/a)(?=[ \t]*(?:$|[.,;:(–—-]|because\b|needed\b|required\b))",
    re.IGNORECASE,
)
_FUTURE = "future"
_STATED = re.compile(r'(?:^|\s)id="?([A-Za-z0-9._-]+)')
"""Ids that are given anywhere in the document: what is told from a place never takes one of them."""
_LONGEST_PREFIX = 30


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around a list: the prefix of its ids, the kind of its part, the section's key, the owner and date."""

    prefix: str
    kind: PartKind
    section: str = ""
    owner: str = ""
    due: str = ""
    phase: bool = False
    steps: bool = False


class ItemReader:
    """Reads the lists of one document. Every annotation is taken once; what is left belongs to nothing."""

    def __init__(self, tails: Mapping[int, tuple[str, ...]], path: str) -> None:
        self._tails = dict(tails)
        self._path = path
        self._counts: Counter[str] = Counter()
        self._ids: dict[str, int] = {}
        self._stated = {name for tail in tails.values() for words in tail for name in _STATED.findall(words)}
        self.contradictions: list[RegisteredContradiction] = []

    def place(self, line: int) -> str:
        """A line of the document, as errors name it."""
        return f"{self._path}:{line}" if self._path else f"line {line}"

    def take(self, line: int, end: int, keys: frozenset[str]) -> tuple[annotating.Annotation, ...]:
        """The annotations at the ends of lines `line` up to, without, `end`."""
        found = [
            annotating.read(words, keys, self.place(number))
            for number in range(line, end)
            for words in self._tails.pop(number, ())
        ]
        for annotation in found:
            words = annotating.values(annotation, "contradiction")
            self.contradictions += [RegisteredContradiction(words=word, line=line) for word in words]
        return tuple(found)

    def refuse_left_over(self) -> None:
        """Raises PlanError for an annotation that is neither an item's nor a heading's."""
        for line in sorted(self._tails):
            hint = "write it at the end of the first line of a list entry, or of a heading"
            raise PlanError("an annotation belongs to nothing", subject=self.place(line), hint=hint)

    def lists(self, block: Block, label: str, owner: str, around: Around) -> Iterator[ItemList]:
        """A list as items. Where a blank line parts entries that otherwise stand together, nobody is named below it."""
        for number, entries in enumerate(_stretches(block.entries) if owner else [block.entries]):
            above = (label, owner) if not number else ("", "")
            yield self._list(entries, above, numbered=block.numbered, around=around)

    def _list(self, entries: Sequence[Entry], above: tuple[str, str], *, numbered: bool, around: Around) -> ItemList:
        label, owner = above
        around = msgspec.structs.replace(around, owner=owner or around.owner)
        role = _role(label, numbered=numbered, owned=bool(owner), around=around)
        items = tuple(self._item(entry, role, label, around) for entry in entries)
        return ItemList(label=label, owner=owner, numbered=numbered, items=items, line=entries[0].line)

    def criteria(self, block: Block, around: Around) -> ItemList | None:
        """The items of a paragraph `Exit criteria: a; b.`; None for any other paragraph."""
        bare = "\n".join(annotating.bare(row) for row in block.text.split("\n"))
        said = labels.exit_criteria(bare)
        if not said:
            return None
        given = self.take(block.line, block.end, annotating.ITEM_KEYS)
        items = tuple(
            self._made(text, given[number] if number < len(given) else (), (block.line, block.end), around)
            for number, text in enumerate(said)
        )
        return ItemList(label="Exit criteria", items=items, line=block.line)

    def _made(self, text: str, given: annotating.Annotation, lines: tuple[int, int], around: Around) -> Item:
        fields: dict[str, Any] = {"role": Role.CRITERION, "owner": around.owner, "due": around.due}
        fields |= fields_of(given, self.place(lines[0]))
        fields |= self._named(fields, f"{around.prefix}-exit", lines[0])
        found = claims_of(text, lines[0])
        return Item(text=text, label="Exit criteria", claims=found, line=lines[0], end=lines[1], **fields)

    def _item(self, entry: Entry, role: Role, label: str, around: Around) -> Item:
        given = tuple(pair for one in self.take(entry.line, entry.text_end, annotating.ITEM_KEYS) for pair in one)
        text = "\n".join(annotating.bare(row) for row in entry.text.split("\n"))
        box = _CHECKBOX.match(text)
        text = text[box.end() :] if box else text
        fields: dict[str, Any] = {"owner": around.owner, "due": around.due, "deferred": _deferred(label, text, around)}
        fields["role"] = (
            Role.NOTE
            if _NOTHING.match(text) and not given
            else Role.TASK
            if role is Role.NOTE and (box or given)
            else role
        )
        fields |= fields_of(given, self.place(entry.line))
        fields |= self._named(fields, around.prefix, entry.line)
        inside = msgspec.structs.replace(around, prefix=fields["id"], owner=fields["owner"], due=fields["due"])
        return Item(
            text=text,
            checkbox=box["mark"] != " " if box else None,
            label=label,
            claims=claims_of(text, entry.line),
            code=tuple(_code(entry.blocks)),
            items=tuple(self._inner(entry.blocks, role, inside)),
            line=entry.line,
            end=entry.end,
            **fields,
        )

    def _inner(self, blocks: Sequence[Block], role: Role, around: Around) -> Iterator[Item]:
        inside = msgspec.structs.replace(around, prefix=f"{around.prefix}.")
        for block in blocks:
            for entry in block.entries:
                yield self._item(entry, role, "", inside)

    def _named(self, fields: dict[str, Any], prefix: str, line: int) -> dict[str, Any]:
        """The id of an item: the one that it states, or the next of its place."""
        if "id" in fields:
            self._remember(fields["id"], line)
            return {"stated": True}
        while True:
            self._counts[prefix] += 1
            number = self._counts[prefix]
            name = f"{prefix}{number}" if prefix.endswith(".") else f"{prefix}-{number}"
            if name not in self._ids and name not in self._stated:
                self._remember(name, line)
                return {"id": name, "stated": False}

    def _remember(self, name: str, line: int) -> None:
        if name in self._ids:
            message = f"the id {name} is taken by line {self._ids[name]}"
            raise PlanError(message, subject=self.place(line), hint="give every item an id of its own")
        self._ids[name] = line


def _stretches(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    """The entries, parted where a blank line stands between some of them but not between all."""
    gaps = [
        number
        for number, (one, other) in enumerate(itertools.pairwise(entries), start=1)
        if _last_line(one) < other.line - 1
    ]
    if not gaps or len(gaps) == len(entries) - 1:
        return [entries]
    return [entries[start:end] for start, end in zip([0, *gaps], [*gaps, len(entries)], strict=True)]


def _last_line(entry: Entry) -> int:
    """The last line of an entry that is not blank, as far as its blocks tell."""
    last = entry.text_end - 1
    for block in entry.blocks:
        inner = max((_last_line(item) for item in block.entries), default=0)
        last = max(last, inner or block.end - 1)
    return last


def _role(label: str, *, numbered: bool, owned: bool, around: Around) -> Role:
    named = labels.role_of_label(label) if label else None
    if named:
        return named
    if around.kind is PartKind.STEP or (around.phase and owned):
        return Role.TASK
    if around.section in labels.ROLES_OF_SECTIONS:
        return labels.ROLES_OF_SECTIONS[around.section]
    if around.phase and not label:
        return Role.TASK
    known = around.section or around.phase
    return Role.TASK if numbered and not (known or label) else Role.NOTE


def _deferred(label: str, text: str, around: Around) -> str:
    """The trigger on which a deferred item comes back, in the words of its label or its own."""
    if around.section == _FUTURE:
        return "later"
    found = _LATER.match(label.lstrip()) or _LATER.search(label)
    if found:
        return (found["trigger"] or "").strip(" :") or "later"
    inside = re.search(r"\(deferred[ ,:]*(?P<trigger>[^)]*)\)", text, re.IGNORECASE) if len(text) < 500 else None
    return (inside["trigger"].strip() or "later") if inside else ""


def _code(blocks: Sequence[Block]) -> Iterator[Code]:
    for block in blocks:
        if block.kind is BlockKind.FENCE:
            yield Code(info=block.info, text=block.text, line=block.line)


def prefix_of(kind: PartKind, number: str, key: str, title: str) -> str:
    """How the ids of a part begin: `P0.5`, `S2`, `requirements`, or the words of its heading."""
    if kind is PartKind.PHASE:
        return f"P{number}"
    if kind is PartKind.STEP:
        return f"S{number}"
    return key or slug(title)[:_LONGEST_PREFIX].strip("-.") or "item"
