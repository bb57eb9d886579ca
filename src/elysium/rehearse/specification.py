"""How a unit is reconciled: the parts of a Kustomization, HelmRelease or ResourceSet that decide how it is applied.

What decides which objects there are is no concern of a rehearsal: they are rendered already.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.model import ObjectId, UnitId, UnitKind
from elysium.resolve import flux_object, release_name

__all__ = ["Release", "Specification", "defining_object", "read_specification"]

_GROUPS = {
    UnitKind.KUSTOMIZATION: "kustomize.toolkit.fluxcd.io",
    UnitKind.HELM_RELEASE: "helm.toolkit.fluxcd.io",
    UnitKind.RESOURCE_SET: "fluxcd.controlplane.io",
}
_SOURCES = "source.toolkit.fluxcd.io"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """Which Helm release a HelmRelease keeps.

    `install_crds`, `upgrade_crds`: policies for CRDs. `install_takes_over`, `upgrade_takes_over`: what is there already
    and is no part of the release becomes one.
    """

    name: str
    namespace: str
    storage_namespace: str
    install_crds: str = "Create"
    upgrade_crds: str = "Create"
    create_namespace: bool = False
    install_takes_over: bool = True
    upgrade_takes_over: bool = True


class Specification(msgspec.Struct, frozen=True, kw_only=True):
    """How one unit is reconciled.

    `account` is the user that is impersonated, empty for the controller itself. `waits`: every object has to be ready
    before the unit is; `health_checks`: these have to. `ready_by_expression`: dependencies whose readiness an
    expression decides. `needs`: objects that the unit reads. `elsewhere`: it applies to another cluster. `prune`: what
    left the unit is deleted; `orphan`: what it has stays when the unit itself goes.
    """

    controller: str
    account: str = ""
    force: bool = False
    prune: bool = True
    orphan: bool = False
    waits: bool = False
    elsewhere: bool = False
    health_checks: tuple[ObjectId, ...] = ()
    ready_by_expression: tuple[UnitId, ...] = ()
    needs: tuple[ObjectId, ...] = ()
    ignore: tuple[dict[str, Any], ...] = ()
    release: Release | None = None

    def awaits(self, child: UnitId) -> bool:
        """Whether the unit is ready only when one that it makes is."""
        return self.waits or defining_object(child) in self.health_checks


class _Lenient(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Unknown fields are ignored: the schema rule, and the API server itself, report them."""


class _Reference(_Lenient, frozen=True):
    name: str
    kind: str = ""
    namespace: str = ""
    api_version: str = ""
    optional: bool = False
    ready_expr: str = ""


class _PostBuild(_Lenient, frozen=True):
    substitute_from: tuple[_Reference, ...] = ()


class _Action(_Lenient, frozen=True):
    crds: str = ""
    create_namespace: bool = False
    disable_wait: bool = False
    disable_take_ownership: bool = False


class _Spec(_Lenient, frozen=True):
    """The union of the three specs: their fields do not contradict each other."""

    service_account_name: str = ""
    depends_on: tuple[_Reference, ...] = ()
    kube_config: dict[str, Any] | None = None
    source_ref: _Reference | None = None
    force: bool = False
    prune: bool = False
    wait: bool = False
    health_checks: tuple[_Reference, ...] = ()
    deletion_policy: str = ""
    ignore: tuple[dict[str, Any], ...] = ()
    post_build: _PostBuild | None = None
    release_name: str = ""
    target_namespace: str = ""
    storage_namespace: str = ""
    values_from: tuple[_Reference, ...] = ()
    install: _Action = _Action()
    upgrade: _Action = _Action()


def read_specification(unit: UnitId, body: dict[str, Any]) -> Specification:
    """The specification of a unit from the object that defines it, with the defaults of its controller.

    What cannot be read counts as absent: the unit has been rendered, so Flux can read what matters there.
    """
    try:
        spec = flux_object(body.get("spec"), _Spec)
    except msgspec.ValidationError:
        spec = _Spec()
    common: dict[str, Any] = {
        "account": _account(unit, spec),
        "elsewhere": spec.kube_config is not None,
        "ready_by_expression": tuple(_dependency(unit, item) for item in spec.depends_on if item.ready_expr),
    }
    if unit.kind is UnitKind.HELM_RELEASE:
        return _helm_release(unit, spec, common)
    if unit.kind is UnitKind.RESOURCE_SET:
        return Specification(controller="flux-operator", waits=spec.wait, **common)
    return _kustomization(unit, spec, common)


def _kustomization(unit: UnitId, spec: _Spec, common: dict[str, Any]) -> Specification:
    variables = spec.post_build.substitute_from if spec.post_build else ()
    source = (_source(unit, spec.source_ref),) if spec.source_ref else ()
    return Specification(
        controller="kustomize-controller",
        force=spec.force,
        prune=spec.prune,
        orphan=spec.deletion_policy == "Orphan" or (spec.deletion_policy in ("", "MirrorPrune") and not spec.prune),
        waits=spec.wait,
        health_checks=() if spec.wait else tuple(_checked(unit, item) for item in spec.health_checks),
        needs=source + tuple(_read(unit, item) for item in variables if not item.optional),
        ignore=spec.ignore,
        **common,
    )


def _helm_release(unit: UnitId, spec: _Spec, common: dict[str, Any]) -> Specification:
    release = Release(
        name=release_name(unit.name, spec.release_name, spec.target_namespace),
        namespace=spec.target_namespace or unit.namespace,
        storage_namespace=spec.storage_namespace or unit.namespace,
        install_crds=spec.install.crds or "Create",
        upgrade_crds=spec.upgrade.crds or "Create",
        create_namespace=spec.install.create_namespace,
        install_takes_over=not spec.install.disable_take_ownership,
        upgrade_takes_over=not spec.upgrade.disable_take_ownership,
    )
    needs = tuple(_read(unit, item) for item in spec.values_from if not item.optional)
    waits = not spec.install.disable_wait
    return Specification(controller="helm-controller", waits=waits, needs=needs, release=release, **common)


def _account(unit: UnitId, spec: _Spec) -> str:
    name = spec.service_account_name
    return f"system:serviceaccount:{unit.namespace}:{name}" if name else ""


def _dependency(unit: UnitId, item: _Reference) -> UnitId:
    return UnitId(unit.cluster, unit.kind, item.namespace or unit.namespace, item.name)


def _source(unit: UnitId, item: _Reference) -> ObjectId:
    return ObjectId(_SOURCES, item.kind, item.namespace or unit.namespace, item.name)


def _read(unit: UnitId, item: _Reference) -> ObjectId:
    return ObjectId("", item.kind, unit.namespace, item.name)


def _checked(unit: UnitId, item: _Reference) -> ObjectId:
    group = item.api_version.rpartition("/")[0]
    return ObjectId(group, item.kind, item.namespace or unit.namespace, item.name)


def defining_object(unit: UnitId) -> ObjectId:
    """The object that defines a unit."""
    return ObjectId(_GROUPS[unit.kind], unit.kind.value, unit.namespace, unit.name)
