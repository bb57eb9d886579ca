"""Conditions on a value inside of a document or an object: `spec.replicas>=2`.

A path has parts between dots; a part in brackets may hold any sign (`metadata.labels[app.kubernetes.io/name]`). In a
list, a number is a place, `*` is every item, and anything else is the item whose `name` that is.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from elysium.evaluate.quantities import parse_quantity
from elysium.kit import durations
from elysium.plans.checks import searching
from elysium.plans.results import Result
from elysium.sealing import is_opaque

__all__ = ["Condition", "Judged", "judge", "parse", "problem", "select", "shown"]

_PART = re.compile(r"\[([^\[\]]+)\]|\.?([^.\[\]=!<>~]+)")
_OPERATOR = re.compile(r"!=|>=|<=|=|~|>|<")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_MOST_VALUES = 10_000
_SECRET = re.compile(r"(?i)pass|token|secret|credential|private|key$|^data$|^stringData$")
"""Fields whose value is not told when it is another than it should be."""
_BASE64 = "b3BhcXVlL"
"""How a token begins in the data of a Secret."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A path, and what is asked of the value there: that it exists (no operator), or how it compares."""

    text: str
    path: tuple[str, ...]
    operator: str = ""
    value: str = ""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a condition holds, and what is not so or not known."""

    result: Result
    reason: str = ""


def parse(text: str) -> Condition:
    """A condition as it is written. Raises ValueError with what is wrong with it."""
    place = 0
    parts: list[str] = []
    while found := _PART.match(text, place):
        parts.append(found[1] or found[2])
        place = found.end()
    sign = _OPERATOR.match(text, place)
    if not parts or (place < len(text) and not sign):
        raise ValueError(f"{text!r} is no condition, such as spec.replicas>=2")
    value = text[sign.end() :] if sign else ""
    wrong = searching.problem(value) if sign and sign[0] == "~" else ""
    if wrong or (sign and sign[0] in _ORDER and _amounts(value, value) is None):
        raise ValueError(wrong or f"{text!r} compares with what is no amount")
    return Condition(text=text, path=tuple(parts), operator=sign[0] if sign else "", value=value)


def problem(text: str) -> str:
    """What is wrong with a condition; empty when it can be read."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


def judge(body: Any, condition: Condition) -> Judged:
    """Whether a condition holds for a value. A value that only the cluster knows decides nothing."""
    values = select(body, condition.path)
    if not values:
        if condition.operator == "!=":
            return Judged(result=Result.PASS)
        return Judged(result=Result.FAIL, reason=f"there is no {_written(condition.path)}")
    if condition.operator and any(_is_hidden(shown(value)) for value in values):
        return Judged(
            result=Result.UNKNOWN, reason=f"{_written(condition.path)} is a value that only the cluster holds"
        )
    every = condition.operator == "!="
    if (all if every else any)(_holds(value, condition) for value in values):
        return Judged(result=Result.PASS)
    return Judged(result=Result.FAIL, reason=_reason(condition, values))


def select(body: Any, path: tuple[str, ...]) -> list[Any]:
    """The values at a path, in order."""
    values = [body]
    for part in path:
        values = [inner for value in values for inner in _inside(value, part)][:_MOST_VALUES]
    return values


def shown(value: Any) -> str:
    """A value as text: as YAML writes it in the plainest way."""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value, enc_hook=str).decode()


def _is_hidden(text: str) -> bool:
    """Whether a token stands for it, as it is or in the Base64 of a Secret."""
    return text.startswith(_BASE64) or is_opaque(text)


def _inside(value: Any, part: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if part == "*":
            yield from value.values()
        elif part in value:
            yield value[part]
    elif isinstance(value, list):
        if part == "*":
            yield from value
        elif part.isdecimal():
            yield from value[int(part[:9]) :][:1]
        else:
            yield from (item for item in value if isinstance(item, dict) and item.get("name") == part)


def _holds(value: Any, condition: Condition) -> bool:
    wanted = condition.value
    match condition.operator:
        case "":
            return True
        case "=":
            return shown(value) == wanted or (isinstance(value, list) and wanted in map(shown, value))
        case "!=":
            return shown(value) != wanted and not (isinstance(value, list) and wanted in map(shown, value))
        case "~":
            return searching.line_of(wanted, shown(value)) > 0
        case sign:
            amounts = _amounts(shown(value), wanted)
            return amounts is not None and _ORDER[sign](*amounts)


def _amounts(one: str, other: str) -> tuple[Any, Any] | None:
    """Both as quantities, or both as durations; None when they cannot be compared."""
    quantities = parse_quantity(one), parse_quantity(other)
    if None not in quantities:
        return quantities
    seconds = durations.seconds(one), durations.seconds(other)
    return seconds if None not in seconds else None


def _reason(condition: Condition, values: list[Any]) -> str:
    path = _written(condition.path)
    if condition.operator == "~":
        return f"{path} does not contain {condition.value}"
    first = shown(values[0])
    held = first if len(first) <= 60 else f"{first[:60]}…"
    if isinstance(values[0], dict | list) or any(part == "*" or _SECRET.search(part) for part in condition.path):
        held = "something else"
    return f"{path} is {held}, not {condition.operator.removeprefix('=')}{condition.value}"


def _written(path: tuple[str, ...]) -> str:
    text = "".join(f"[{part}]" if "." in part or "/" in part else f".{part}" for part in path)
    return text.removeprefix(".")
