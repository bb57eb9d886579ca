"""A container runtime's socket in a pod.

Whoever may talk to the socket of Docker, containerd or CRI-O may start privileged containers on the node: it is root on
the node with one step between. A read-only mount does not help, a socket is written to by connecting.
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
    id="host-docker-socket",
    severity=Severity.WARNING,
    summary="the container runtime's socket is mounted into a pod",
    topic=Topic.POD_SECURITY,
    profiles=("default", "review", "security"),
)


_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock", "cri-dockerd.sock")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload with such a volume."""
    hint = "use the Kubernetes API, or a builder that needs no daemon; node agents belong into a privileged namespace"
    for _, workload in pods(context, part_of_host=False):
        for socket, path in _sockets(workload):
            yield from about(RULE, context, workload, [("", path)], (f"mounts the runtime's socket {socket}", hint))


def _sockets(workload: Workload) -> Iterator[tuple[str, Path]]:
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        path = str(mapping(mapping(volume).get("hostPath")).get("path") or "")
        if path.rpartition("/")[2] in _SOCKETS:
            yield path, (*workload.spec_path, "volumes", number, "hostPath", "path")
