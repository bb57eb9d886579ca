"""Units of reconciliation: whether they render, in which order Flux applies them, and how long a push takes."""

from __future__ import annotations

import re

from elysium.kit import durations
from elysium.model import Unit, UnitState
from elysium.plans.checks import rendered
from elysium.plans.checks.arguments import amount, first_of
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World
from elysium.resolve import arrivals
from elysium.sources.matching import matches

__all__ = ["VERBS"]

_UNIT = re.compile(r"(?:ks|hr|rs)/[a-z0-9*?-]+/[a-z0-9.*?-]+")
_CHAIN = re.compile(r"[\w./-]+(?:\s*>\s*[\w./-]+)+")


def _wrong_unit(text: str) -> str:
    return "" if _UNIT.fullmatch(text) else f"{text!r} is no unit, such as ks/flux-system/apps or hr/wiki/wiki"


def _refuse_unit(words: tuple[str, ...]) -> str:
    return amount(words, 1) or first_of(map(_wrong_unit, words))


def _refuse_render(words: tuple[str, ...]) -> str:
    return first_of(map(_wrong_unit, words))


def _unit(words: tuple[str, ...], world: World) -> Outcome:
    units = world.render().units
    chosen: list[Unit] = []
    for word in words:
        found = [unit for unit in units if matches(word, str(unit.id))]
        if not found:
            return _no_unit(world, word)
        chosen += found
    return _judged(chosen)


def _no_unit(world: World, word: str) -> Outcome:
    reason = rendered.hidden(world, releases=False)
    if reason:
        return unknown(f"no known unit is {word}; {reason}", object=word)
    return failed(f"no unit is {word}{rendered.failing(world)}", object=word)


def _judged(units: list[Unit]) -> Outcome:
    """Failed is worse than unknown; a suspended unit renders, and does nothing."""
    for unit in units:
        if unit.state is UnitState.FAILED:
            path, line = (unit.failure.file, unit.failure.line) if unit.failure else ("", 0)
            return failed(f"{unit.id} fails: {unit.reason}", object=str(unit.id), path=path, line=line)
        if unit.state is UnitState.SUSPENDED:
            return failed(f"{unit.id} is suspended", object=str(unit.id))
    for unit in units:
        if unit.state is UnitState.UNKNOWN:
            remedy = unit.failure.need.remedy if unit.failure and unit.failure.need else ""
            text = f"{unit.id} is unknown: {unit.reason}" + (f"; {remedy}" if remedy else "")
            return unknown(text, object=str(unit.id))
        if unit.blocked_by:
            return failed(f"{unit.id} waits for {unit.blocked_by}, which never becomes ready", object=str(unit.id))
    if len(units) == 1:
        return passed(f"{units[0].id} renders {len(units[0].objects)} objects", object=str(units[0].id))
    return passed(f"{len(units)} units render")


def _render(words: tuple[str, ...], world: World) -> Outcome:
    if words:
        return _unit(words, world)
    units = [unit for unit in world.render().units if unit.state is not UnitState.SUSPENDED]
    return _judged(units) if units else failed("there is no unit to render")


def _refuse_chain(words: tuple[str, ...]) -> str:
    wrong = (f"{word!r} is no chain: write first>second" for word in words if not _CHAIN.fullmatch(word))
    return amount(words, 1) or first_of(wrong)


def _chain(words: tuple[str, ...], world: World) -> Outcome:
    chains = [[part.strip() for part in word.split(">")] for word in words]
    problems = [problem for chain in chains for problem in world.graph().chain(chain)]
    nameless = any("no unit is named" in problem for problem in problems)
    reason = rendered.hidden(world, releases=False) if nameless else ""
    if reason:
        return unknown(f"{problems[0]}; {reason}", object=words[0])
    return failed("; ".join(problems[:3])) if problems else passed(f"{' and '.join(words)} holds")


def _refuse_latency(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1, 2) or first_of(map(_wrong_unit, words[1:]))
    return wrong or ("" if durations.seconds(words[0]) is not None else f"{words[0]!r} is no duration, such as 10m")


def _latency(words: tuple[str, ...], world: World) -> Outcome:
    most = durations.seconds(words[0]) or 0
    pattern = words[1] if len(words) > 1 else "*/*/*"
    for unit in world.render().units:
        if unit.state is UnitState.FAILED and matches(pattern, str(unit.id)):
            return failed(f"{unit.id} fails, and never arrives: {unit.reason}", object=str(unit.id))
    found = [arrival for arrival in arrivals(world.render()) if matches(pattern, arrival.unit)]
    if not found:
        return _no_unit(world, pattern)
    late = max(found, key=lambda arrival: arrival.seconds or 0)
    if (late.seconds or 0) > most:
        return failed(f"{late.unit} takes {durations.written(late.seconds or 0)} at worst", object=late.unit)
    for arrival in found:
        if arrival.seconds is None:
            return unknown(f"{arrival.unit}: {arrival.reason}", object=arrival.unit)
    return passed(f"{late.unit} takes {durations.written(late.seconds or 0)} at worst", object=late.unit)


VERBS = (
    Verb(
        name="render",
        usage="render [UNIT…]",
        summary="Everything renders (`elysium render`), or the named units do.",
        example="render",
        refuse=_refuse_render,
        run=_render,
    ),
    Verb(
        name="unit",
        usage="unit UNIT…",
        summary="There is such a Kustomization, HelmRelease or ResourceSet, it renders, and nothing keeps it waiting.",
        example="unit hr/wiki/wiki",
        refuse=_refuse_unit,
        run=_unit,
    ),
    Verb(
        name="chain",
        usage="chain FIRST>SECOND[>THIRD…]…",
        summary="Each unit depends on the one before and on no other of the chain (`elysium graph --expect`).",
        example='chain "infra-controllers>infra-configs>apps"',
        refuse=_refuse_chain,
        run=_chain,
    ),
    Verb(
        name="latency",
        usage="latency DURATION [UNIT]",
        summary="A push is applied in that time at worst (`elysium graph --latency`).",
        example="latency 15m ks/flux-system/apps",
        refuse=_refuse_latency,
        run=_latency,
    ),
)
