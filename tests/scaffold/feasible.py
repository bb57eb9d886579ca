"""Which choices go together: exact, by search, from the components' own conditions, rules and needs.

A row is taken as far as it is chosen. When a component refuses, or needs what the row does not have, only other answers
to the parameters that this depends on can help: they are tried, all of them, one after the other. When none is left,
the row is impossible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from elysium.errors import ScaffoldError
from elysium.scaffold import Component, Image, RepositoryFacts, answer, unmet
from tests.scaffold.choices import (
    ABSENT,
    LEFT_ALONE,
    PRESENT,
    Instance,
    answers,
    factors,
    instance_of,
    instances,
    library,
)
from tests.scaffold.covering import Row

__all__ = ["extended", "needed", "whole"]

_MOST_STEPS = 20_000
FACTS = RepositoryFacts(
    cluster="demo",
    certificate="x",
    storage_class="local-path",
    offers=("sealed-secrets", "storage-class/local-path"),
    variables={"CLUSTER_DOMAIN": "demo.internal"},
    charts=("api",),
    images={"go": Image(dockerfile="packages/go/Dockerfile", context="packages/go")},
)
"""A fresh repository: what its components offer is not asked, but which of them have to be there. It has the chart and
the image, for those that are only with them."""


class _Verdict(NamedTuple):
    """What an instance needs with some answers; or, when it refuses them, the factors that this depends on."""

    needs: Mapping[str, frozenset[str]]
    refused: frozenset[str] | None = None


def extended(row: Row, more: Row) -> Row | None:
    """A row that is whole with more values, and with what these need; None when no row has all of it."""
    if any(row.get(name, value) != value for name, value in more.items()):
        return None
    longer = {**row, **more}
    settled = {_settled(longer, name.partition(" ")[0]) for name in more}
    return None if False in settled else whole(longer) if None in settled else longer


def whole(row: Row) -> Row | None:
    """A row with everything that it needs; None when no row has all of it."""
    owners = {name.partition(" ")[0]: PRESENT for name in row if " " in name}
    if any(row.get(name, PRESENT) == ABSENT for name in owners):
        return None
    found = _search({**owners, **row}, {}, [_MOST_STEPS])
    return found and {name: value for name, value in found.items() if value}


def _settled(row: Row, owner: str) -> bool | None:
    """Whether an instance, which alone has new values, needs nothing more; None where only search says it."""
    if row.get(owner) != PRESENT:
        return None
    verdict = _verdict(owner, _chosen(owner, row))
    if verdict.refused is not None:
        return False if verdict.refused <= row.keys() else None
    return all(row.get(other) == PRESENT for other in verdict.needs) or None


def needed(row: Row) -> dict[str, tuple[str, ...]]:
    """What there is in a row, and what each of it needs to be there."""
    there = [name for name in instances() if row.get(name) == PRESENT]
    return {name: tuple(_verdict(name, _chosen(name, row)).needs) for name in there}


def _search(row: Row, tried: Mapping[str, str], steps: list[int]) -> Row | None:
    steps[0] -= 1
    assert steps[0], f"too much to try: {tried}"
    longer, conflict = _grown(row)
    if conflict is None:
        return longer
    free = min((name for name in conflict if name not in row), default="")
    values = ["", *(value for value in factors()[free] if value != LEFT_ALONE)] if free else []
    found = (_search({**row, free: value}, {**tried, free: value}, steps) for value in values)
    return next((whole_row for whole_row in found if whole_row is not None), None)


def _grown(row: Row) -> tuple[Row, frozenset[str] | None]:
    """A row with all that its instances need, or the factors that what stands against it depends on."""
    row = dict(row)
    there = [name for name in instances() if row.get(name) == PRESENT]
    because: dict[str, frozenset[str]] = {name: frozenset() for name in there}
    for name in there:
        verdict = _verdict(name, _chosen(name, row))
        if verdict.refused is not None:
            return row, verdict.refused | because[name]
        for other, factors_of_need in verdict.needs.items():
            reasons = factors_of_need | because[name]
            if row.get(other) == ABSENT:
                return row, reasons
            if other not in because:
                row[other] = PRESENT
                because[other] = reasons
                there.append(other)
    return row, None


def _chosen(name: str, row: Row) -> frozenset[tuple[str, str]]:
    found = ((parameter, row.get(factor, "")) for factor, parameter in _factors_of(name))
    return frozenset((parameter, value) for parameter, value in found if value not in ("", LEFT_ALONE))


@cache
def _factors_of(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((factor, factor.partition(" ")[2]) for factor in factors() if factor.startswith(f"{name} "))


@lru_cache(1 << 18)
def _verdict(name: str, chosen: frozenset[tuple[str, str]]) -> _Verdict:
    instance = instances()[name]
    component = library()[instance.component]
    try:
        answered = answer(component, instance.name, answers(instance, dict(chosen)), FACTS)
    except ScaffoldError as error:
        blamed = [item.name for item in component.parameters if re.search(rf"^\s*{item.name}[ :]", str(error), re.M)]
        assert blamed, f"{name} refuses: {error}"
        return _Verdict({}, frozenset().union(*(_depends(name, item) for item in blamed)))
    needs = {other: frozenset[str]() for other in instance.only_with}
    for _, other, reason in unmet(component, answered, FACTS):
        needs[instance_of(other)] = _need_depends(name, reason)
    return _Verdict(needs)


@cache
def _depends(name: str, parameter: str) -> frozenset[str]:
    """The factors that decide whether an answer to a parameter is taken."""
    instance = instances()[name]
    component = library()[instance.component]
    rules = " ".join(rule.refuse for rule in component.rules if rule.parameter == parameter)
    return _mentioned(instance, f"{rules} {parameter.replace('-', '_')}")


@cache
def _need_depends(name: str, reason: str) -> frozenset[str]:
    instance = instances()[name]
    needs = [need for need in library()[instance.component].needs if need.reason == reason]
    return _mentioned(instance, " ".join(f"{need.when} {need.offer} {need.component}" for need in needs))


def _mentioned(instance: Instance, text: str) -> frozenset[str]:
    """The factors whose parameters an expression depends on, also by conditions and defaults of others."""
    found = _names(library()[instance.component], text)
    return frozenset(name for name in map(instance.factor, found) if name in factors())


def _names(component: Component, text: str) -> set[str]:
    parameters = {item.key: item for item in component.parameters}
    found: set[str] = set()
    waiting = [text]
    while waiting:
        new = set(re.findall(r"[a-z]\w*", waiting.pop())) & set(parameters) - found
        found |= new
        waiting += [f"{parameters[key].when} {parameters[key].default}" for key in sorted(new)]
    return {parameters[key].name for key in found}
