"""Every item of a plan with its result, and what follows for steps and phases.

Checks run in parallel, a bounded number at a time; what they share (the render, the index, the findings) is computed
once by the world. A phase is blocked until the exit criteria of the phases before it pass.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from elysium.plans.contradictions import contradictions
from elysium.plans.progress.gates import blocking
from elysium.plans.progress.needs import settled, with_needs
from elysium.plans.progress.outcomes import Progress, outcomes, together
from elysium.plans.progress.states import combined, of_result
from elysium.plans.progress.verification import ItemResult, PartState, Verification
from elysium.plans.results import Outcome, Result, unknown
from elysium.plans.types import Item, ItemPlace, Mark, Part, PartKind, Plan, Role
from elysium.plans.world import World

__all__ = ["Chosen", "ItemResult", "PartState", "Progress", "Verification", "verify"]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which items are asked: of these phases, sections, steps or ids; all when nothing is named."""

    phases: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    def holds(self, place: ItemPlace) -> bool:
        """Whether an item is one of them."""
        pairs = (
            (self.phases, place.phase.number if place.phase else ""),
            (self.sections, place.section.key if place.section else ""),
            (self.steps, place.step.number if place.step else ""),
        )
        fits = all(not wanted or value in wanted for wanted, value in pairs)
        return fits and (not self.items or bool({place.item.id, *place.parents} & set(self.items)))


def verify(plan: Plan, world: World, chosen: Chosen | None = None, progress: Progress | None = None) -> Verification:
    """The result of every chosen item, and the states of the parts that hold them."""
    asked = [place for place in plan.places() if _is_asked(place.item)]
    wanted = [place for place in asked if (chosen or Chosen()).holds(place)]
    looked_at = with_needs(wanted, asked)
    said = outcomes([place.item for place in looked_at], world, progress)
    found = _results(looked_at, said)
    results = [found[place.item.id] for place in wanted]
    parts = _parts(plan, results)
    whole = len(wanted) == len(asked)
    states = {item.id: item.state for item in results}
    blocked = blocking(plan, {item.id: item for item in results}, whole=whole)
    return Verification(
        plan=plan.path,
        title=plan.title,
        kind=plan.kind,
        commit=world.commit,
        items=tuple(msgspec.structs.replace(item, blocked_by=blocked.get(item.phase, "")) for item in results),
        parts=tuple(_with_block(part, blocked) for part in parts),
        contradictions=contradictions(plan, states),
        overdue=tuple(item.id for item in results if _overdue(item, world.today)),
    )


def _with_block(part: PartState, blocked: Mapping[str, str]) -> PartState:
    reason = blocked.get(part.number, "") if part.kind is PartKind.PHASE else ""
    if not reason:
        return part
    state = part.state if part.state is Mark.COMPLETE else Mark.BLOCKED
    return msgspec.structs.replace(part, blocked_by=reason, state=state)


def _is_asked(item: Item) -> bool:
    """Whether an item has a result: notes have none, unless they claim something or say how it is told."""
    told = item.checks or item.manual or item.decision
    return item.role is not Role.NOTE or bool(item.claims or told)


def _results(wanted: Sequence[ItemPlace], said: Mapping[str, Outcome]) -> dict[str, ItemResult]:
    found: dict[str, ItemResult] = {}
    for place in settled(wanted):
        item = place.item
        inner = [found[sub.id] for sub in item.items if sub.id in found]
        outcome = _after_needs(_with_inner(item, said[item.id], inner), item, found)
        state = _state(item, outcome, inner)
        found[item.id] = ItemResult(
            id=item.id,
            title=item.title,
            phase=place.phase.number if place.phase else "",
            section=place.section.key if place.section else "",
            step=place.step.number if place.step else "",
            owner=item.owner,
            due=item.due,
            role=item.role,
            result=_result(outcome, state),
            state=state,
            reason=_reason(item, outcome, state),
            evidence=outcome.evidence,
            line=item.line,
            claim=_claim(item),
            parents=place.parents,
        )
    return found


def _result(outcome: Outcome, state: Mark) -> Result:
    """The result of an item: what is put off does not fail, since nobody says that it is so."""
    return Result.UNKNOWN if state is Mark.DEFERRED and outcome.result is Result.FAIL else outcome.result


def _state(item: Item, outcome: Outcome, inner: Sequence[ItemResult]) -> Mark:
    """The state of an item. What its parts put off, it has not done, whatever its own checks say."""
    alone = of_result(outcome.result, deferred=bool(item.deferred))
    if alone is Mark.DEFERRED or not inner or (alone is not Mark.COMPLETE and _tells(item)):
        return alone
    inside = combined(sub.state for sub in inner)
    return alone if inside is Mark.COMPLETE else inside


def _reason(item: Item, outcome: Outcome, state: Mark) -> str:
    if state is Mark.DEFERRED and item.deferred:
        return f"deferred: {item.deferred}"
    return outcome.reason


def _tells(item: Item) -> bool:
    return bool(item.checks or item.manual or item.decision)


def _with_inner(item: Item, own: Outcome, inner: Sequence[ItemResult]) -> Outcome:
    counted = [sub for sub in inner if sub.state is not Mark.DEFERRED]
    if not inner:
        return own
    alone = [own] if _tells(item) else []
    parts = [Outcome(result=sub.result, reason=f"{sub.id}: {sub.reason}") for sub in counted]
    return together([*alone, *parts]) if alone or parts else unknown("everything in it is deferred")


def _after_needs(outcome: Outcome, item: Item, found: Mapping[str, ItemResult]) -> Outcome:
    """An item is not complete while something that it needs is not known to be."""
    if outcome.result is not Result.PASS:
        return outcome
    waiting = [name for name in item.needs if name in found and found[name].state is not Mark.COMPLETE]
    if not waiting:
        return outcome
    reason = f"it needs {', '.join(waiting)}, which {'is' if len(waiting) == 1 else 'are'} not known to hold"
    return msgspec.structs.replace(outcome, result=Result.UNKNOWN, reason=reason)


def _claim(item: Item) -> Mark | None:
    if item.claims:
        return item.claims[0].mark
    return Mark.COMPLETE if item.checkbox else None


def _parts(plan: Plan, results: Iterable[ItemResult]) -> list[PartState]:
    by_part: dict[tuple[PartKind, str], list[ItemResult]] = {}
    for item in results:
        for kind, name in ((PartKind.PHASE, item.phase), (PartKind.SECTION, item.section), (PartKind.STEP, item.step)):
            if name:
                by_part.setdefault((kind, name), []).append(item)
    parts = ((part, by_part.get((part.kind, part.key or part.number), [])) for part in plan.all_parts())
    return [_part_state(part, items) for part, items in parts if items]


def _part_state(part: Part, items: Sequence[ItemResult]) -> PartState:
    top = [item for item in items if not item.parents]
    states = [item.state for item in top]
    return PartState(
        kind=part.kind,
        number=part.number,
        key=part.key,
        title=part.title,
        state=combined(states),
        done=states.count(Mark.COMPLETE),
        open=states.count(Mark.PENDING) + states.count(Mark.PARTIAL),
        unknown=states.count(Mark.UNKNOWN),
        deferred=states.count(Mark.DEFERRED),
        line=part.line,
        claims=part.claims,
    )


def _overdue(item: ItemResult, today: datetime.date) -> bool:
    return bool(item.due) and item.due < today.isoformat() and item.state not in (Mark.COMPLETE, Mark.DEFERRED)
