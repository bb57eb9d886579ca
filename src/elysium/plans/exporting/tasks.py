"""Items as task lists of Markdown, as code hosts show and count them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from elysium.plans.types import Item, Mark, Role

__all__ = ["box", "one_line", "tasks", "told_by"]

_STEP = "  "


def one_line(item: Item) -> str:
    """The item's Markdown on one line; its id where it says nothing."""
    return " ".join(item.text.split()) or f"`{item.id}`"


def box(item: Item, states: Mapping[str, Mark]) -> str:
    """A ticked box for what was found to be complete, or, where nothing was asked, for what a person ticked."""
    state = states.get(item.id)
    done = state is Mark.COMPLETE if state else bool(item.checkbox)
    return "[x]" if done else "[ ]"


def tasks(items: tuple[Item, ...], states: Mapping[str, Mark], depth: int = 0) -> Iterator[str]:
    """Lines of a task list with the items inside of items; a note has no box."""
    for item in items:
        mark = "" if item.role is Role.NOTE else f"{box(item, states)} "
        yield f"{_STEP * depth}- {mark}{one_line(item)}"
        yield from tasks(item.items, states, depth + 1)


def told_by(item: Item, states: Mapping[str, Mark]) -> Iterator[str]:
    """How the item is told, as tasks: each check, the attestation, the decision, the trigger of what is deferred."""
    mark = box(item, states)
    for check in item.checks:
        yield f"- {mark} `{str(check).replace('`', chr(39))}`"
    if item.manual:
        said = f"{item.manual.by}, {item.manual.date}" if item.manual.by else "nobody yet"
        yield f"- {mark} attestation: {' '.join(item.manual.what.split()) or 'that it is done'} ({said})"
    if item.decision:
        yield f"- {mark} decision" + (f": {item.decision.chosen}" if item.decision.chosen else "")
    if item.deferred:
        yield f"- comes back when: {item.deferred}"
