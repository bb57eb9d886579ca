"""Previews of pull requests: rendered as the deploy workflow would make them, and asked whether they work.

A preview is the deployer's account, its namespace with the policies, the pull secret that the workflow makes, and what
the chart (or its twin) renders to. Secret values leave as tokens, as everywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from elysium import previews
from elysium.api import alone, versioning
from elysium.api.preview_charts import build_preview_twin, render_preview_chart
from elysium.api.redacting import redact_alone
from elysium.api.workspace import Workspace
from elysium.errors import RepositoryError, UsageError
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Origin, Render, RenderedObject, Unit, UnitId, UnitKind, UnitState
from elysium.previews.edge import K3S, TRAEFIK
from elysium.previews.environment import DEFAULTS, ENVIRONMENT
from elysium.previews.platform import read_text

__all__ = ["PreviewOptions", "as_yaml", "compare_preview", "judge_preview", "preview_edge", "render_preview"]

_PARTS = ("account", "policies", "application")


class PreviewOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a preview is rendered. `variables` are instead of defaults, `twin` is Kustomize instead of the chart.

    `settings` are values of the chart as `--set` takes them.

    `tls` is `edge` or `cert-manager`, or empty for the chart's default; `only` is one of its parts: account, policies
    or application.
    """

    variables: dict[str, str] = {}
    settings: tuple[str, ...] = ()
    tls: str = ""
    external_dns: bool = False
    twin: bool = False
    only: str = ""


PLAIN = PreviewOptions()
"""As the files say."""


class _Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The objects of a preview by their part, as units."""

    namespace: str
    account: Unit
    policies: Unit
    application: Unit

    @property
    def units(self) -> tuple[Unit, ...]:
        return (self.account, self.policies, self.application)


def render_preview(workspace: Workspace, number: int, options: PreviewOptions = PLAIN) -> Render:
    """Every object of a preview, or those of one part."""
    if options.only not in ("", *_PARTS):
        raise UsageError("there is no such part", subject=f"--only {options.only}", hint=f"one of {', '.join(_PARTS)}")
    found = _preview(workspace, number, options)
    chosen = found.units if not options.only else (found.units[_PARTS.index(options.only)],)
    known = previews.variables_of(_platform(workspace).text(DEFAULTS))
    clean = redact_alone(_render(workspace, chosen), public=known.values())
    shown = (_with_public(unit, before, known) for unit, before in zip(clean.units, chosen, strict=True))
    units = tuple(_with_made_secrets(unit, found.namespace) for unit in shown)
    return msgspec.structs.replace(clean, units=units)


def judge_preview(workspace: Workspace, number: int, options: PreviewOptions = PLAIN) -> previews.Outcome:
    """Whether a preview fits its quota, reaches what it must, and can be deployed by its account."""
    found = _preview(workspace, number, options)
    for unit in found.units:
        if unit.state is not UnitState.RENDERED:
            raise RepositoryError(f"the preview does not render: {unit.reason}", subject=unit.id.name)
    return previews.judge(
        ObjectIndex(found.units),
        found.namespace,
        found.account.objects,
        found.policies.objects,
        found.application.objects,
        _platform(workspace).ingress_namespace,
    )


def preview_edge(workspace: Workspace, number: int) -> previews.Edge:
    """Which name goes where, and whether the files of the edge agree."""
    platform = _platform(workspace)
    k3s = _mapping(workspace, platform.text(K3S), K3S)
    own = (platform.folder / TRAEFIK).is_file()
    config = _mapping(workspace, platform.text(TRAEFIK), TRAEFIK) if own else {}
    values = mapping(config.get("spec")).get("valuesContent")
    traefik = _mapping(workspace, values, TRAEFIK) if isinstance(values, str) else {}
    return previews.edge_of(platform, number, k3s, traefik)


def as_yaml(workspace: Workspace, record: Any) -> str:
    """A record as YAML."""
    answer = workspace.pool.call("yaml.encode", {"objects": [msgspec.to_builtins(record)]})
    return str(answer["yaml"])


def compare_preview(workspace: Workspace, number: int, file: str) -> list[previews.Difference]:
    """What the services of a compose file have that the preview lacks."""
    platform = _platform(workspace)
    path = Path(file) if Path(file).is_file() else workspace.directory / file
    services = previews.compose_services(_mapping(workspace, read_text(path), file))
    if not services:
        raise UsageError("there are no services in it", subject=file, hint="name a compose file")
    unit = _preview(workspace, number, PLAIN).application
    secrets = (item.body() for item in unit.objects if item.kind == "Secret" and item.name == ENVIRONMENT)
    variables = [str(name) for body in secrets for name in mapping(body.get("data"))]
    return previews.compare(ObjectIndex([unit]), services, platform.image, variables)


def _preview(workspace: Workspace, number: int, options: PreviewOptions) -> _Preview:
    platform = _platform(workspace)
    namespace = previews.namespace_of(platform, number)
    account = _stream(workspace, previews.account_manifests(platform), "account")
    policies = _stream(workspace, previews.policy_manifests(platform, number), "policies")
    application = (
        _twin(workspace, platform, number, options)
        if options.twin
        else render_preview_chart(workspace, platform, number, _values(platform, number, options), options.settings)
    )
    return _Preview(namespace=namespace, account=account, policies=policies, application=application)


def _platform(workspace: Workspace) -> previews.Platform:
    return previews.read_platform(workspace.directory)


def _values(platform: previews.Platform, number: int, options: PreviewOptions) -> dict[str, Any]:
    """What the deploy workflow sets, and what was asked for."""
    previews.require_same_defaults(platform)
    values: dict[str, Any] = {"prNumber": number, "image": {"tag": previews.namespace_of(platform, number)}}
    if options.variables:
        values["appEnv"] = {"overrides": options.variables}
    ingress: dict[str, Any] = {"tls": options.tls} if options.tls else {}
    if options.external_dns:
        ingress["externalDns"] = {"enabled": True}
    return {**values, "ingress": ingress} if ingress else values


def _twin(workspace: Workspace, platform: previews.Platform, number: int, options: PreviewOptions) -> Unit:
    if options.tls or options.external_dns or options.settings:
        hint = "the twin is as its files say: change them, or render the chart"
        raise UsageError("--twin takes none of --set, --tls and --external-dns", hint=hint)
    with workspace.cache.staging() as directory:
        staged = previews.stage_twin(platform, number, options.variables, Path(directory))
        return build_preview_twin(workspace, staged)


def _stream(workspace: Workspace, text: str, name: str) -> Unit:
    """A YAML stream as a unit."""
    options = versioning.lone(workspace.options)
    render = alone.objects_of_text(text.encode(), alone.STANDARD_INPUT, workspace.pool, options)
    return msgspec.structs.replace(render.units[0], id=UnitId("", UnitKind.KUSTOMIZATION, "", name))


def _with_public(unit: Unit, before: Unit, known: Mapping[str, str]) -> Unit:
    """The variables that stand in default.env are no secrets: they are shown as they are."""
    pairs = zip(unit.objects, before.objects, strict=True)
    return msgspec.structs.replace(unit, objects=tuple(_public(item, raw, known) for item, raw in pairs))


def _public(item: RenderedObject, before: RenderedObject, known: Mapping[str, str]) -> RenderedObject:
    if (item.kind, item.name) != ("Secret", ENVIRONMENT):
        return item
    body, data = item.body(), mapping(before.body().get("data"))
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in known.items()}
    kept = {key: value for key, value in encoded.items() if data.get(key) == value}
    body["data"] = mapping(body.get("data")) | kept
    return msgspec.structs.replace(item, raw=msgspec.json.encode(body))


def _with_made_secrets(unit: Unit, namespace: str) -> Unit:
    bodies = previews.made_secrets(ObjectIndex([unit]), namespace)
    made = (_object(body, Origin(unit=unit.id, generator="the deploy workflow")) for body in bodies)
    return msgspec.structs.replace(unit, objects=(*made, *unit.objects))


def _object(body: dict[str, Any], origin: Origin) -> RenderedObject:
    return RenderedObject(
        api_version=body["apiVersion"],
        kind=body["kind"],
        namespace=body["metadata"]["namespace"],
        name=body["metadata"]["name"],
        origin=origin,
        raw=msgspec.json.encode(body),
    )


def _mapping(workspace: Workspace, text: str, name: str) -> dict[str, Any]:
    """The first document of a YAML text; empty when it is no mapping."""
    answer = workspace.pool.ask("yaml.decode", {"text": text})
    if answer.error is not None:
        raise RepositoryError(answer.error.message, subject=name, hint="mend the YAML")
    documents = msgspec.json.decode(answer.result)["documents"]
    return mapping(documents[0]) if documents else {}


def _render(workspace: Workspace, units: Iterable[Unit]) -> Render:
    options = versioning.lone(workspace.options)
    return Render(
        revision="", digest="", flux=options.flux, kubernetes=options.kubernetes, clusters=("",), units=tuple(units)
    )
