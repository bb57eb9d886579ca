"""A pod that shares something with its node: network, processes, memory, ports or files.

On the host's network a pod sees the node's traffic and no NetworkPolicy finds it; with the host's process ids it can
look into every process; a `hostPath` lives and dies with one node and outlives the pod. A namespace that is labelled
`pod-security.kubernetes.io/enforce: privileged` has declared that its pods need this.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, pods
from elysium.evaluate import Workload
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="host-access",
    severity=Severity.WARNING,
    summary="a pod shares network, processes, ports or files with its node",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming everything that it shares."""
    hint = "leave it out, or label the namespace pod-security.kubernetes.io/enforce: privileged if it is needed"
    for _, workload in pods(context, part_of_host=False):
        found = list(_shared(workload))
        if found:
            shared = ", ".join(dict.fromkeys(what for what, _ in found))
            yield from about(RULE, context, workload, [("", found[0][1])], (f"shares with its node: {shared}", hint))


def _shared(workload: Workload) -> Iterator[tuple[str, Path]]:
    spec = workload.spec
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field) is True:
            yield field, (*workload.spec_path, field)
    for number, volume in enumerate(sequence(spec.get("volumes"))):
        path = mapping(mapping(volume).get("hostPath")).get("path")
        if path:
            yield f"hostPath {path}", (*workload.spec_path, "volumes", number, "hostPath", "path")
    for container in workload.containers:
        for number, port in enumerate(sequence(container.body.get("ports"))):
            if mapping(port).get("hostPort") and spec.get("hostNetwork") is not True:
                yield f"hostPort {port['hostPort']}", (*container.path, "ports", number, "hostPort")
