"""Objects that the cluster will have, and what they say."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

import msgspec

from elysium.check.spelling import nearest
from elysium.model import RenderedObject
from elysium.plans.checks import conditions, rendered, searching
from elysium.plans.checks.arguments import amount, first_of, object_pattern, split_asked, wrong_asked
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, Result, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS", "judge_bodies", "missing", "open_to"]

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def _refuse_object(words: tuple[str, ...]) -> str:
    return amount(words, 1) or object_pattern(words[0]) or wrong_asked(words[1:])


def _object(words: tuple[str, ...], world: World) -> Outcome:
    found = rendered.matching(world, words[0])
    if not found:
        return missing(world, words[0])
    bodies = [(item, world.index().body(item)) for item in found]
    return open_to(world, words[0], judge_bodies(bodies, words[1:], str(words[0])))


def open_to(world: World, pattern: str, outcome: Outcome, *, releases: bool = True) -> Outcome:
    """The outcome for the known objects of a pattern; a failure is none while others may be meant."""
    reason = rendered.hidden_by(world, pattern, releases=releases) if outcome.result is Result.FAIL else ""
    return unknown(f"{outcome.reason}; but {reason}", object=pattern) if reason else outcome


def missing(world: World, pattern: str) -> Outcome:
    """The result when an object is not in the render: unknown where an unknown unit may hold it."""
    kind, namespace, name = rendered.parts(pattern)
    reason = rendered.hidden(world, namespace)
    if reason:
        return unknown(f"there is no {pattern} in what is known; {reason}", object=pattern)
    others = rendered.matching(world, f"{kind}/{namespace}/*")
    near = nearest(name, (item.name for item in others))
    meant = f": did you mean {near}?" if near else rendered.failing(world)
    return failed(f"nothing in the render is {pattern}{meant}", object=pattern)


def judge_bodies(bodies: Sequence[tuple[RenderedObject, object]], words: tuple[str, ...], what: str) -> Outcome:
    """Whether one of these (objects, or parts of them) meets every condition and contains every text."""
    results = [_judged(item, body, words) for item, body in bodies]
    best = min(results, key=lambda one: (Result.PASS, Result.UNKNOWN, Result.FAIL).index(one.result))
    if best.result is not Result.FAIL or len(results) == 1:
        return best
    return failed(f"none of the {len(results)} {what} is so; {results[0].reason}", **rendered.place(bodies[0][0]))


def _judged(item: RenderedObject, body: object, words: tuple[str, ...]) -> Outcome:
    asked, texts = split_asked(words)
    place = rendered.place(item)
    open_question = ""
    for condition in map(conditions.parse, asked):
        judged = conditions.judge(body, condition)
        if judged.result is Result.FAIL:
            return failed(f"{item.id}: {judged.reason}", **place)
        open_question = open_question or judged.reason
    if open_question:
        return unknown(f"{item.id}: {open_question}", **place)
    lines = _texts(body) if texts else ""
    for text in texts:
        if not searching.line_of(text, lines):
            return failed(f"{item.id} does not contain {text}", **place)
    return passed(f"{item.id} is in the render" + (", and as asked" if words else ""), **place)


def _texts(body: object) -> str:
    """The object as text to look in: its JSON, and each text in it as it is."""
    found = [msgspec.json.encode(body, enc_hook=str).decode()]
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            found.append(value)
    return "\n".join(found)


def _refuse_no_object(words: tuple[str, ...]) -> str:
    return first_of([amount(words, 1), *map(object_pattern, words)])


def _no_object(words: tuple[str, ...], world: World) -> Outcome:
    for word in words:
        found = rendered.matching(world, word)
        if found:
            return failed(f"{found[0].id} is in the render", **rendered.place(found[0]))
    for word in words:
        reason = rendered.hidden(world, rendered.parts(word)[1], failed=True)
        if reason:
            return unknown(f"there is no {word} in what is known; {reason}", object=word)
    return passed(f"nothing in the render is {' or '.join(words)}")


def _refuse_count(words: tuple[str, ...]) -> str:
    if amount(words, 3, 3) or words[1] not in _COMPARE or not (words[2].isdecimal() and len(words[2]) < 9):
        return amount(words, 3, 3) or f"{words[1]} {words[2]} does not say how many: write such as >= 2"
    return object_pattern(words[0])


def _count(words: tuple[str, ...], world: World) -> Outcome:
    pattern, sign, wanted = words
    number = len(rendered.matching(world, pattern))
    text = f"{number} of {pattern} in the render"
    reason = rendered.hidden(world, rendered.parts(pattern)[1], failed=True)
    enough = sign in (">=", ">") and _COMPARE[sign](number, int(wanted))
    too_many = sign in ("<=", "<", "=") and number > int(wanted) - (sign == "<")
    if reason and not enough and not too_many:
        return unknown(f"{text}, and there may be more: {reason}", object=pattern)
    if _COMPARE[sign](number, int(wanted)):
        return passed(text, object=pattern)
    return failed(f"{text}, not {sign} {wanted}", object=pattern)


VERBS = (
    Verb(
        name="object",
        usage="object KIND/NAMESPACE/NAME [CONDITION…] [contains TEXT|/PATTERN/]…",
        summary="The render has such an object, and it meets the conditions; without namespace it is `Kind//name`.",
        example="object Deployment/wiki/wiki spec.replicas>=2 contains ghcr.io/example/wiki",
        refuse=_refuse_object,
        run=_object,
    ),
    Verb(
        name="no-object",
        usage="no-object KIND/NAMESPACE/NAME…",
        summary="The render has no such object.",
        example="no-object Ingress/wiki/*",
        refuse=_refuse_no_object,
        run=_no_object,
    ),
    Verb(
        name="count",
        usage="count KIND/NAMESPACE/NAME =|>=|<=|>|< NUMBER",
        summary="The render has so many of these objects.",
        example="count NetworkPolicy/wiki/* >= 2",
        refuse=_refuse_count,
        run=_count,
    ),
)
