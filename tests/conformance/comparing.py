"""Whether what Elysium rendered is what Flux rendered, object by object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from elysium.model import Unit

from .corpus import Case

__all__ = ["differences"]


def differences(case: Case, expected: Mapping[str, Mapping[str, Any]], units: Mapping[str, Unit]) -> list[str]:
    """Every difference as one line; none means that the case is equal."""
    found = [f"{name}: Elysium does not know this unit" for name in sorted(set(expected) - set(units))]
    found += [f"{name}: Flux does not make this unit" for name in sorted(set(units) - set(expected))]
    for name in sorted(set(units) & set(expected)):
        found += [f"{name}: {line}" for line in _unit(case, name, expected[name], units[name])]
    return found


def _unit(case: Case, name: str, expected: Mapping[str, Any], unit: Unit) -> Iterator[str]:
    yield from _state(case.states.get(name, (expected["state"],)), expected.get("message", ""), unit)
    if unit.state in ("rendered", "suspended") and "objects" in expected:
        yield from _objects(expected["objects"], [item.body() for item in unit.objects])
    message = unit.failure.message if unit.failure else ""
    text = case.says.get(name, "")
    if text and unit.state == "failed" and text not in message:
        yield f"the message {message!r} does not contain {text!r}"


def _state(allowed: tuple[str, ...], message: str, unit: Unit) -> Iterator[str]:
    state = "blocked" if unit.state == "rendered" and _waits(unit) else str(unit.state)
    if state not in allowed:
        why = unit.failure.message if unit.failure else ""
        yield f"state is {state} ({why}), expected {' or '.join(allowed)} ({message})"


def _waits(unit: Unit) -> bool:
    """Whether Flux would not apply what was rendered: something that it depends on is not ready."""
    expressions = (item.message for item in unit.assumptions if item.code == "ready-expression")
    return unit.blocked_by is not None or any("does not hold" in message for message in expressions)


def _objects(expected: list[Any], actual: list[Any]) -> Iterator[str]:
    wanted, got = _named(expected), _named(actual)
    for name in sorted(set(wanted) - set(got)):
        yield f"{name} is missing"
    for name in sorted(set(got) - set(wanted)):
        yield f"{name} is too much"
    for name in sorted(set(got) & set(wanted)):
        for path, here, there in _fields("", wanted[name], got[name]):
            yield f"{name}{path}: {there}, expected {here}"
    if set(wanted) == set(got) and list(wanted) != list(got):
        yield f"the order is {list(got)}, expected {list(wanted)}"


def _named(objects: list[Any]) -> dict[str, Any]:
    """Objects by identity; the third of one identity gets the number 2 (a hook may repeat an object of the release)."""
    named: dict[str, Any] = {}
    for item in objects:
        name = base = _identity(item)
        number = 1
        while name in named:
            name, number = f"{base}#{number}", number + 1
        named[name] = _plain(item)
    return named


def _identity(item: Mapping[str, Any]) -> str:
    metadata = item.get("metadata") or {}
    place = (metadata.get("namespace", ""), metadata.get("name", ""))
    return "|".join((item.get("apiVersion", ""), item.get("kind", ""), *place))


def _plain(value: Any) -> Any:
    """Without `creationTimestamp: null`, which newer API libraries leave out and every API server ignores."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if (key, item) != ("creationTimestamp", None)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _fields(path: str, wanted: Any, got: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted({*wanted, *got}):
            yield from _fields(f"{path}.{key}", wanted.get(key, _Absent), got.get(key, _Absent))
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, (here, there) in enumerate(zip(wanted, got, strict=True)):
            yield from _fields(f"{path}[{index}]", here, there)
    elif wanted != got or isinstance(wanted, bool) != isinstance(got, bool):
        yield path, _show(wanted), _show(got)


class _Absent:
    """Stands for a field that is not there."""


def _show(value: Any) -> str:
    return "nothing" if value is _Absent else json.dumps(value, ensure_ascii=False)
