"""The render loop: build what is ready, add what it makes, until nothing changes any more.

Flux reaches its end by retrying: a HelmRelease waits until its ConfigMap is there, whoever makes it. Here every unit
that looked for something is told when it appears or changes, so the order of the work never decides the result. At
rest, and only then, what is still missing is given up: first optional references, then mandatory ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from elysium.engine import Answer, EnginePool, FailureCode
from elysium.model import Failure, RenderedObject, Unit, UnitId, UnitKind, UnitState
from elysium.render import kustomizations, releases, resourcesets
from elysium.render.answers import BuildResult, ChartResult, failure_of
from elysium.render.blame import blame
from elysium.render.cluster import ClusterRun
from elysium.render.memory import Memory
from elysium.render.progress import Task, Unready
from elysium.render.request import Request
from elysium.render.supply import supply
from elysium.render.world import served_apis
from elysium.sealing import opaque_token

__all__ = ["Fixpoint"]

_MOST_RENDERS = 40
"""A unit that is rendered anew more often never comes to rest."""
_PREPARE = {
    UnitKind.KUSTOMIZATION: kustomizations.prepare,
    UnitKind.HELM_RELEASE: releases.prepare,
    UnitKind.RESOURCE_SET: resourcesets.prepare,
}
_KINDS = {
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): UnitKind.KUSTOMIZATION,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): UnitKind.HELM_RELEASE,
    (resourcesets.GROUP, "ResourceSet"): UnitKind.RESOURCE_SET,
}
_RESTLESS = Failure(
    code="restless",
    message="it never comes to rest: what it reads changes with what it makes",
    hint="let it not read what it makes itself",
)
_build = msgspec.json.Decoder(BuildResult).decode
_chart = msgspec.json.Decoder(ChartResult).decode
_expand = msgspec.json.Decoder(resourcesets.ExpandResult).decode


class Fixpoint:
    """One run of the loop over all clusters. `notice(done, known)` hears of progress."""

    def __init__(self, pool: EnginePool, memory: Memory, notice: Callable[[int, int], None]) -> None:
        self._pool = pool
        self._memory = memory
        self._notice = notice
        self._builds: deque[tuple[ClusterRun, Task]] = deque()
        self._charts: deque[tuple[ClusterRun, Task]] = deque()
        self._building = 0
        self._under_way = 0
        self._known = 0
        self._done = 0

    def run(self, clusters: list[ClusterRun]) -> None:
        """Bring every cluster to rest."""
        for cluster in clusters:
            cluster.apis = self._memory.served(cluster.directory) or served_apis({}, cluster.options.api_versions)
            for task in cluster.start():
                self._enqueue(cluster, task)
        while True:
            self._drain()
            if not any([self._settle(cluster) for cluster in clusters]):  # noqa: C419 - every one settles
                break
        for cluster in clusters:
            self._memory.note_served(cluster.directory, cluster.apis)

    def _drain(self) -> None:
        while self._builds or self._charts or self._under_way:
            if self._builds:
                self._evaluate(*self._builds.popleft())
            elif self._charts and not self._building:
                self._evaluate(*self._charts.popleft())
            else:
                (cluster, task, request), answer = self._pool.next()
                self._under_way -= 1
                self._building -= task.id.kind is not UnitKind.HELM_RELEASE
                self._receive(cluster, task, request, answer)

    def _enqueue(self, cluster: ClusterRun, task: Task) -> None:
        if task.renders == 0 and not task.queued:
            self._known += 1
        if not task.queued:
            task.queued = True
            if task.id.kind is UnitKind.KUSTOMIZATION:
                self._builds.append((cluster, task))
            elif task.id.kind is UnitKind.RESOURCE_SET:
                self._charts.appendleft((cluster, task))
            else:
                self._charts.append((cluster, task))

    # One unit

    def _evaluate(self, cluster: ClusterRun, task: Task) -> None:
        task.queued = False
        if cluster.tasks.get(task.id) is not task:
            return
        if task.running:
            task.again = True
            return
        task.missing = ()
        if not task.apis:
            task.apis = cluster.apis
        try:
            request = _PREPARE[task.id.kind](task, cluster.world, cluster.locations, cluster.options)
        except Unready as unready:
            self._unready(cluster, task, unready)
            return
        signature = request.signature()
        if signature == task.signature:
            return
        if task.renders >= _MOST_RENDERS:
            self._finish(cluster, task, cluster.failed(task, _RESTLESS, UnitState.UNKNOWN))
            return
        task.signature = signature
        task.request = request
        task.renders += 1
        recalled = self._memory.recall(request, cluster.locations)
        if recalled is not None:
            self._complete(cluster, task, request, recalled)
            return
        task.running = True
        self._under_way += 1
        self._building += task.id.kind is not UnitKind.HELM_RELEASE
        self._pool.submit((cluster, task, request), request.method, request.params)

    def _unready(self, cluster: ClusterRun, task: Task, unready: Unready) -> None:
        task.missing = unready.missing
        task.signature = ""
        if unready.failure is not None:
            self._finish(cluster, task, cluster.failed(task, unready.failure, UnitState(unready.state)))
        elif task.unit is not None:
            task.unit = None
            self._spread(cluster, task, ())

    def _receive(self, cluster: ClusterRun, task: Task, request: Request, answer: Answer) -> None:
        task.running = False
        if cluster.tasks.get(task.id) is not task:
            return
        if answer.error is None:
            self._complete(cluster, task, request, bytes(answer.result), fresh=True)
        else:
            self._refused(cluster, task, request, answer)
        if task.again:
            task.again = False
            self._enqueue(cluster, task)

    def _complete(
        self, cluster: ClusterRun, task: Task, request: Request, answer: bytes, *, fresh: bool = False
    ) -> None:
        unit = self._unit(cluster, task, request, answer)
        secret = (unit.sensitive or task.id.kind is not UnitKind.HELM_RELEASE) and cluster.learn(unit.objects)
        if fresh and not secret and not unit.sensitive:
            self._memory.remember(request, answer, cluster.locations)
        self._finish(cluster, task, unit)

    def _unit(self, cluster: ClusterRun, task: Task, request: Request, answer: bytes) -> Unit:
        if task.id.kind is UnitKind.KUSTOMIZATION:
            built = _build(answer)
            for plain in built.decrypted or ():
                cluster.redactor.learn_value(plain.token, plain.value)
            return kustomizations.complete(task, request, built)
        if task.id.kind is UnitKind.RESOURCE_SET:
            return resourcesets.complete(task, request, _expand(answer))
        result = _chart(answer)
        task.uses_capabilities = result.uses.capabilities
        return releases.complete(task, request, result)

    def _refused(self, cluster: ClusterRun, task: Task, request: Request, answer: Answer) -> None:
        assert answer.error is not None
        failure = failure_of(answer.error)
        task.uses_capabilities = task.id.kind is UnitKind.HELM_RELEASE  # which may be why it failed
        if answer.error.code == FailureCode.UNAVAILABLE:
            failed = supply(task, answer.error.data.needs, cluster.locations)
            if failed is None:
                self._enqueue(cluster, task)
                return
            self._finish(cluster, task, cluster.failed(task, *failed))
            return
        if failure.variables and request.open_ended:
            owner = request.open_ended[0]
            for name in failure.variables:
                task.opaque_variables[name] = opaque_token(owner.namespace, owner.name, name)
            self._enqueue(cluster, task)
            return
        self._finish(cluster, task, cluster.failed(task, *_judged(failure, request, lookup=answer.error.data.lookup)))

    def _finish(self, cluster: ClusterRun, task: Task, unit: Unit) -> None:
        first = task.unit is None
        task.unit = unit
        if first:
            self._done += 1
            self._notice(self._done, self._known)
        self._spread(cluster, task, unit.objects)

    def _spread(self, cluster: ClusterRun, task: Task, objects: tuple[RenderedObject, ...]) -> None:
        """Tell the world what a unit makes now, and everybody who looked for it."""
        for seeker in cluster.world.replace(task.id, objects):
            if seeker in cluster.tasks:
                self._enqueue(cluster, cluster.tasks[seeker])
        for child in cluster.adopt(task, _children(task.id.cluster, objects)):
            self._enqueue(cluster, child)

    # At rest

    def _settle(self, cluster: ClusterRun) -> bool:
        """Whether giving something up, or new APIs, made work."""
        return self._new_apis(cluster) or self._give_up_optional(cluster) or self._give_up(cluster)

    def _new_apis(self, cluster: ClusterRun) -> bool:
        apis = served_apis(cluster.world.custom_kinds(), cluster.options.api_versions)
        cluster.apis = apis
        stale = [task for task in cluster.tasks.values() if task.uses_capabilities and task.apis != apis]
        for task in stale:
            task.apis = apis
            self._enqueue(cluster, task)
        return any(task.renders < _MOST_RENDERS for task in stale)

    def _give_up_optional(self, cluster: ClusterRun) -> bool:
        waiting = [
            task for task in cluster.tasks.values() if task.missing and all(item.optional for item in task.missing)
        ]
        for task in waiting:
            task.without |= {item.id for item in task.missing}
            self._enqueue(cluster, task)
        return bool(waiting)

    def _give_up(self, cluster: ClusterRun) -> bool:
        waiting = [task for task in cluster.tasks.values() if task.missing and task.unit is None]
        for task in waiting:
            first = next(item for item in task.missing if not item.optional)
            failure, state = blame(task, first, cluster)
            self._finish(cluster, task, cluster.failed(task, failure, state))
        return bool(waiting)


def _judged(failure: Failure, request: Request, *, lookup: bool) -> tuple[Failure, UnitState]:
    """A failure that may come from a value that only the cluster has is not Flux's verdict."""
    if request.method != "chart.render" or failure.code not in ("schema", "template", "parse", "values"):
        return failure, UnitState.FAILED
    if lookup:
        message = f"it looks an object up in the cluster, and does not render without: {failure.message}"
        hint = "the chart's documentation names a value that takes the place of the look-up"
        return msgspec.structs.replace(failure, code="lookup", message=message, hint=hint), UnitState.UNKNOWN
    opaque = b"opaque-" in msgspec.json.encode([request.params["values_from"], request.params["values"]])
    if not request.open_ended and not opaque:
        return failure, UnitState.FAILED
    owners = ", ".join(str(item) for item in request.open_ended) or "a Secret"
    message = f"it does not render without the values of {owners}, which only the cluster has: {failure.message}"
    hint = "map the chart's required values in a ConfigMap, or decrypt the Secret locally"
    return msgspec.structs.replace(failure, code="values-unknown", message=message, hint=hint), UnitState.UNKNOWN


def _children(cluster: str, objects: tuple[RenderedObject, ...]) -> Iterator[tuple[UnitId, RenderedObject]]:
    for item in objects:
        kind = _KINDS.get((item.api_version.rpartition("/")[0], item.kind))
        if kind is not None:
            yield UnitId(cluster, kind, item.namespace, item.name), item
