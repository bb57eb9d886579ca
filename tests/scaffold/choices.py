"""What a repository may be made of: instances of components, their parameters as factors, and values to try.

A factor is an instance (there or not) or one of its parameters (left alone, or each of its values; samples.toml has
values for those that are no choices). A value that the instance can never have, because its other answers are given, is
none: `feasible` says that.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from elysium.scaffold import Component, Library, Parameter, ParameterType

ABSENT, PRESENT, LEFT_ALONE = "absent", "present", "left alone"
HERE = Path(__file__).parent
BEGUN = ("cluster", "infra/sealed-secrets", "workflow/validate", "workflow/flux-update")
"""What `elysium init` writes: it is always there. So is what offers nothing to others: they cannot miss it."""

_CLOSED = (ParameterType.BOOLEAN, ParameterType.CHOICE)

_BY_TYPE: dict[ParameterType, list[Any]] = {
    ParameterType.BOOLEAN: [True, False],
    ParameterType.QUANTITY: ["2Gi"],
    ParameterType.CRON: ["30 4 * * *"],
    ParameterType.DURATION: ["2h"],
    ParameterType.EMAIL: ["someone@example.com"],
    ParameterType.PORT: [9090],
}


class Instance(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A component under a name, with what it always answers; `only_with` others, which have answers of their own."""

    component: str
    name: str
    answers: dict[str, Any] = {}
    only_with: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The factor: whether it is there."""
        return f"{self.component}:{self.name}"

    def factor(self, parameter: str) -> str:
        """The factor of a parameter."""
        return f"{self.id} {parameter}"


@cache
def library() -> dict[str, Component]:
    """Every component that comes along."""
    return {item.id: item for item in Library().components()}


@cache
def instances() -> dict[str, Instance]:
    """Everything that a row may have: the instances of samples.toml, and every other component once."""
    told = [msgspec.convert(item, Instance) for item in _samples()["instances"]]
    taken = {item.component for item in told}
    others = [Instance(component=name, name=name.rpartition("/")[2]) for name in library() if name not in taken]
    return {item.id: item for item in (*told, *others)}


def instance_of(component: str) -> str:
    """The instance that a need means by KIND/NAME."""
    kind, _, name = component.partition("/")
    return f"{kind}:{name}" if kind in library() else f"{component}:{name}"


@cache
def _samples() -> dict[str, Any]:
    return tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))


def values_of(instance: Instance, parameter: Parameter) -> list[Any]:
    """What a row may answer; the first is given where an answer is required. Values of an instance go before those of
    its component."""
    samples = _samples()["values"]
    told = {**samples.get(instance.component, {}), **samples.get(instance.id, {})}.get(parameter.name)
    if told is not None:
        return list(told)
    if parameter.type is ParameterType.CHOICE:
        return list(parameter.choices)
    if parameter.type is ParameterType.INTEGER:
        low, high = parameter.minimum or 0, parameter.maximum
        return [low + 2] if high is None or low + 2 <= high else []
    return _BY_TYPE.get(parameter.type, [])


@cache
def factors() -> dict[str, list[str]]:
    """Factors and their values, all as texts."""
    found: dict[str, list[str]] = {}
    for instance in instances().values():
        component = library()[instance.component]
        found[instance.id] = [ABSENT, PRESENT] if component.offers and component.id not in BEGUN else [PRESENT]
        for parameter in component.parameters:
            values = [json.dumps(value) for value in values_of(instance, parameter)]
            if parameter.name in instance.answers:
                continue
            if parameter.default is not None or parameter.optional:
                values = [LEFT_ALONE, *values] if parameter.type not in _CLOSED else values
            if len(values) > 1:
                found[instance.factor(parameter.name)] = values
    return found


@cache
def apart() -> dict[tuple[str, str], frozenset[str]]:
    """What is absent can be missed by those that name it or what it offers; with others it does not have to meet."""
    return {
        (name, ABSENT): frozenset(other for other in factors() if not _asks(other.partition(" ")[0], name))
        for name in instances()
        if ABSENT in factors()[name]
    }


@cache
def _asks(name: str, other: str) -> bool:
    asked = library()[instances()[other].component]
    words = [asked.id, *(offer.partition("<")[0] for offer in asked.offers)]
    return any(word and word in _text(instances()[name].component) for word in words)


@cache
def _text(component: str) -> str:
    folder = Path(library()[component].directory)
    files = [folder / "component.toml", *(folder / "templates").rglob("*")]
    return "".join(file.read_text(encoding="utf-8") for file in sorted(files) if file.is_file())


def answers(instance: Instance, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What is answered for an instance: what it always answers, what has to be, and what was chosen by parameter."""
    given = {name: json.loads(value) for name, value in chosen.items() if value != LEFT_ALONE}
    component = library()[instance.component]
    needed = {
        item.name: values_of(instance, item)[0]
        for item in component.parameters
        if item.default is None and not item.optional and not item.when and item.name not in instance.answers
    }
    return {**needed, **instance.answers, **given}
