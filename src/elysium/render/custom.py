"""Custom resources against the CRDs that the same cluster gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from elysium.engine import Answer, EnginePool
from elysium.errors import EngineError
from elysium.model import Problem, RenderedObject, Unit, group_of
from elysium.render.world import World

__all__ = ["judge_custom_resources"]

_BATCH = 100
_Key = tuple[int, int]


class _Judged(msgspec.Struct, frozen=True):
    problems: tuple[tuple[Problem, ...] | None, ...]


def judge_custom_resources(units: Sequence[Unit], world: World, pool: EnginePool, minor: str) -> list[Unit]:
    """The units with the problems of their custom resources: schema, unknown fields and CEL rules of the CRD.

    A kind without a CRD in the repository is left alone. The CRD that counts is the one that the cluster ends with.
    """
    definitions = dict(_definitions(world))
    wanted: dict[str, list[_Key]] = {}
    for number, unit in enumerate(units):
        for position, item in enumerate(unit.objects):
            name = f"{group_of(item.api_version)}/{item.kind}"
            if name in definitions:
                wanted.setdefault(name, []).append((number, position))
    found: dict[_Key, tuple[Problem, ...]] = {}
    batches = list(_batches(wanted))
    for name, keys in batches:
        objects = [msgspec.Raw(units[number].objects[position].raw) for number, position in keys]
        params = {"kubernetes": minor, "crds": [msgspec.Raw(definitions[name].raw)], "objects": objects}
        pool.submit(tuple(keys), "objects.validate", params)
    for _ in batches:
        keys, answer = pool.next()
        found.update(zip(keys, _problems(answer, len(keys)), strict=True))
    return [_with_problems(unit, number, found) for number, unit in enumerate(units)]


def _definitions(world: World) -> Iterator[tuple[str, RenderedObject]]:
    for name, identity in world.definitions().items():
        item = world.find(identity)
        if item is not None:
            yield name, item


def _batches(wanted: Mapping[str, Sequence[_Key]]) -> Iterator[tuple[str, list[_Key]]]:
    for name, keys in sorted(wanted.items()):
        remaining: Iterable[_Key] = iter(keys)
        while batch := list(islice(remaining, _BATCH)):
            yield name, batch


def _problems(answer: Answer, count: int) -> list[tuple[Problem, ...]]:
    """A CRD that the API server itself would refuse judges nothing: that is the finding about the CRD."""
    if answer.error is not None:
        if answer.error.code <= -32600:
            raise EngineError(answer.error.message)
        return [()] * count
    return [problems or () for problems in msgspec.json.decode(answer.result, type=_Judged).problems]


def _with_problems(unit: Unit, number: int, found: Mapping[_Key, tuple[Problem, ...]]) -> Unit:
    if not any(found.get((number, position)) for position in range(len(unit.objects))):
        return unit
    objects = tuple(
        msgspec.structs.replace(item, problems=(*item.problems, *found.get((number, position), ())))
        for position, item in enumerate(unit.objects)
    )
    return msgspec.structs.replace(unit, objects=objects)

