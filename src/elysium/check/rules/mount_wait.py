"""A pod that starts before what it mounts from outside is there, or that does not wait long enough.

A cloud storage that rclone mounts takes two to five minutes to appear. An application that starts before sees an empty
directory: it fails, or takes its whole library for deleted. An init container that mounts the same volume has to wait
until something in it can be seen, for five minutes at least; and what waits for the pod (the `progressDeadlineSeconds`
of a Deployment, the timeout of a release) has to wait as long.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.mounts import SlowVolume, longest_wait, slow_volumes, waiting
from elysium.evaluate.workloads import Path, mapping
from elysium.kit.durations import seconds
from elysium.model import Finding, RenderedObject, Severity, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="mount-wait",
    severity=Severity.WARNING,
    summary="a pod does not wait for what it mounts from outside",
    topic=Topic.STORAGE,
    profiles=("default", "gitops"),
)

_LONGEST_MOUNT = 300
_HINT = "add an init container that mounts it and waits: until ls PATH/FILE; do sleep 5; done"
_TIMEOUTS: tuple[Path, ...] = (("spec", "timeout"), ("spec", "install", "timeout"), ("spec", "upgrade", "timeout"))
_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob", "Job", "Pod")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each volume without a wait, for each wait, and for each timeout that is too short."""
    for index in context.objects.values():
        for workload in workloads(index):
            volumes = list(slow_volumes(index, workload)) if workload.item.kind in _KINDS else []
            for volume in volumes:
                problem = _problem(index, workload, volume)
                if problem:
                    at = in_object(context, workload.item, volume.path)
                    yield about_object(RULE, workload.item, at, f"{workload.item}: {problem}", hint=_HINT)
            if volumes:
                yield from _timeouts(context, index, workload)


def _problem(index: ObjectIndex, workload: Workload, volume: SlowVolume) -> str:
    scripts = waiting(index, workload, volume)
    if "" in scripts or _waits_itself(workload):
        return ""
    waits = [longest_wait(script) for script in scripts]
    what = f"volume {volume.name} ({volume.source})"
    if not any(wait is None or wait > 0 for wait in waits):
        return f"no init container waits for {volume.source}, volume {volume.name}"
    longest = max(_LONGEST_MOUNT if wait is None else wait for wait in waits)
    if longest < _LONGEST_MOUNT:
        return f"the wait for {what} ends after {longest} s, a mount may take {_LONGEST_MOUNT} s"
    return ""


def _waits_itself(workload: Workload) -> bool:
    """Whether a main container runs a script with a loop of its own."""
    for container in workload.containers:
        parts = [container.body.get(field) for field in ("command", "args")]
        if container.role == "main" and longest_wait(" ".join(str(part) for part in parts if part)) != 0:
            return True
    return False


def _timeouts(context: Context, index: ObjectIndex, workload: Workload) -> Iterator[Finding]:
    places: list[tuple[RenderedObject | None, Path, int | None]] = []
    deadline = mapping(workload.body.get("spec")).get("progressDeadlineSeconds")
    places.append((workload.item, ("spec", "progressDeadlineSeconds"), deadline if isinstance(deadline, int) else None))
    unit = workload.item.origin.unit
    if unit.kind is UnitKind.HELM_RELEASE:
        holder = index.definition(unit)
        spec = mapping(index.body(holder).get("spec")) if holder else {}
        for path in _TIMEOUTS:
            body = mapping(spec.get(str(path[1]))) if len(path) > 2 else spec
            places.append((holder, path, seconds(str(body.get("timeout") or ""))))
    for item, path, limit in places:
        if item is not None and limit is not None and 0 < limit < _LONGEST_MOUNT:
            field = ".".join(str(part) for part in path[1:])
            message = f"{item}: {field} is {limit} s, but a volume of {workload.item} may take {_LONGEST_MOUNT} s"
            hint = f"set it to more than {_LONGEST_MOUNT} s, with time for the application to start"
            yield about_object(RULE, item, in_object(context, item, path), message, hint=hint)
