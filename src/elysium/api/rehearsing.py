"""Rehearse a change: what a real API server makes of the base, and of the head on top of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from elysium.cluster import kubeconfig
from elysium.cluster.asking import Asker
from elysium.cluster.opening import open_server
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server as Opened
from elysium.engine import EnginePool
from elysium.errors import RepositoryError, UsageError
from elysium.evaluate import declared_nodes
from elysium.model import Render
from elysium.rehearse import facts as rehearsal_facts
from elysium.rehearse.facts import Facts, gather, read_snapshot, write_snapshot
from elysium.rehearse.judging import Leftover, summarize
from elysium.rehearse.rehearsing import Course, Outcome, rehearse_cluster
from elysium.rehearse.types import Phase, Rehearsal, Server, Step
from elysium.settings import ClusterSettings, Settings
from elysium.sources import Cache, revision

__all__ = ["RehearsalOptions", "merge_base_of", "rehearse", "rehearse_renders", "take_snapshot"]

Notice = Callable[[Step], None]
_Booting = Future[tuple[Opened, Replayer]]

_DEFAULT_BRANCHES = ("@{upstream}", "origin/HEAD", "origin/main", "origin/master", "main", "master", "HEAD")


class Rehearsed(Protocol):
    """What is rehearsed: a workspace, which offers this as one of its verbs and is therefore not imported here."""

    @property
    def directory(self) -> Path: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def settings_directory(self) -> Path: ...
    @property
    def cache(self) -> Cache: ...
    @property
    def pool(self) -> EnginePool: ...

    def render(self) -> Render:
        """Every unit with its objects."""
        ...

    def at(self, revision: str) -> AbstractContextManager[Rehearsed]:
        """The same repository at another revision."""
        ...


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
    workspace: Rehearsed,
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
    start = revision.resolve(workspace.directory, base or merge_base_of(workspace, head or "HEAD"))[0]
    end = revision.resolve(workspace.directory, head)[0] if head else ""

    def renders() -> list[tuple[Phase, Render]]:
        before = _rendered(workspace, start)
        after = _rendered(workspace, end) if end else workspace.render()
        phases = [(Phase.BASE, before), (Phase.HEAD, after)]
        return [*phases, (Phase.ROLLBACK, before)] if chosen.rollback else phases

    return rehearse_renders(workspace, renders, options=chosen, notice=notice)


def rehearse_renders(
    workspace: Rehearsed,
    renders: Callable[[], list[tuple[Phase, Render]]],
    *,
    options: RehearsalOptions,
    notice: Notice | None = None,
) -> Rehearsal:
    """Replay renders in order, each cluster on a server of its own, which starts while `renders` works."""
    started = time.monotonic()

    def tell(step: Step) -> None:
        if notice is not None:
            notice(msgspec.structs.replace(step, seconds=time.monotonic() - started))

    with _booting(workspace, options, tell) as first:
        phases = renders()
        clusters = tuple(dict.fromkeys(name for _, render in phases for name in render.clusters))
        if not clusters:
            raise UsageError("there is no cluster to rehearse", subject=str(workspace.directory), hint="see --cluster")
        found = [_one_cluster(workspace, clusters[0], phases, first, options, tell)]
    for cluster in clusters[1:]:
        with _booting(workspace, options, tell) as other:
            found.append(_one_cluster(workspace, cluster, phases, other, options, tell))
    return _whole(phases, clusters, found, time.monotonic() - started)


def merge_base_of(workspace: Rehearsed, head: str = "HEAD") -> str:
    """The commit from which a revision and the branch that it is to be merged into went separate ways."""
    revision.resolve(workspace.directory, head)  # which says what is wrong where there is no repository
    for branch in _DEFAULT_BRANCHES:
        try:
            return revision.merge_base(workspace.directory, branch, head)
        except RepositoryError:
            continue
    hint = "name the base: `elysium rehearse BASE`"
    raise RepositoryError("there is no commit to start from", subject=str(workspace.directory), hint=hint)


def take_snapshot(context: str, path: Path) -> None:
    """Read the facts of a cluster that rehearsals need, and write them to a file. Nothing is changed in the cluster,
    and no value of a Secret or ConfigMap is kept. Raises ClusterError when it cannot be read.
    """
    with Asker(kubeconfig.load(kubeconfig.locate(context), context)) as asker:
        write_snapshot(rehearsal_facts.take_snapshot(asker.get), path)


@contextmanager
def _booting(workspace: Rehearsed, options: RehearsalOptions, notice: Notice) -> Iterator[_Booting]:
    """A server that starts in the background. Its processes end with the thread that started them, so that thread
    stays until the end.
    """

    def building(text: str, done: int, total: int) -> None:
        notice(Step(state="booting", message=text, done=done, total=total))

    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        booting = thread.submit(
            open_server,
            stack,
            workspace.cache.directory,
            context=options.context,
            controllers=options.controllers,
            notice=building,
        )
        try:
            yield booting
        finally:
            wait([booting])  # what it has started by then is what `stack` ends


def _one_cluster(
    workspace: Rehearsed,
    cluster: str,
    phases: list[tuple[Phase, Render]],
    booting: _Booting,
    options: RehearsalOptions,
    notice: Notice,
) -> tuple[Outcome, Server]:
    facts = _facts(workspace, cluster, [render for _, render in phases], options)
    own = workspace.settings.cluster.get(cluster, ClusterSettings())
    opened, replayer = booting.result()
    course = Course(
        cluster=cluster,
        facts=facts,
        controllers=opened.controllers,
        nodes=declared_nodes(own.nodes),
        renders=tuple(phases),
    )
    outcome = rehearse_cluster(course, replayer, notice)
    declared = phases[-1][1].kubernetes
    differs = not opened.version.startswith(f"v{declared}.")
    return outcome, Server(version=opened.version, controllers=opened.controllers, declared=declared if differs else "")


def _facts(workspace: Rehearsed, cluster: str, renders: list[Render], options: RehearsalOptions) -> Facts:
    own = workspace.settings.cluster.get(cluster, ClusterSettings())
    named = workspace.settings_directory / own.snapshot if own.snapshot else None
    path = options.snapshot or named
    snapshot = read_snapshot(path) if path else None
    root = workspace.settings_directory
    return gather(cluster, renders, workspace.settings, snapshot, workspace.pool.call, root=root)


def _whole(
    phases: list[tuple[Phase, Render]], clusters: tuple[str, ...], found: list[tuple[Outcome, Server]], seconds: float
) -> Rehearsal:
    outcomes = [outcome for outcome, _ in found]
    verdicts = tuple(item for outcome in outcomes for item in outcome.verdicts)
    workloads = tuple(item for outcome in outcomes for item in outcome.workloads)
    unknown = tuple(item for outcome in outcomes for item in outcome.unknown)
    leftovers = [item for outcome in outcomes for item in outcome.leftovers]
    summary = summarize(
        verdicts,
        workloads,
        unknown,
        leftovers=tuple(str(item) for item in leftovers),
        seconds={"whole": round(seconds, 3)},
    )
    return Rehearsal(
        base=phases[0][1].revision if len(phases) > 1 else "",
        head=phases[min(1, len(phases) - 1)][1].revision,
        server=found[0][1],
        clusters=clusters,
        verdicts=verdicts,
        workloads=workloads,
        unknown=unknown,
        assumptions=tuple(dict.fromkeys(item for outcome in outcomes for item in outcome.assumptions)),
        summary=msgspec.structs.replace(summary, unrestored=sum(1 for item in leftovers if _is_unrestored(item))),
    )


def _is_unrestored(item: Leftover) -> bool:
    """Whether the way back fails for it: what Git or Kubernetes keeps on purpose is only listed."""
    return not (item.change in ("left", "changed") and item.reason)


def _rendered(workspace: Rehearsed, commit: str) -> Render:
    try:
        with workspace.at(commit) as opened:
            return opened.render()
    except RepositoryError as error:  # the subject is a tree of the cache, which says nothing to a person
        where = f"{workspace.directory} at {commit[:12]}"
        raise RepositoryError(error.message, subject=where, hint=error.hint) from error
