"""What one deployment of a preview sends to the server, part by part as the deploy workflow does it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.dependencies import backends, dependencies
from elysium.model import ObjectId, Render, RenderedObject
from elysium.rehearse.preparing import prepare
from elysium.rehearse.scenario import Sent
from elysium.rehearse.types import Phase, Unknown

__all__ = ["BY_WORKFLOW", "Deployment", "deployment_of"]

BY_WORKFLOW = "the deploy workflow"
"""The generator of objects that stand in no file."""

_ROOM = ("Namespace", "RoleBinding")
"""What `pr-template.yaml` holds: it lets the account into the namespace."""


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a preview. `commit` is that of the pull request, `tag` the one of the image made from it.

    `platform` is applied once by an administrator. `room` is the namespace and who may enter it, `policies` the rest of
    what every preview has, `secrets` what the workflow itself makes, `manifest` and `hooks` the chart's release.
    `needs` are the workloads that each hook talks to.
    """

    namespace: str
    tag: str
    commit: str
    chart: str
    index: ObjectIndex
    platform: tuple[Sent, ...]
    room: tuple[Sent, ...]
    policies: tuple[Sent, ...]
    secrets: tuple[Sent, ...]
    manifest: tuple[Sent, ...]
    hooks: tuple[Sent, ...]
    needs: dict[ObjectId, tuple[ObjectId, ...]] = {}
    unknown: tuple[Unknown, ...] = ()

    @property
    def release(self) -> tuple[Sent, ...]:
        """Everything that the chart makes."""
        return (*self.manifest, *self.hooks)


def deployment_of(render: Render, namespace: str, tag: str, commit: str) -> Deployment:
    """The deployment that a rendered preview (`account`, `policies`, `application`) is."""
    account, policies, application = render.units
    index = ObjectIndex(render.units)
    unknown: list[Unknown] = []
    base = _sent(policies.objects, unknown)
    chart = _sent(application.objects, unknown)
    made = [sent for sent in chart if sent.item.origin.generator != BY_WORKFLOW]
    hooks = tuple(sent for sent in made if sent.item.hook)
    return Deployment(
        namespace=namespace,
        tag=tag,
        commit=commit,
        chart=application.chart or "",
        index=index,
        platform=_sent(account.objects, unknown),
        room=tuple(sent for sent in base if sent.item.kind in _ROOM),
        policies=tuple(sent for sent in base if sent.item.kind not in _ROOM),
        secrets=tuple(sent for sent in chart if sent.item.origin.generator == BY_WORKFLOW),
        manifest=tuple(sent for sent in made if not sent.item.hook),
        hooks=hooks,
        needs=_needs(index, {sent.item.id for sent in hooks}),
        unknown=tuple(unknown),
    )


def _sent(objects: Iterable[RenderedObject], unknown: list[Unknown]) -> tuple[Sent, ...]:
    found = []
    for item in objects:
        prepared = prepare(item, Phase.HEAD)
        unknown += prepared.unknown
        if prepared.raw is not None:
            found.append(Sent(item=item, raw=prepared.raw, opaque=prepared.opaque))
    return tuple(found)


def _needs(index: ObjectIndex, hooks: set[ObjectId]) -> dict[ObjectId, tuple[ObjectId, ...]]:
    """The workloads that each hook is told of."""
    return {item.item.id: _reached(index, item) for item in workloads(index) if item.item.id in hooks}


def _reached(index: ObjectIndex, workload: Workload) -> tuple[ObjectId, ...]:
    found = (target.item.id for each in dependencies(index, workload) for target, _ in backends(index, each))
    return tuple(dict.fromkeys(identity for identity in found if identity != workload.item.id))
