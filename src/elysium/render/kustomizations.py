"""From a Flux Kustomization to a request for the engine, and from the answer to a unit."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any

import msgspec

from elysium.model import Assumption, Failure, ObjectId, Unit, UnitId, UnitState
from elysium.render.answers import BuildResult, rendered_objects
from elysium.render.inputs import Gathered, Missing, data_of, gather_variables
from elysium.render.locations import Locations
from elysium.render.options import RenderOptions
from elysium.render.progress import Task, Unready
from elysium.render.request import Request
from elysium.render.world import World
from elysium.resolve import KustomizationSpec, flux_object
from elysium.resolve.specifications import Dependency

__all__ = ["complete", "dependencies", "prepare", "specification"]


def specification(body: dict[str, Any]) -> KustomizationSpec:
    """The spec as a type. Raises Unready when the API server would refuse it."""
    try:
        return flux_object(body.get("spec"), KustomizationSpec)
    except msgspec.ValidationError as error:
        message = f"the specification is not valid: {_field(error)}"
        raise Unready(failure=Failure(code="specification", message=message)) from error


def _field(error: msgspec.ValidationError) -> str:
    return str(error).replace("`$", "`spec").replace("$.", "spec.")


def dependencies(unit: UnitId, needed: Iterable[Dependency]) -> tuple[UnitId, ...]:
    """`dependsOn` as units of the same kind; the namespace defaults to the unit's own."""
    return tuple(UnitId(unit.cluster, unit.kind, item.namespace or unit.namespace, item.name) for item in needed)


def prepare(task: Task, world: World, locations: Locations, options: RenderOptions) -> Request:
    """What to ask the engine. Raises Unready when something is missing."""
    spec = specification(task.body)
    reference = spec.source_ref
    location = locations.of_source(
        task, world, reference.kind, reference.namespace or task.id.namespace, reference.name
    )
    gathered = _variables(task, world, spec)
    assumed = task.opaque_variables.items() if gathered.open_ended else ()
    task.opaque_variables = {name: token for name, token in assumed if name not in gathered.variables}
    keys, secret_keys = _decryption(task, world, spec, options)
    path = _path(spec.path)
    params: dict[str, Any] = {
        "tree": location.tree,
        "path": path,
        "kustomization": task.body,
        "variables": gathered.variables | task.opaque_variables if spec.post_build else {},
        "strict": options.strict,
        "always": spec.post_build is not None and spec.post_build.substitute_strategy == "Always",
        "flux": options.flux,
        "decryption": {"age": list(keys)} if spec.decryption else None,
        "opaque_secrets": True,
        "kubernetes": options.minor,
        "validate": options.validate,
    }
    if task.supplied:
        params["remote"] = {url: supply.value for url, supply in task.supplied.items()}
    return Request(
        method="kustomization.build",
        params=params,
        location=location,
        sensitive=gathered.sensitive or secret_keys,
        content="\0".join(task.supplied_content),
        open_ended=gathered.open_ended,
        assumptions=location.assumptions,
    )


def _path(path: str) -> str:
    """`spec.path` below the root of the artifact: absolute paths and `..` are confined to it, as a secure join does."""
    cleaned = posixpath.normpath("/" + path).lstrip("/")
    return cleaned or "."


def _variables(task: Task, world: World, spec: KustomizationSpec) -> Gathered:
    if spec.post_build is None:
        return Gathered()
    gathered = gather_variables(world, task.id, spec.post_build.substitute_from, spec.post_build.substitute)
    _require(task, gathered.missing)
    return gathered


def _require(task: Task, missing: tuple[Missing, ...]) -> None:
    waits = tuple(item for item in missing if not item.optional or item.id not in task.without)
    if waits:
        raise Unready(missing=waits)


def _decryption(
    task: Task, world: World, spec: KustomizationSpec, options: RenderOptions
) -> tuple[tuple[str, ...], bool]:
    """Age keys for SOPS: the user's own, and those of the Secret that the Kustomization names, when it is readable."""
    keys = list(options.age_keys)
    if spec.decryption is None or spec.decryption.secret_ref is None:
        return tuple(keys), False
    identity = ObjectId("", "Secret", task.id.namespace, spec.decryption.secret_ref.name)
    found = data_of(world, identity, task.id)
    lines = [
        line.strip()
        for key, text in (found.data if found else {}).items()
        if key.endswith(".agekey")
        for line in text.splitlines()
    ]
    known = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    return tuple(keys + known), bool(known)


def complete(task: Task, request: Request, result: BuildResult) -> Unit:
    """The unit that a successful build makes."""
    spec = specification(task.body)
    objects = rendered_objects(result.objects, task.id, request.location.label)
    assumptions = list(request.assumptions)
    if task.opaque_variables:
        names = ", ".join(sorted(task.opaque_variables))
        owners = ", ".join(str(item) for item in request.open_ended)
        assumptions.append(
            Assumption(code="secret-variables", message=f"{owners} is assumed to define {names}", unit=str(task.id))
        )
    return Unit(
        id=task.id,
        state=UnitState.SUSPENDED if spec.suspend else UnitState.RENDERED,
        objects=objects,
        parent=task.parent,
        defined_by=task.origin,
        depends_on=dependencies(task.id, spec.depends_on),
        assumptions=tuple(assumptions),
        undefined_variables=tuple(result.variables.undefined or ()),
        used_variables=tuple(result.variables.used or ()),
        path=_path(spec.path) if not request.location.label else "",
        read=tuple(result.read.files or ()) if not request.location.label else (),
        sensitive=request.sensitive or result.sensitive,
    )
