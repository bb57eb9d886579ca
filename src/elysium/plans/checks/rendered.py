"""The objects of the render that a check is about, and whether there may be more that nobody knows of."""

from __future__ import annotations

from elysium.evaluate import ObjectIndex
from elysium.model import RenderedObject, Unit, UnitKind, UnitState
from elysium.plans.world import World
from elysium.sources.matching import is_glob, matches

__all__ = ["asleep", "clusters", "failing", "hidden", "hidden_by", "matching", "matching_in", "parts", "place"]


def matching(world: World, pattern: str) -> list[RenderedObject]:
    """The objects of the render that `Kind/namespace/name` means, each once."""
    return matching_in(world.index(), pattern)


def matching_in(index: ObjectIndex, pattern: str) -> list[RenderedObject]:
    """The same of any objects. `Kind.group` tells kinds of the same name apart."""
    kind, namespace, name = parts(pattern)
    kind, _, group = kind.partition(".")
    found = {
        item.id: item
        for item in _candidates(index, kind)
        if _fits(namespace, item.namespace) and _fits(name, item.name) and (not group or _fits(group, item.id.group))
    }
    return list(found.values())


def hidden(world: World, namespace: str = "", *, releases: bool = True, failed: bool = False) -> str:
    """Why there may be more objects in a namespace (in any, when it is empty or a pattern); empty when all are known.

    An unknown HelmRelease may fill the namespace of its release, any other unknown unit may hold anything. Without
    `releases` it is about what charts do not make: units and their variables. With `failed`, it is also about what
    units would hold that fail: nothing can be said to be absent because something else is wrong.
    """
    asked = (UnitState.UNKNOWN, UnitState.FAILED) if failed else (UnitState.UNKNOWN,)
    for unit in world.render().units:
        if unit.state in asked and _may_hold(unit, namespace, releases):
            remedy = unit.failure.need.remedy if unit.failure and unit.failure.need else ""
            told = "is unknown" if unit.state is UnitState.UNKNOWN else "fails"
            return f"{unit.id} {told}: {unit.reason}" + (f"; {remedy}" if remedy else "")
    return ""


def hidden_by(world: World, pattern: str, *, failed: bool = False, releases: bool = True) -> str:
    """Why there may be more objects that a pattern means; empty when it names one, or all are known."""
    namespace = parts(pattern)[1]
    return hidden(world, namespace, failed=failed, releases=releases) if is_glob(pattern) else ""


def clusters(world: World) -> tuple[str, ...]:
    """The clusters of the render, of which each has objects of its own."""
    return tuple(sorted({unit.id.cluster for unit in world.render().units}))


def asleep(world: World, identity: str) -> str:
    """The suspended unit that alone makes an object, by its `ObjectId`; empty where another makes it, or none does.

    Flux does not apply it: whether the cluster has it, and in which form, only the cluster knows.
    """
    index = world.index()
    known: dict[str, str] | None = index.__dict__.get("asleep")
    if known is None:
        awake = {str(item.id) for unit in index.units if unit.state is not UnitState.SUSPENDED for item in unit.objects}
        suspended = (unit for unit in index.units if unit.state is UnitState.SUSPENDED)
        found = ((str(item.id), str(unit.id)) for unit in suspended for item in unit.objects)
        known = index.__dict__["asleep"] = {name: unit for name, unit in found if name not in awake}
    return known.get(identity, "")


def failing(world: World) -> str:
    """The first unit that fails, for the reason why something is not there."""
    failed = (unit for unit in world.render().units if unit.state is UnitState.FAILED)
    return next((f"; {unit.id} fails: {unit.reason}" for unit in failed), "")


def parts(pattern: str) -> tuple[str, str, str]:
    """Kind, namespace (empty without one) and name of a pattern."""
    kind, _, rest = pattern.partition("/")
    namespace, separator, name = rest.partition("/")
    return (kind, namespace, name) if separator else (kind, "", namespace)


def place(item: RenderedObject) -> dict[str, str | int]:
    """The fields of evidence about an object."""
    position = item.origin.position
    file, line = (position.file, position.line) if position else ("", 0)
    return {"object": str(item.id), "path": file, "line": line}


def _candidates(index: ObjectIndex, kind: str) -> list[RenderedObject]:
    kinds: dict[str, list[RenderedObject]] | None = index.__dict__.get("objects_by_kind")
    if kinds is None:
        kinds = {}
        for unit in index.units:
            for item in unit.objects:
                kinds.setdefault(item.kind, []).append(item)
        index.__dict__["objects_by_kind"] = kinds
    if not is_glob(kind):
        return kinds.get(kind, [])
    return [item for known, items in kinds.items() if _fits(kind, known) for item in items]


def _fits(pattern: str, text: str) -> bool:
    return pattern == text or (is_glob(pattern) and matches(pattern, text))


def _may_hold(unit: Unit, namespace: str, releases: bool) -> bool:
    if unit.id.kind is not UnitKind.HELM_RELEASE:
        return True
    anywhere = not namespace or is_glob(namespace)
    return releases and (anywhere or (unit.release_namespace or unit.id.namespace) == namespace)
