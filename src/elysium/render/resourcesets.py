"""From a ResourceSet to a request for the engine, and from the answer to a unit."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.model import Assumption, Failure, Need, ObjectId, Unit, UnitState
from elysium.render.answers import BuiltObject, rendered_objects
from elysium.render.inputs import Missing
from elysium.render.locations import Locations
from elysium.render.options import RenderOptions
from elysium.render.progress import Task, Unready
from elysium.render.request import Request
from elysium.render.world import World
from elysium.resolve import flux_object

__all__ = ["GROUP", "ExpandResult", "complete", "prepare"]

GROUP = "fluxcd.controlplane.io"
_PROVIDER = "ResourceSetInputProvider"
_DISABLED = f"{GROUP}/reconcile"


class _Expression(msgspec.Struct, frozen=True, rename="camel"):
    key: str
    operator: str
    values: tuple[str, ...] | None = ()


class _Selector(msgspec.Struct, frozen=True, rename="camel"):
    match_labels: dict[str, str] | None = None
    match_expressions: tuple[_Expression, ...] | None = ()

    def selects(self, labels: dict[str, Any]) -> bool:
        """Whether an object with these labels is meant."""
        equal = (self.match_labels or {}).items() <= labels.items()
        return equal and all(_holds(item, labels) for item in self.match_expressions or ())


def _holds(expression: _Expression, labels: dict[str, Any]) -> bool:
    if expression.operator in ("Exists", "DoesNotExist"):
        return (expression.key in labels) is (expression.operator == "Exists")
    return (labels.get(expression.key) in (expression.values or ())) is (expression.operator == "In")


class _InputsFrom(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    selector: _Selector | None = None


class _Specification(msgspec.Struct, frozen=True, rename="camel"):
    inputs_from: tuple[_InputsFrom, ...] | None = ()


class _Unknown(msgspec.Struct, frozen=True):
    reason: str = ""


class _Step(msgspec.Struct, frozen=True):
    name: str = ""
    objects: tuple[BuiltObject, ...] | None = ()


class ExpandResult(msgspec.Struct, frozen=True):
    """The result of `resourceset.expand`."""

    steps: tuple[_Step, ...] | None = ()
    unknown: tuple[_Unknown, ...] | None = ()


def prepare(task: Task, world: World, locations: Locations, options: RenderOptions) -> Request:
    """What to ask the engine. Raises Unready when an input provider is missing or known to the cluster only."""
    providers = [
        {"name": name, "inputs": inputs}
        for reference in _specification(task).inputs_from or ()
        for name, inputs in _provided(task, world, options, reference)
    ]
    params = {"resourceset": task.body, "providers": providers, "referenced": _referenced(task, world)}
    return Request(method="resourceset.expand", params=params, location=locations.own())


def _specification(task: Task) -> _Specification:
    try:
        return flux_object(task.body.get("spec"), _Specification)
    except msgspec.ValidationError as error:
        message = f"the specification is not valid: {str(error).replace('`$', '`spec')}"
        raise Unready(failure=Failure(code="specification", message=message)) from error


def _provided(
    task: Task, world: World, options: RenderOptions, reference: _InputsFrom
) -> list[tuple[str, list[dict[str, Any]]]]:
    name = reference.name
    if name:
        identity = ObjectId(GROUP, _PROVIDER, task.id.namespace, name)
        item = world.find(identity, task.id)
        if item is None:
            raise Unready(missing=(Missing(id=identity, optional=False),))
        return [(name, _inputs(item.body(), options))]
    selector = reference.selector or _Selector()
    found = []
    for item in world.of_kind(GROUP, _PROVIDER, task.id):
        labels = item.body()["metadata"].get("labels") or {}
        if item.namespace == task.id.namespace and selector.selects(labels):
            found.append((item.name, _inputs(item.body(), options)))
    return found


def _inputs(body: dict[str, Any], options: RenderOptions) -> list[dict[str, Any]]:
    metadata, spec = body["metadata"], body.get("spec") or {}
    name = f"{metadata.get('namespace')}/{metadata.get('name')}"
    defaults = spec.get("defaultValues") or {} if isinstance(spec, dict) else None
    if not isinstance(defaults, dict):
        raise Unready(failure=Failure(code="specification", message=f"{_PROVIDER} {name} is not valid"))
    if name in options.inputs:
        return [defaults | values for values in options.inputs[name]]
    if spec.get("type") == "Static":
        return [dict(defaults)]
    remedy = f'commit its inputs as a file and name it in elysium.toml: [inputs] "{name}" = "PATH"'
    failure = Failure(
        code="source",
        message=f"the inputs of {_PROVIDER} {name} ({spec.get('type')}) are known to the cluster only",
        hint=remedy,
        need=Need(remedy=remedy),
    )
    raise Unready(failure=failure, state="unknown")


def _referenced(task: Task, world: World) -> list[dict[str, Any]]:
    """Objects that a checksumFrom annotation may name: ConfigMaps and Secrets that are known."""
    if "checksumFrom" not in msgspec.json.encode(task.body).decode():
        return []
    return [item.body() for kind in ("ConfigMap", "Secret") for item in world.of_kind("", kind, task.id)]


def complete(task: Task, request: Request, result: ExpandResult) -> Unit:
    """The unit that a successful expansion makes."""
    built = tuple(item for step in result.steps or () for item in step.objects or ())
    annotations = (task.body.get("metadata") or {}).get("annotations") or {}
    unknown = tuple(
        Assumption(code="checksum", message=item.reason, unit=str(task.id)) for item in result.unknown or ()
    )
    disabled = annotations.get(_DISABLED) == "disabled"
    return Unit(
        id=task.id,
        state=UnitState.SUSPENDED if disabled else UnitState.RENDERED,
        objects=rendered_objects(built, task.id, ""),
        parent=task.parent,
        defined_by=task.origin,
        assumptions=request.assumptions + unknown,
    )
