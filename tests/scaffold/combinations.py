"""Repositories with many components at once: the rows of a covering array over all components and their options.

A factor is a component (there or not) or one of its parameters (left alone, or each of its values; samples.toml has
values for those that are no choices). What does not go together by the components' own rules is left out of a row; what
a component needs comes along. The array is kept in array.json, because looking for it takes a while;
`python -m tests.scaffold.combinations` writes it anew, and a test holds it against the components.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from elysium.api import Options, Request, Scaffolder, Workspace, write_scaffold
from elysium.errors import ScaffoldError
from elysium.scaffold import Component, Library, Parameter, ParameterType, RepositoryFacts, answer
from tests.scaffold.covering import Row, covering
from tests.scaffold.harness import CLUSTER, scaffold, sealing_key, sources

HERE = Path(__file__).parent
ARRAY = HERE / "array.json"
NUMBER = 50
ABSENT, PRESENT, LEFT_ALONE = "absent", "present", "left alone"
_ABSENCE = 0.15
OUTSIDE = ("cluster",)
"""Written by every repository already."""

_CLOSED = (ParameterType.BOOLEAN, ParameterType.CHOICE)

SAMPLES: dict[ParameterType, list[Any]] = {
    ParameterType.BOOLEAN: [True, False],
    ParameterType.QUANTITY: ["2Gi"],
    ParameterType.CRON: ["30 4 * * *"],
    ParameterType.DURATION: ["2h"],
    ParameterType.EMAIL: ["someone@example.com"],
    ParameterType.PORT: [9090],
}


class Instance(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """A component under a name, with what it always answers; `only_with` another one, which has answers of its own."""

    component: str
    name: str
    answers: dict[str, Any] = {}
    only_with: str = ""

    @property
    def id(self) -> str:
        """The factor: whether it is there."""
        return f"{self.component}:{self.name}"


@cache
def library() -> dict[str, Component]:
    """Every component that comes along."""
    return {item.id: item for item in Library().components()}


@cache
def instances() -> dict[str, Instance]:
    """Everything that a row may have: the instances of samples.toml, and every other component once."""
    told = [msgspec.convert(item, Instance) for item in _samples()["instances"]]
    taken = {item.component for item in told}
    others = [
        Instance(component=name, name=name.rpartition("/")[2])
        for name in library()
        if name not in taken and name not in OUTSIDE
    ]
    return {item.id: item for item in (*told, *others)}


@cache
def _samples() -> dict[str, Any]:
    return tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))


def values_of(component: Component, parameter: Parameter) -> list[Any]:
    """What a row may answer; the first is given where an answer is required."""
    told = _samples()["values"].get(component.id, {}).get(parameter.name)
    if told is not None:
        return list(told)
    if parameter.type is ParameterType.CHOICE:
        return list(parameter.choices)
    if parameter.type is ParameterType.INTEGER:
        low, high = parameter.minimum or 0, parameter.maximum
        return [low + 2] if high is None or low + 2 <= high else []
    return SAMPLES.get(parameter.type, [])


def factors() -> dict[str, list[str]]:
    """Factors and their values, all as texts."""
    found: dict[str, list[str]] = {}
    for instance in instances().values():
        found[instance.id] = [ABSENT, PRESENT]
        component = library()[instance.component]
        for parameter in component.parameters:
            values = [json.dumps(value) for value in values_of(component, parameter)]
            if parameter.name in instance.answers:
                continue
            if parameter.default is not None or parameter.optional:
                values = [LEFT_ALONE, *values] if parameter.type not in _CLOSED else values
            if len(values) > 1:
                found[f"{instance.id} {parameter.name}"] = values
    return found


def real(row: Row) -> Row:
    """What of a row goes together: parameters only of what is there, and only answers that are taken."""
    kept = {name: value for name, value in row.items() if " " not in name}
    facts = RepositoryFacts(cluster=CLUSTER, certificate="x", storage_class="local-path", offers=_offers(kept))
    for instance in _present(kept):
        for parameter in library()[instance.component].parameters:
            name = f"{instance.id} {parameter.name}"
            if name in row and _taken(instance, {**kept, name: row[name]}, facts):
                kept[name] = row[name]
    return kept


def begin(row: Row, chance: random.Random) -> Row:
    """A row with what its values need to be there; most is there, so that many values meet."""
    needed = {name.partition(" ")[0]: PRESENT for name in row if " " in name}
    others = {name: ABSENT if chance.random() < _ABSENCE else PRESENT for name in instances()}
    return {**others, **needed, **row}


def rows() -> list[Row]:
    """The array."""
    return [dict(row) for row in json.loads(ARRAY.read_text(encoding="utf-8"))]


def combination(row: Row, root: Path) -> Path:
    """The repository of one row."""
    scaffold(root)
    with Workspace(root, options=Options(sources=sources())) as workspace:
        scaffolder = Scaffolder.of(workspace, certificate=sealing_key()[1])
        for instance in _present(row):
            scaffolder.add(request(instance, row), needs=True)
        write_scaffold(scaffolder.result)
    return root


def request(instance: Instance, row: Row) -> Request:
    """What a row wants of an instance."""
    kind, _, rest = instance.component.partition("/")
    preset = rest.removeprefix("presets/") if rest.startswith("presets/") else ""
    return Request(kind=kind, name=instance.name, preset=preset, answers=_answers(instance, row))


def _answers(instance: Instance, row: Row) -> dict[str, Any]:
    prefix = f"{instance.id} "
    chosen = {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
    given = {name: json.loads(value) for name, value in chosen.items() if value != LEFT_ALONE}
    component = library()[instance.component]
    needed = {
        item.name: values_of(component, item)[0]
        for item in component.parameters
        if item.default is None and not item.optional and not item.when and item.name not in instance.answers
    }
    return {**needed, **instance.answers, **given}


def _taken(instance: Instance, row: Row, facts: RepositoryFacts) -> bool:
    try:
        answer(library()[instance.component], instance.name, _answers(instance, row), facts)
    except ScaffoldError:
        return False
    return True


def _present(row: Row) -> Iterator[Instance]:
    for name, instance in instances().items():
        if row.get(name) == PRESENT and row.get(instance.only_with, PRESENT) == PRESENT:
            yield instance


def _offers(row: Row) -> tuple[str, ...]:
    offers = {offer for item in _present(row) for offer in library()[item.component].offers if "<" not in offer}
    return tuple(sorted(offers | {"sealed-secrets"}))


def main() -> None:
    """Write the array anew, and say what never comes together."""
    found, left = covering(factors(), real, begin, most=NUMBER)
    ARRAY.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    pairs = sum(len(one) * len(two) for one, two in combinations(factors().values(), 2))
    print(f"{len(factors())} factors, {pairs} pairs, {len(found)} rows, {len(left)} pairs that do not meet")


if __name__ == "__main__":
    main()
