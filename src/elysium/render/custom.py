"""Custom resources against the CRDs that the same cluster gets, and objects of Flux against those of its version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from elysium.engine import Answer, EnginePool
from elysium.errors import EngineError
from elysium.model import Problem, RenderedObject, Unit, group_of
from elysium.render.options import RenderOptions
from elysium.render.verdicts import Verdicts
from elysium.render.world import World

__all__ = ["judge_custom_resources"]

_BATCH = 100
_FLUX = ".toolkit.fluxcd.io"
_Key = tuple[int, int]


class _Judged(msgspec.Struct, frozen=True):
    problems: tuple[tuple[Problem, ...] | None, ...]


class _Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Objects that one definition judges; `judge` are the parameters of the engine beside them."""

    judge: dict[str, object]
    keys: tuple[_Key, ...]


def judge_custom_resources(
    units: Sequence[Unit], world: World, pool: EnginePool, options: RenderOptions, verdicts: Verdicts
) -> list[Unit]:
    """The units with the problems of their custom resources: schema, unknown fields and CEL rules of the CRD.

    The CRD that counts is the one that the cluster ends with. For a kind of Flux without one it is that of the declared
    Flux version; any other kind without a CRD in the repository is left alone.
    """
    found: dict[_Key, tuple[Problem, ...]] = {}
    asked = [_recall(group, units, found, verdicts) for group in _groups(units, world, options)]
    batches = dict(enumerate(part for group in asked for part in _split(group)))
    for number, batch in batches.items():
        objects = [msgspec.Raw(units[unit].objects[position].raw) for unit, position in batch.keys]
        pool.submit(number, "objects.validate", {**batch.judge, "objects": objects})
    for _ in range(len(batches)):
        number, answer = pool.next()
        judged = dict(zip(batches[number].keys, _problems(answer, len(batches[number].keys)), strict=True))
        found.update(judged)
        _remember(batches[number], judged, units, verdicts)
    return [_with_problems(unit, number, found) for number, unit in enumerate(units)]


def _groups(units: Sequence[Unit], world: World, options: RenderOptions) -> Iterator[_Batch]:
    definitions = dict(_definitions(world))
    wanted: dict[str, list[_Key]] = {}
    for number, unit in enumerate(units):
        for position, item in enumerate(unit.objects):
            group = group_of(item.api_version)
            name = f"{group}/{item.kind}"
            if name in definitions or group.endswith(_FLUX):
                wanted.setdefault(name, []).append((number, position))
    for name, keys in sorted(wanted.items()):
        crd = definitions.get(name)
        own: dict[str, object] = {"crds": [msgspec.Raw(crd.raw)]} if crd else {"crds": [], "flux": options.flux}
        yield _Batch(judge={"kubernetes": options.minor, **own}, keys=tuple(keys))


def _definitions(world: World) -> Iterator[tuple[str, RenderedObject]]:
    for name, identity in world.definitions().items():
        item = world.find(identity)
        if item is not None:
            yield name, item


def _recall(group: _Batch, units: Sequence[Unit], found: dict[_Key, tuple[Problem, ...]], verdicts: Verdicts) -> _Batch:
    """The group without what is known from an earlier run, which is put into `found`."""
    names = _names(group, units, verdicts)
    known = verdicts.recall(names.values())
    found.update({key: known[name] for key, name in names.items() if name in known})
    return msgspec.structs.replace(group, keys=tuple(key for key in group.keys if key not in found))


def _remember(
    batch: _Batch, judged: Mapping[_Key, tuple[Problem, ...]], units: Sequence[Unit], verdicts: Verdicts
) -> None:
    verdicts.remember({name: judged[key] for key, name in _names(batch, units, verdicts).items()})


def _names(batch: _Batch, units: Sequence[Unit], verdicts: Verdicts) -> dict[_Key, str]:
    """What each object is remembered under; those of units that hold plaintext of a Secret are not."""
    public = [key for key in batch.keys if not units[key[0]].sensitive]
    raws = (bytes(units[number].objects[position].raw) for number, position in public)
    return dict(zip(public, verdicts.keys(msgspec.json.encode(batch.judge), raws), strict=True))


def _split(group: _Batch) -> Iterator[_Batch]:
    remaining: Iterable[_Key] = iter(group.keys)
    while keys := tuple(islice(remaining, _BATCH)):
        yield msgspec.structs.replace(group, keys=keys)


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
