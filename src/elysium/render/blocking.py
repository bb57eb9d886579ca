"""Which units Flux would never get to, because something that they depend on never becomes ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.model import Assumption, Failure, Unit, UnitId, UnitState
from elysium.render.progress import Task
from elysium.resolve import cycles

__all__ = ["mark_blocked"]

_STUCK = (UnitState.FAILED, UnitState.UNKNOWN)


def mark_blocked(
    units: Iterable[Unit], tasks: Mapping[UnitId, Task], pool: EnginePool, *, additive: bool = False
) -> list[Unit]:
    """The units with `blocked_by`: the root cause that keeps each from being applied.

    A unit waits for what it `dependsOn` (Flux applies it only when that is ready) and for its parent, which makes it.
    What is missing or part of a cycle never becomes ready. With `readyExpr` the expression decides instead, here
    against the status that a successful unit has; one that is not valid fails the unit for good. `additive`: both count
    (gate `AdditiveCELDependencyCheck`).
    """
    judged = [_judge_expressions(unit, tasks, pool) for unit in units]
    by_id = {unit.id: unit for unit in judged}
    waits = {unit.id: unit.depends_on if additive else _waits(unit, tasks) for unit in judged}
    causes: dict[UnitId, UnitId | None] = {}
    for cycle in cycles({_key(unit): [_key(item) for item in needed] for unit, needed in waits.items()}):
        members = [unit.id for unit in judged if _key(unit.id) in cycle]
        causes.update({member: min(members) for member in members})
    for unit in judged:
        _find_cause(unit.id, by_id, waits, causes)
    return [_marked(unit, causes.get(unit.id)) for unit in judged]


def _waits(unit: Unit, tasks: Mapping[UnitId, Task]) -> tuple[UnitId, ...]:
    """What must become ready first: not what exists and has a `readyExpr`, which is asked in place of readiness."""
    task = tasks.get(unit.id)
    entries = _entries(task)
    asked = {_named(unit, entry) for entry in entries if entry.get("readyExpr")}
    return tuple(needed for needed in unit.depends_on if needed not in asked or needed not in tasks)


def _entries(task: Task | None) -> list[dict[str, Any]]:
    written = task.spec.get("dependsOn") if task else None
    return [item for item in written if isinstance(item, dict)] if isinstance(written, list) else []


def _named(unit: Unit, entry: Mapping[str, Any]) -> UnitId:
    namespace = str(entry.get("namespace") or unit.id.namespace)
    return UnitId(unit.id.cluster, unit.id.kind, namespace, str(entry.get("name")))


def _key(identity: UnitId) -> str:
    return f"{identity.cluster}\0{identity}"


def _marked(unit: Unit, cause: UnitId | None) -> Unit:
    if cause is None or unit.state in _STUCK:
        return unit
    return msgspec.structs.replace(unit, blocked_by=cause)


def _find_cause(
    identity: UnitId,
    units: Mapping[UnitId, Unit],
    waits: Mapping[UnitId, tuple[UnitId, ...]],
    causes: dict[UnitId, UnitId | None],
) -> None:
    """Note the unit because of which this one never becomes ready (itself if it failed), or None.

    Without recursion: chains may be long.
    """
    stack = [identity]
    entered: set[UnitId] = set()
    while stack:
        current = stack[-1]
        unit = units.get(current)
        needed = (*waits[current], *([unit.parent] if unit.parent else [])) if unit else ()
        if current in entered:
            causes[current] = next((cause for item in needed if (cause := causes.get(item)) is not None), None)
        elif current not in causes:
            causes[current] = _own_cause(current, unit)
            if causes[current] is None:
                entered.add(current)
                stack.extend(item for item in reversed(needed) if item not in causes)
                continue
        stack.pop()


def _own_cause(identity: UnitId, unit: Unit | None) -> UnitId | None:
    if unit is None:
        return identity
    if unit.state is UnitState.FAILED:
        return unit.failure.cause or identity if unit.failure else identity
    return None


def _judge_expressions(unit: Unit, tasks: Mapping[UnitId, Task], pool: EnginePool) -> Unit:
    task = tasks.get(unit.id)
    entries = _entries(task)
    for entry in entries:
        expression = entry.get("readyExpr")
        if task is not None and isinstance(expression, str) and expression and unit.state is UnitState.RENDERED:
            unit = _judge(unit, task, entry, expression, tasks, pool)
    return unit


def _judge(
    unit: Unit, task: Task, entry: Mapping[str, Any], expression: str, tasks: Mapping[UnitId, Task], pool: EnginePool
) -> Unit:
    needed = _named(unit, entry)
    dependency = tasks.get(needed)
    if dependency is None:
        return unit
    variables = {"self": _with_status(task.body), "dep": _with_status(dependency.body)}
    answer = pool.ask("cel.evaluate", {"expression": expression, "variables": variables})
    if answer.error is None:
        value = msgspec.json.decode(answer.result).get("value")
        said = "holds" if value is True else "does not hold yet"
        message = f"the readyExpr for {needed} {said} for a unit that has just become ready: the cluster decides"
        return _assuming(unit, message)
    if "no such key" in answer.error.message or "no such field" in answer.error.message:
        return _assuming(unit, f"the readyExpr for {needed} reads what only the cluster has")
    message = f"the readyExpr for {needed} is not valid: {answer.error.message}"
    failure = Failure(code="dependency", message=message, hint="mend the CEL expression: Flux gives up on it for good")
    return msgspec.structs.replace(unit, state=UnitState.FAILED, failure=failure)


def _assuming(unit: Unit, message: str) -> Unit:
    found = Assumption(code="ready-expression", message=message, unit=str(unit.id))
    return msgspec.structs.replace(unit, assumptions=(*unit.assumptions, found))


def _with_status(body: Mapping[str, Any]) -> dict[str, Any]:
    """The object as it is when its unit has become ready."""
    metadata = {"generation": 1, **(body.get("metadata") or {})}
    ready = {"type": "Ready", "status": "True", "reason": "ReconciliationSucceeded", "observedGeneration": 1}
    return {**body, "metadata": metadata, "status": {"observedGeneration": 1, "conditions": [ready]}}
