"""Rehearse a change: what a real API server makes of the base, and of the head on top of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec

from elysium.api.copied import CopiedWorkspace
from elysium.api.workspace import Workspace
from elysium.cluster.opening import open_server
from elysium.errors import RepositoryError, UsageError
from elysium.model import Render
from elysium.rehearse.facts import gather, read_snapshot
from elysium.rehearse.judging import summarize
from elysium.rehearse.rehearsing import Course, Outcome, rehearse_cluster
from elysium.rehearse.types import Phase, Rehearsal, Server, Step
from elysium.sources import revision

__all__ = ["RehearsalOptions", "merge_base_of", "rehearse"]

Notice = Callable[[Step], None]

_DEFAULT_BRANCHES = ("@{upstream}", "origin/HEAD", "origin/main", "origin/master", "main", "master", "HEAD")


class RehearsalOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a rehearsal goes.

    `rollback`: the base once more after the head. `context`: a disposable cluster instead of the embedded control
    plane. `snapshot`: a file with facts of the real cluster. Without `controllers` it is quicker, and says nothing of
    workloads and quotas.
    """

    rollback: bool = False
    context: str = ""
    snapshot: Path | None = None
    controllers: bool = True


def rehearse(
    workspace: Workspace,
    base: str | None = None,
    head: str | None = None,
    *,
    options: RehearsalOptions | None = None,
    notice: Notice | None = None,
) -> Rehearsal:
    """Replay the base and then the head: the workspace itself, or a revision of its repository.

    Without `base` it is the commit from which the head and the default branch went separate ways. No value of a Secret
    that is known here reaches the server. Raises ClusterError when there is no server to rehearse on, RepositoryError
    when there is no such revision.
    """
    chosen = options or RehearsalOptions()
    started = time.monotonic()

    def tell(step: Step) -> None:
        if notice is not None:
            notice(msgspec.structs.replace(step, seconds=time.monotonic() - started))

    commit = revision.resolve(workspace.directory, base or merge_base_of(workspace, head or "HEAD"))[0]
    before = _rendered(workspace, commit)
    after = _rendered(workspace, revision.resolve(workspace.directory, head)[0]) if head else workspace.render()
    phases = [(Phase.BASE, before), (Phase.HEAD, after)]
    if chosen.rollback:
        phases.append((Phase.ROLLBACK, before))
    return replay(workspace, phases, options=chosen, notice=tell)


def merge_base_of(workspace: Workspace, head: str = "HEAD") -> str:
    """The commit from which a revision and the branch that it is to be merged into went separate ways."""
    for branch in _DEFAULT_BRANCHES:
        try:
            return revision.merge_base(workspace.directory, branch, head)
        except RepositoryError:
            continue
    hint = "name the base: `elysium rehearse BASE`"
    raise RepositoryError("there is no commit to start from", subject=str(workspace.directory), hint=hint)


def replay(
    workspace: Workspace, phases: list[tuple[Phase, Render]], *, options: RehearsalOptions, notice: Notice
) -> Rehearsal:
    """Replay renders in order, each cluster on a server of its own."""
    last = phases[-1][1] if len(phases) < 3 else phases[1][1]
    clusters = tuple(dict.fromkeys(name for _, render in phases for name in render.clusters))
    if not clusters:
        raise UsageError("there is no cluster to rehearse", subject=str(workspace.directory), hint="see --cluster")
    started = time.monotonic()
    outcomes = []
    server = None
    for cluster in clusters:
        outcome, server = _one_cluster(workspace, cluster, phases, options, notice)
        outcomes.append(outcome)
    assert server is not None
    verdicts = tuple(item for outcome in outcomes for item in outcome.verdicts)
    workloads = tuple(item for outcome in outcomes for item in outcome.workloads)
    unknown = tuple(item for outcome in outcomes for item in outcome.unknown)
    leftovers = tuple(item for outcome in outcomes for item in outcome.leftovers)
    summary = summarize(verdicts, workloads, unknown, leftovers=leftovers)
    return Rehearsal(
        base=phases[0][1].revision if len(phases) > 1 else "",
        head=last.revision,
        server=server,
        clusters=clusters,
        verdicts=verdicts,
        workloads=workloads,
        unknown=unknown,
        summary=msgspec.structs.replace(summary, seconds={"whole": round(time.monotonic() - started, 3)}),
    )


def _one_cluster(
    workspace: Workspace,
    cluster: str,
    phases: list[tuple[Phase, Render]],
    options: RehearsalOptions,
    notice: Notice,
) -> tuple[Outcome, Server]:
    def building(text: str, done: int, total: int) -> None:
        notice(Step(state="booting", message=text, done=done, total=total))

    snapshot = read_snapshot(options.snapshot) if options.snapshot else None
    renders = [render for _, render in phases]
    facts = gather(cluster, renders, workspace.settings, snapshot, workspace.pool.call)
    with ExitStack() as stack:
        notice(Step(state="booting", message="starting the control plane"))
        opened, replayer = open_server(
            stack, workspace.cache.directory, context=options.context, controllers=options.controllers, notice=building
        )
        course = Course(cluster=cluster, facts=facts, controllers=opened.controllers, renders=tuple(phases))
        outcome = rehearse_cluster(course, replayer, notice)
    declared = renders[-1].kubernetes
    differs = not opened.version.startswith(f"v{declared}.")
    server = Server(version=opened.version, controllers=opened.controllers, declared=declared if differs else "")
    return outcome, server


def _rendered(workspace: Workspace, commit: str) -> Render:
    with CopiedWorkspace(workspace.path, workspace, revision=commit) as opened:
        return opened.render()
