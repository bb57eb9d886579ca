"""Parsing and printing are inverse to each other, and no text loses anything."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings

from elysium.plans.document import annotating
from elysium.plans.document.composing import compose
from elysium.plans.document.parsing import parse
from elysium.plans.types import Item, ItemList, Part, Plan, Prose
from tests.plans.document.random_plans import markdown, plans

_PLACES = {"line": 0, "end": 0}


def _without_places(value: Any) -> Any:
    """The same without lines: those of a composed plan are where they were written."""
    if isinstance(value, tuple):
        return tuple(_without_places(item) for item in value)
    if not isinstance(value, msgspec.Struct):
        return value
    fields = {name: _without_places(getattr(value, name)) for name in value.__struct_fields__}
    changed = {**fields, **{name: 0 for name in _PLACES if name in fields}}
    if isinstance(value, Item):
        changed["stated"] = True
    if isinstance(value, Plan):
        changed["text"] = ""
    return msgspec.structs.replace(value, **changed)


def _named(plan: Plan) -> Plan:
    """The plan with an id of its own for every item, and with what everything takes over from what it stands in."""
    numbers = iter(range(100_000))

    def item(value: Item, label: str, around: dict[str, str]) -> Item:
        own = _own(value, around)
        inner = tuple(item(one, "", own) for one in value.items)
        return msgspec.structs.replace(value, id=f"i{next(numbers)}", label=label, items=inner, **own)

    def block(value: Prose | ItemList, around: dict[str, str]) -> Prose | ItemList:
        if isinstance(value, Prose):
            return value
        return msgspec.structs.replace(value, items=tuple(item(one, value.label, around) for one in value.items))

    def part(value: Part, around: dict[str, str]) -> Part:
        own = _own(value, around)
        content = tuple(block(one, own) for one in value.content)
        return msgspec.structs.replace(
            value, content=content, parts=tuple(part(inner, own) for inner in value.parts), **own
        )

    return msgspec.structs.replace(plan, parts=tuple(part(one, {"owner": "", "due": ""}) for one in plan.parts))


def _own(value: Item | Part, around: dict[str, str]) -> dict[str, str]:
    return {name: getattr(value, name) or inherited for name, inherited in around.items()}


@given(plans)
@settings(max_examples=80)
def test_what_is_printed_is_read_as_the_same_plan(plan: Plan) -> None:
    wanted = _named(plan)
    text = compose(wanted)
    found = parse(text)
    assert found.text == text
    assert _without_places(found) == _without_places(wanted)
    assert compose(found) == text


@given(markdown)
@settings(max_examples=300)
def test_any_markdown_is_a_plan_that_keeps_every_byte(text: str) -> None:
    plan = parse(text)
    assert plan.text == text
    assert annotating.without(annotating.without(text)) == annotating.without(text)
    lines = [place.item.line for place in plan.places()]
    assert all(0 < line <= text.count("\n") + text.count("\r") + 1 for line in lines)


@given(markdown)
@settings(max_examples=200)
def test_ids_are_unique_whatever_the_text_is(text: str) -> None:
    names = [place.item.id for place in parse(text).places()]
    assert len(set(names)) == len(names)
