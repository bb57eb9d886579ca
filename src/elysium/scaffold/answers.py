"""Answers to a component's parameters: read, completed from the facts, and judged before anything is written.

Everything that is wrong is told at once, each with the parameter, the value and what is allowed.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold.description import Component, Parameter
from elysium.scaffold.facts import RepositoryFacts
from elysium.scaffold.isolation import templates_of
from elysium.scaffold.templates import Templates
from elysium.scaffold.types import EMPTY, allowed, coerce

__all__ = ["Answers", "Problem", "answer", "missing", "read_answers", "read_settings"]

_LARGEST = 1 << 20
_SHOWN = 80


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why an answer is none."""

    parameter: str
    value: str
    message: str

    def __str__(self) -> str:
        value = f" {self.value!r}" if self.value else ""
        return f"{self.parameter}{value}: {self.message}"


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What a person gave (recorded as it is), and every parameter's value, by its name in templates."""

    given: dict[str, Any]
    values: dict[str, Any]


def read_answers(file: Path) -> dict[str, Any]:
    """Answers in a TOML or JSON file. Raises ScaffoldError when it cannot be read."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ScaffoldError("this is larger than answers are", subject=str(file), hint="the limit is 1 MiB")
        read = msgspec.json.decode(data) if file.suffix == ".json" else tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        hint = "--answers names a TOML or JSON file"
        raise ScaffoldError(error.strerror or "cannot be read", subject=str(file), hint=hint) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        hint = 'answers are lines such as: style = "files"'
        raise ScaffoldError(f"this is no {_form(file)}: {error}", subject=str(file), hint=hint) from error
    if not isinstance(read, dict):
        raise ScaffoldError("answers are a table of names and values", subject=str(file))
    return read


def read_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Answers given as KEY=VALUE. Raises ScaffoldError for one without a sign or given twice."""
    found: dict[str, Any] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key:
            raise ScaffoldError("this is no KEY=VALUE", subject=f"--set {text}", hint="for example --set style=files")
        if key in found:
            raise ScaffoldError("this is given twice", subject=f"--set {key}", hint="lists are separated by commas")
        found[key] = value
    return found


def answer(component: Component, name: str, given: Mapping[str, Any], facts: RepositoryFacts) -> Answers:
    """Every parameter's value. Raises ScaffoldError that names all problems when some answer is none."""
    values, problems = _resolved(component, name, given, facts)
    if problems:
        raise _refused(component, problems)
    return Answers(given=dict(given), values=values)


def missing(component: Component, name: str, given: Mapping[str, Any], facts: RepositoryFacts) -> tuple[Parameter, ...]:
    """Parameters that have to be answered and are not."""
    _, problems = _resolved(component, name, given, facts)
    wanted = {problem.parameter for problem in problems if problem.message.startswith(_WANTED)}
    return tuple(item for item in component.parameters if item.name in wanted)


_WANTED = "is not given"


def _resolved(
    component: Component, name: str, given: Mapping[str, Any], facts: RepositoryFacts
) -> tuple[dict[str, Any], list[Problem]]:
    templates = templates_of(component)
    values: dict[str, Any] = {"name": name, "repository": facts, "component": component.id}
    problems = _unknown(component, given)
    for parameter in component.parameters:
        value, problem = _value(parameter, given, values, templates)
        values[parameter.key] = value
        problems += [problem] if problem else []
    if not problems:
        for rule in component.rules:
            if templates.holds(rule.refuse, values, f"rule about {rule.parameter}"):
                blamed = next(item for item in component.parameters if item.name == rule.parameter)
                message = templates.text(rule.message + (f" ({rule.hint})" if rule.hint else ""), values, "rule")
                problems.append(Problem(parameter=rule.parameter, value=_shown(values[blamed.key]), message=message))
    return values, problems


def _value(
    parameter: Parameter, given: Mapping[str, Any], values: Mapping[str, Any], templates: Templates
) -> tuple[Any, Problem | None]:
    where = f"parameter {parameter.name}"
    empty = EMPTY.get(parameter.type, "")
    meant = templates.holds(parameter.when, values, where)
    if parameter.name in given and not meant:
        message = f"has a meaning only where {parameter.when}"
        return empty, Problem(parameter=parameter.name, value=_shown(given[parameter.name]), message=message)
    if parameter.name in given:
        return _coerced(parameter, given[parameter.name], "")
    if parameter.default is None and not parameter.optional and meant:
        message = f"{_WANTED}: {parameter.help} Allowed is {allowed(parameter)}"
        return empty, Problem(parameter=parameter.name, value="", message=message)
    if parameter.default is None or not meant:
        return empty, None
    raw = parameter.default
    default = templates.text(raw, values, where) if isinstance(raw, str) else raw
    if default == "" and (parameter.optional or raw != ""):
        return (empty, None) if parameter.optional else _nothing_known(parameter)
    return _coerced(parameter, default, " (its default here)")


def _nothing_known(parameter: Parameter) -> tuple[Any, Problem]:
    message = f"{_WANTED}, and nothing in the repository says it: {parameter.help} Allowed is {allowed(parameter)}"
    return EMPTY.get(parameter.type, ""), Problem(parameter=parameter.name, value="", message=message)


def _coerced(parameter: Parameter, raw: Any, remark: str) -> tuple[Any, Problem | None]:
    try:
        return coerce(parameter, raw), None
    except ValueError:
        message = f"allowed is {allowed(parameter)}{remark}"
        problem = Problem(parameter=parameter.name, value=_shown(raw), message=message)
        return EMPTY.get(parameter.type, ""), problem


def _unknown(component: Component, given: Mapping[str, Any]) -> list[Problem]:
    names = [parameter.name for parameter in component.parameters]
    found = []
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, 1, 0.5)
            known = f"perhaps {near[0]}" if near else f"there are {', '.join(names) or 'none'}"
            message = f"{component.id} has no such parameter: {known}"
            found.append(Problem(parameter=str(key), value="", message=message))  # `--token …` may be a secret
    return found


def _refused(component: Component, problems: list[Problem]) -> ScaffoldError:
    hint = f"`elysium new --list {component.id}` explains every parameter"
    if len(problems) == 1:
        return ScaffoldError(str(problems[0]), hint=hint)
    lines = "".join(f"\n  {problem}" for problem in problems)
    return ScaffoldError(f"{len(problems)} answers cannot be used:{lines}", hint=hint)


def _shown(value: Any) -> str:
    try:
        text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    except ValueError:  # Python writes no number of more than 4300 digits
        return "a huge number"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _form(file: Path) -> str:
    return "JSON" if file.suffix == ".json" else "TOML"
