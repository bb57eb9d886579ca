"""Issues for a code host that mirror a plan, as values and as files. Nothing is sent.

A payload is the body of `POST /repos/OWNER/REPOSITORY/issues` of GitHub's REST API; a title has at most 256 characters,
a body 65,536, a label 50. A milestone is named there by a number that only the host knows, so milestones are payloads
of their own and `index.json` says which issue belongs to which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from elysium.plans.exporting.entries import UNKNOWN_OWNER, Entry, entries, part_label
from elysium.plans.exporting.tasks import tasks, told_by
from elysium.plans.types import Code, Item, Mark, Plan, Role

__all__ = ["Issue", "issues_by_item", "issues_by_phase"]

_LONGEST_TITLE = 256
_LONGEST_BODY = 60_000
_LONGEST_LABEL = 50
_TICKS = re.compile(r"`+")


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One issue. `key` is the item's id, or the phase and the owner; it stands in the body, so that an issue which was
    sent before can be recognised. `milestone` is the phase's name, `due` the day of the issue.
    """

    key: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    milestone: str = ""
    due: str = ""


def issues_by_item(plan: Plan, states: Mapping[str, Mark] | None = None) -> tuple[Issue, ...]:
    """One issue per item with its sub-items as tasks. What was found to be complete needs none."""
    known = states or {}
    criteria = _criteria(plan)
    found = (entry for entry in entries(plan, states) if not entry.place.parents and not entry.done)
    return tuple(_of_item(plan, entry, criteria, known) for entry in found)


def issues_by_phase(plan: Plan, states: Mapping[str, Mark] | None = None) -> tuple[Issue, ...]:
    """One issue per phase and owner; the exit criteria of the phase stand in each of them."""
    known = states or {}
    criteria = _criteria(plan)
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries(plan, states):
        if not entry.place.parents and entry.phase and entry.item.role is not Role.CRITERION:
            groups.setdefault((entry.phase, entry.owner), []).append(entry)
    return tuple(
        _of_phase(plan, members, criteria.get(phase, ()), known)
        for (phase, _), members in groups.items()
        if not all(entry.done for entry in members)
    )


def _of_item(plan: Plan, entry: Entry, criteria: Mapping[str, tuple[Item, ...]], states: Mapping[str, Mark]) -> Issue:
    item = entry.item
    counts = () if item.role is Role.CRITERION else criteria.get(entry.phase, ())
    body = [
        item.text.strip(),
        *map(_fenced, item.code),
        *_section("Tasks", tasks(item.items, states)),
        *_section("Told by", told_by(item, states)),
        *_section("Needs", (f"- `{name}`" for name in item.needs)),
        *_section(f"Counts for the exit criteria of {entry.phase}", (f"- {one.title}" for one in counts)),
        *_footer(plan, item.id, (("item", item.id), ("owner", entry.owner), ("due", entry.due))),
    ]
    return Issue(
        key=item.id,
        title=_cut(entry.title, _LONGEST_TITLE),
        body=_joined(body),
        labels=_labels(plan, entry),
        milestone=entry.phase,
        due=entry.due,
    )


def _of_phase(plan: Plan, members: list[Entry], criteria: tuple[Item, ...], states: Mapping[str, Mark]) -> Issue:
    first = members[0]
    key = f"{first.phase} / {first.owner}"
    checks = (f"{line} (`{entry.item.id}`)" for entry in members for line in told_by(entry.item, states))
    due = max((entry.due for entry in members), default="")
    body = [
        *_section("Tasks", tasks(tuple(entry.item for entry in members), states)),
        *_section("Told by", checks),
        *_section("Exit criteria", tasks(criteria, states)),
        *_footer(plan, key, (("", first.phase), ("owner", first.owner), ("due", due))),
    ]
    return Issue(
        key=key,
        title=_cut(f"{first.phase}: {first.owner}" if first.owner != UNKNOWN_OWNER else first.phase, _LONGEST_TITLE),
        body=_joined(body),
        labels=_labels(plan, first, of_phase=True),
        milestone=first.phase,
        due=due,
    )


def _criteria(plan: Plan) -> dict[str, tuple[Item, ...]]:
    found: dict[str, tuple[Item, ...]] = {}
    for place in plan.places():
        if place.item.role is Role.CRITERION and place.phase and not place.parents:
            label = part_label(place.phase)
            found[label] = (*found.get(label, ()), place.item)
    return found


def _labels(plan: Plan, entry: Entry, *, of_phase: bool = False) -> tuple[str, ...]:
    role = Role.TASK if of_phase else entry.item.role
    named = (
        ("phase", entry.numbers[0]),
        ("owner", entry.owner),
        ("kind", plan.kind),
        ("role", "" if role is Role.TASK else role.value),
    )
    deferred = not of_phase and (entry.item.deferred or entry.state is Mark.DEFERRED)
    labels = [f"{name}: {value}" for name, value in named if value] + (["deferred"] if deferred else [])
    return tuple(_cut(" ".join(label.replace(",", " ").split()), _LONGEST_LABEL) for label in labels)


def _fenced(code: Code) -> str:
    """A block of code between fences that nothing in it can end."""
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(code.text)), default=0))
    return f"{fence}{code.info}\n{code.text.rstrip()}\n{fence}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield "\n".join((f"### {title}", "", *found))


def _footer(plan: Plan, key: str, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What a reader wants to know at the end, and the key by which the issue is known again."""
    yield " · ".join(f"{name}: {value}" if name else value for name, value in facts if value)
    marker = " ".join(f"plan={plan.name or plan.title} issue={key}".replace(">", "").split())
    yield f"<!-- elysium {marker.replace('--', '- -')} -->"


def _joined(sections: Iterable[str]) -> str:
    text = "\n\n".join(section for section in sections if section)
    if len(text) <= _LONGEST_BODY:
        return text + "\n"
    return text[:_LONGEST_BODY].rstrip() + "\n\n… the rest stands in the plan.\n"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
