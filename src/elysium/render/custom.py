"""Custom resources against the CRDs that the same cluster gets, and else against the schemas that are known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from elysium.engine import Answer, EnginePool
from elysium.errors import EngineError
from elysium.model import Problem, Unit
from elysium.render.judges import Judge, Judges, is_custom, is_definition
from elysium.render.schemas import malformed
from elysium.render.verdicts import Verdicts

__all__ = ["judge_custom_resources"]

_BATCH = 100
_Key = tuple[int, int]


class _Judged(msgspec.Struct, frozen=True):
    problems: tuple[tuple[Problem, ...] | None, ...]


class _Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Objects that have the same judge."""

    judge: Judge
    keys: tuple[_Key, ...]


def judge_custom_resources(units: Sequence[Unit], judges: Judges, pool: EnginePool, verdicts: Verdicts) -> list[Unit]:
    """The units with the problems of their custom resources: schema, unknown fields and CEL rules of the CRD.

    The CRD that counts is the one that the cluster ends with, then one of the folders that the settings name. For a
    kind of Flux without one it is that of the declared Flux version, for other kinds that of the engine's catalogue.
    An object of a kind that nobody knows has the problem `no-schema`. Raises SettingsError for a malformed schema.
    """
    found: dict[_Key, tuple[Problem, ...]] = {}
    asked = [_recall(group, units, found, verdicts) for group in _groups(units, judges)]
    batches = dict(enumerate(part for group in asked for part in _split(group)))
    for number, batch in batches.items():
        objects = [msgspec.Raw(units[unit].objects[position].raw) for unit, position in batch.keys]
        pool.submit(number, "objects.validate", {**batch.judge.params, "objects": objects})
    for _ in range(len(batches)):
        number, answer = pool.next()
        judged = dict(zip(batches[number].keys, _problems(answer, batches[number]), strict=True))
        found.update(judged)
        _remember(batches[number], judged, units, verdicts)
    return [_with_problems(unit, number, found) for number, unit in enumerate(units)]


def _groups(units: Sequence[Unit], judges: Judges) -> Iterator[_Batch]:
    wanted: dict[tuple[str, str], list[_Key]] = {}
    for number, unit in enumerate(units):
        for position, item in enumerate(unit.objects):
            if is_custom(item) or is_definition(item):
                wanted.setdefault((item.api_version, item.kind), []).append((number, position))
    for (api_version, kind), keys in sorted(wanted.items()):
        yield _Batch(judge=judges.of_kind(api_version, kind), keys=tuple(keys))


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
    return dict(zip(public, verdicts.keys(msgspec.json.encode(batch.judge.params), raws), strict=True))


def _split(group: _Batch) -> Iterator[_Batch]:
    remaining: Iterable[_Key] = iter(group.keys)
    while keys := tuple(islice(remaining, _BATCH)):
        yield msgspec.structs.replace(group, keys=keys)


def _problems(answer: Answer, batch: _Batch) -> list[tuple[Problem, ...]]:
    """A CRD that the API server itself would refuse judges nothing: that is the finding about the CRD."""
    if answer.error is not None:
        if batch.judge.file:
            raise malformed(batch.judge.file, answer.error.message)
        if answer.error.code <= -32600:
            raise EngineError(answer.error.message)
        return [()] * len(batch.keys)
    return [problems or () for problems in msgspec.json.decode(answer.result, type=_Judged).problems]


def _with_problems(unit: Unit, number: int, found: Mapping[_Key, tuple[Problem, ...]]) -> Unit:
    if not any(found.get((number, position)) for position in range(len(unit.objects))):
        return unit
    objects = tuple(
        msgspec.structs.replace(item, problems=_all(item.problems, found.get((number, position), ())))
        for position, item in enumerate(unit.objects)
    )
    return msgspec.structs.replace(unit, objects=objects)


def _all(before: tuple[Problem, ...], found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """What was found at once and now; a definition of a kind is judged as an object of a built-in kind, too."""
    return tuple(dict.fromkeys((*before, *found)))
