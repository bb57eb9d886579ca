"""Rehearse a preview: deploy it, update it, take it away, on a real API server and as the account that deploys."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import msgspec

from elysium import previews
from elysium.api.previewing import PLAIN, PreviewOptions, render_preview
from elysium.api.workspace import Workspace
from elysium.cluster.opening import open_server
from elysium.errors import ClusterError, RepositoryError, UsageError
from elysium.model import Render, UnitId, UnitState
from elysium.previews.places import with_places
from elysium.previews.rehearsal import (
    Course,
    Deployment,
    EventKind,
    PreviewRehearsal,
    deployment_of,
    rehearse_events,
    summary_of,
)
from elysium.rehearse.facts import Facts, gather
from elysium.rehearse.types import Phase, Server, Step, Unknown

__all__ = ["DEFAULT_EVENTS", "PreviewRehearsalOptions", "events_of", "rehearse_preview"]

DEFAULT_EVENTS = (EventKind.OPENED, EventKind.SYNCHRONIZE, EventKind.CLOSED, EventKind.OPENED, EventKind.CLOSED)
"""Deploy, update, teardown and again."""

_MOST_EVENTS = 50
_COMMIT = 12
_SYSTEM = "flux-system"
_WORKFLOWS = (".github/workflows/preview-deploy.yml", ".github/workflows/preview-teardown.yml")

Notice = Callable[[Step], None]


class PreviewRehearsalOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a preview is rehearsed.

    `account` deploys: `system:serviceaccount:NAMESPACE:NAME` or a user; that of the platform when empty. `preview` is
    how it is rendered. `cluster` is the one of the settings whose nodes and classes count, none when empty.
    """

    events: tuple[EventKind, ...] = DEFAULT_EVENTS
    account: str = ""
    preview: PreviewOptions = PLAIN
    cluster: str = ""


def events_of(text: str) -> tuple[EventKind, ...]:
    """Events as they are written: `opened,synchronize,closed`. Raises UsageError for what is none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [kind.value for kind in EventKind]
    for name in names:
        if name not in known:
            raise UsageError("there is no such event", subject=f"--events {name}", hint=f"one of {', '.join(known)}")
    if not 1 <= len(names) <= _MOST_EVENTS:
        raise UsageError("name the events", subject="--events", hint=f"1 to {_MOST_EVENTS}, such as opened,closed")
    return tuple(EventKind(name) for name in names)


def rehearse_preview(
    workspace: Workspace,
    number: int,
    options: PreviewRehearsalOptions | None = None,
    *,
    notice: Notice | None = None,
) -> PreviewRehearsal:
    """Replay what the generated workflows do on each event, as the account that deploys.

    Raises ClusterError when there is no server with controllers to rehearse on, RepositoryError when the preview does
    not render.
    """
    chosen = options or PreviewRehearsalOptions()
    started = time.monotonic()

    def tell(message: str, done: int = 0, total: int = 0) -> None:
        if notice is not None:
            seconds = time.monotonic() - started
            notice(Step(state="booting", message=message, done=done, total=total, seconds=seconds))

    platform = previews.read_platform(workspace.directory)
    events = tuple(_deployments(workspace, platform, number, chosen))
    first = events[0][1]
    account = chosen.account or _account(first)
    facts = _facts(workspace, first, chosen.cluster)
    with ExitStack() as stack:
        opened, replayer = open_server(stack, workspace.cache.directory, notice=tell)
        if not opened.controllers:
            hint = "unset KUBEBUILDER_ASSETS, so that a control plane of our own is built"
            raise ClusterError("a preview needs controllers: quotas, hooks and teardown", hint=hint)
        course = Course(account=account, events=events, facts=facts)
        applied, done, unknown = rehearse_events(course, replayer, tell)
    return PreviewRehearsal(
        number=number,
        namespace=first.namespace,
        account=account,
        server=Server(version=opened.version),
        platform=applied,
        events=done,
        unknown=(*unknown, *_beyond(workspace)),
        summary=summary_of(done, time.monotonic() - started),
    )


def _deployments(
    workspace: Workspace, platform: previews.Platform, number: int, options: PreviewRehearsalOptions
) -> Sequence[tuple[EventKind, Deployment]]:
    """Each event with what is deployed on it: every deployment has a commit, and so an image, of its own."""
    if options.preview.twin or options.preview.only:
        raise UsageError("the deploy workflow installs the whole chart", hint="rehearse without --twin and --only")
    namespace = previews.namespace_of(platform, number)
    found: list[tuple[EventKind, Deployment]] = []
    commits = 0
    for kind in options.events:
        commits += kind is EventKind.SYNCHRONIZE or not found
        if found and kind is not EventKind.SYNCHRONIZE:
            found.append((kind, found[-1][1]))
            continue
        commit = hashlib.sha1(f"{number}/{commits}".encode(), usedforsecurity=False).hexdigest()
        tag = f"{namespace}-{commit[:_COMMIT]}"
        found.append((kind, _deployment(workspace, platform, number, options.preview, tag, commit)))
    return found


def _deployment(
    workspace: Workspace, platform: previews.Platform, number: int, options: PreviewOptions, tag: str, commit: str
) -> Deployment:
    settings = (f"image.tag={tag}", *options.settings)
    render = render_preview(workspace, number, msgspec.structs.replace(options, settings=settings))
    for unit in render.units:
        if unit.state is not UnitState.RENDERED:
            raise RepositoryError(f"the preview does not render: {unit.reason}", subject=unit.id.name)
    units = tuple(with_places(unit, platform) for unit in render.units)
    placed = msgspec.structs.replace(render, units=units)
    return deployment_of(placed, previews.namespace_of(platform, number), tag, commit)


def _account(deployment: Deployment) -> str:
    found = previews.account_of(sent.item for sent in deployment.platform)
    if found is None:
        hint = "name the account that deploys: --as system:serviceaccount:NAMESPACE:NAME"
        raise UsageError("the platform has no ServiceAccount", hint=hint)
    return f"system:serviceaccount:{found.namespace}:{found.name}"


def _facts(workspace: Workspace, deployment: Deployment, cluster: str) -> Facts:
    """What the cluster has before: nodes, classes and definitions for what the preview asks for."""
    known = workspace.settings.cluster
    if cluster and cluster not in known:
        hint = f"elysium.toml has {', '.join(known) or 'none'}"
        raise UsageError("there are no settings of this cluster", subject=f"--cluster {cluster}", hint=hint)
    units = tuple(
        msgspec.structs.replace(unit, id=UnitId(cluster, unit.id.kind, _SYSTEM, unit.id.name))
        for unit in deployment.index.units
    )
    minor = workspace.options.kubernetes or ""
    render = Render(revision="", digest="", flux="", kubernetes=minor, clusters=(cluster,), units=units)
    return gather(cluster, [render], workspace.settings, None, workspace.pool.call)


def _beyond(workspace: Workspace) -> Iterator[Unknown]:
    """What nobody learns without containers that run, and workflows that are not there."""
    for name in _WORKFLOWS:
        if not (workspace.directory / name).is_file():
            message = f"there is no {name}: its steps are those that `elysium new workflow preview` writes"
            yield Unknown(phase=Phase.HEAD, code="workflow", message=message)
    told = {
        "image": "whether the image can be pulled, and what the application and its jobs do: no container runs",
        "smoke": "what the preview answers: the step with smoke-test-preview.sh is left out",
    }
    yield from (Unknown(phase=Phase.HEAD, code=code, message=message) for code, message in told.items())
