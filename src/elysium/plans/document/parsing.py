"""Markdown as a typed plan. Nothing is lost: the plan keeps the text, and what no rule understands stays prose.

Raises PlanError, which names file and line, only for what Elysium's own annotations say wrongly; any Markdown without
them is a plan.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from elysium.errors import PlanError
from elysium.plans import words
from elysium.plans.document import annotating, labels
from elysium.plans.document.claims import claims_of
from elysium.plans.document.headings import Heading, classify, is_roadmap
from elysium.plans.document.item_words import is_date
from elysium.plans.document.items import Around, ItemReader, prefix_of
from elysium.plans.document.markdown import Block, BlockKind, front_matter, lines_of, read_blocks
from elysium.plans.types import (
    Claim,
    ItemList,
    Part,
    PartKind,
    Plan,
    PlannedComponent,
    Prose,
    RegisteredContradiction,
    Reliance,
)

__all__ = ["parse"]

_LONGEST = 4 * 1024 * 1024
_MOST_LINES = 20_000
_COMPONENT = "toml component"
_DIGEST = "sha256:"


def parse(text: str, path: str = "") -> Plan:
    """The plan of a text. `path` is only named in errors."""
    if len(text) > _LONGEST or len(lines_of(text)) > _MOST_LINES:
        most = f"4 MiB or {_MOST_LINES} lines"
        raise PlanError(f"the plan is longer than {most}", subject=path or "plan", hint="split it into several")
    reading = _Reading(text, path)
    parts = reading.parts()
    reading.items.refuse_left_over()
    title = next((part.title for part in parts if part.level == 1), "")
    said = reading.document()
    return Plan(
        text=text,
        path=path,
        parts=parts,
        components=(*said.pop("components"), *reading.components),
        contradictions=(*said.pop("contradictions"), *reading.items.contradictions),
        **{"title": title, **said},
    )


class _Reading:
    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._head = annotating.head(text)
        skipped = len(lines_of(text[: self._head.end])) if self._head else len(lines_of(front_matter(text)))
        self._blocks = read_blocks(text, skipped)
        self._lines = lines_of(text)
        self._roadmap = is_roadmap(text)
        self.items = ItemReader(annotating.tails(text), path)
        self.components: list[PlannedComponent] = []
        for line in annotating.unfinished(text):
            hint = "end it with --> at the end of the same line"
            raise PlanError("an annotation is not closed", subject=self.items.place(line), hint=hint)

    # The document's own annotation

    def document(self) -> dict[str, Any]:
        """The fields of a plan that its annotation gives."""
        found: dict[str, Any] = {"components": [], "contradictions": []}
        for number, row in enumerate(self._head.words.splitlines() if self._head else (), self._first_line()):
            place = self.items.place(number)
            for key, value in annotating.read(row, annotating.DOCUMENT_KEYS, place):
                self._document_word(found, key, value, number)
        return {**found, "relies": tuple(found.get("relies", ()))}

    def _first_line(self) -> int:
        return self._head.line if self._head else 0

    def _document_word(self, found: dict[str, Any], key: str, value: str, line: int) -> None:
        place = self.items.place(line)
        if key == "component":
            found["components"].append(_component_of_words(value, line, place))
        elif key == "relies":
            found.setdefault("relies", []).append(_reliance(value, place))
        elif key == "contradiction":
            found["contradictions"].append(RegisteredContradiction(words=value, line=line))
        elif key in found:
            raise PlanError(f"`{key}` is given twice", subject=place, hint="keep one of them")
        elif not value:
            raise PlanError(f"`{key}` has no value", subject=place, hint=f"write {key}=…")
        else:
            found[key] = is_date(key, value, place) if key == "created" else value

    # The tree of headings

    def parts(self) -> tuple[Part, ...]:
        """The top-level parts; what stands before the first heading is a preamble."""
        blocks = self._blocks
        first = next((at for at, block in enumerate(blocks) if block.kind is BlockKind.HEADING), len(blocks))
        around = Around(prefix="item", kind=PartKind.PREAMBLE)
        found: list[Part] = []
        if first:
            line, end = blocks[0].line, blocks[first - 1].end
            content = tuple(self._content(blocks[:first], around))
            found.append(Part(kind=PartKind.PREAMBLE, content=content, line=line, end=end))
        return (*found, *self._parts(blocks[first:], around))

    def _parts(self, blocks: Sequence[Block], around: Around) -> Iterator[Part]:
        """Headings with what is below each, up to the next one of the same level or above."""
        start = 0
        while start < len(blocks):
            level = blocks[start].level
            end = next(
                (at for at in range(start + 1, len(blocks)) if 0 < blocks[at].level <= level),
                len(blocks),
            )
            yield self._part(blocks[start], blocks[start + 1 : end], around)
            start = end

    def _part(self, block: Block, below: Sequence[Block], around: Around) -> Part:
        text = annotating.bare(block.text.split("\n")[0]).rstrip().rstrip("#").rstrip()
        heading, own = self._heading(block, text)
        inside = _inside(around, heading, own)
        first = next((at for at, item in enumerate(below) if item.kind is BlockKind.HEADING), len(below))
        content = tuple(self._content(below[:first], inside))
        return Part(
            kind=heading.kind,
            title=heading.title,
            number=heading.number,
            key=heading.key,
            level=block.level,
            owner=inside.owner,
            due=inside.due,
            optional=heading.optional,
            parallel=heading.parallel,
            claims=(*claims_of(text, block.line), *_claims_of_prose(content)),
            content=content,
            parts=tuple(self._parts(below[first:], inside)),
            line=block.line,
            end=below[-1].end if below else block.end,
        )

    def _heading(self, block: Block, text: str) -> tuple[Heading, dict[str, str]]:
        given = self.items.take(block.line, block.end, annotating.PART_KEYS)
        own = {key: value for one in given for key, value in one}
        heading = classify(text, block.level, roadmap=self._roadmap)
        for key in ("phase", "step"):
            if key in own:
                heading = msgspec.structs.replace(heading, kind=PartKind(key), number=own[key] or heading.number)
        if "section" in own:
            heading = msgspec.structs.replace(heading, kind=PartKind.SECTION, key=own["section"])
        if "due" in own:
            is_date("due", own["due"], self.items.place(block.line))
        optional, parallel = heading.optional or "optional" in own, heading.parallel or "parallel" in own
        return msgspec.structs.replace(heading, optional=optional, parallel=parallel), own

    # What stands below a heading

    def _content(self, blocks: Sequence[Block], around: Around) -> Iterator[Prose | ItemList]:
        label, owner = "", ""
        for number, block in enumerate(blocks):
            if block.kind is BlockKind.LIST:
                yield from self.items.lists(block, label, owner, around)
                label, owner = "", ""
                continue
            criteria = self.items.criteria(block, around) if block.kind is BlockKind.PARAGRAPH else None
            if criteria:
                yield criteria
                continue
            self._take_component(block)
            announces = number + 1 < len(blocks) and blocks[number + 1].kind is BlockKind.LIST
            label, owner = _above(block) if announces else ("", "")
            if not (label or owner):
                yield Prose(text="".join(self._lines[block.line - 1 : block.end - 1]).rstrip("\r\n"), line=block.line)

    def _take_component(self, block: Block) -> None:
        if block.kind is BlockKind.FENCE and block.info == _COMPONENT:
            self.components.append(_component_of_toml(block.text, block.line, self.items.place))


def _above(block: Block) -> tuple[str, str]:
    """The label or the owner that a paragraph gives to the list below it."""
    if block.kind is not BlockKind.PARAGRAPH:
        return "", ""
    owner = labels.owner_of(block.text)
    if owner:
        return "", owner
    return (block.text, "") if labels.is_label(block.text) else ("", "")


def _inside(around: Around, heading: Heading, own: dict[str, str]) -> Around:
    section = (
        heading.key if heading.kind is PartKind.SECTION else ("" if heading.kind is PartKind.PHASE else around.section)
    )
    prefix = prefix_of(heading.kind, heading.number, heading.key, heading.title)
    return Around(
        prefix=prefix,
        kind=PartKind.STEP if around.kind is PartKind.STEP and heading.kind is PartKind.HEADING else heading.kind,
        section=section,
        owner=own.get("owner", around.owner),
        due=own.get("due", around.due),
        phase=heading.kind is PartKind.PHASE or (around.phase and heading.kind is PartKind.HEADING),
    )


def _claims_of_prose(content: Sequence[Prose | ItemList]) -> Iterator[Claim]:
    for block in content:
        if isinstance(block, Prose):
            yield from claims_of(block.text, block.line)


def _reliance(value: str, place: str) -> Reliance:
    path, _, digest = value.rpartition("@")
    if not (path and digest.removeprefix(_DIGEST) not in ("", digest)):
        raise PlanError("`relies` is no file with its digest", subject=place, hint="write relies=PATH@sha256:DIGEST")
    return Reliance(path=path, digest=digest)


def _component_of_words(value: str, line: int, place: str) -> PlannedComponent:
    try:
        first, *rest = words.split(value) or ("",)
    except ValueError as error:
        raise PlanError(f"`component` cannot be read: {error}", subject=place, hint="close every quote") from error
    kind, _, name = first.partition("/")
    pairs = [item.partition("=") for item in rest]
    if not (kind and name) or not all(key and sign for key, sign, _ in pairs):
        hint = 'write component="KIND/NAME answer=value", such as component="app/wiki port=8080"'
        raise PlanError(f"`component` is none: {value!r}", subject=place, hint=hint)
    answers: dict[str, Any] = {key: value for key, _, value in pairs}
    return PlannedComponent(kind=kind, name=name, preset=answers.pop("preset", ""), answers=answers, line=line)


def _component_of_toml(text: str, line: int, place: Callable[[int], str]) -> PlannedComponent:
    hint = "kind, name, and if you like preset and [answers]; `elysium new --list` names what there is"
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"the component cannot be read: {error}", subject=place(line), hint=hint) from error
    try:
        found = msgspec.convert(said, _Written)
    except msgspec.ValidationError as error:
        raise PlanError(f"the component cannot be read: {error}", subject=place(line), hint=hint) from error
    return PlannedComponent(kind=found.kind, name=found.name, preset=found.preset, answers=found.answers, line=line)


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    name: str
    preset: str = ""
    answers: dict[str, Any] = {}
