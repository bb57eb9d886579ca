"""A pod that may write where the node keeps its system.

A writable `hostPath` of `/`, `/etc`, `/root`, the kubelet's directory or a directory of programs lets whoever gets into
the pod change the node: a line in `/etc/cron.d` is root. Privileged containers, which own the node anyway, and
namespaces that are declared privileged are left alone, and so are subdirectories that belong to one program.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, is_privileged, pods
from elysium.evaluate import Container, Workload
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="host-path-write",
    severity=Severity.WARNING,
    summary="a pod may write to a directory of the operating system of its node",
    topic=Topic.POD_SECURITY,
    profiles=("default", "review", "security"),
)


_SENSITIVE = frozenset(
    [
        "/",
        "/bin",
        "/boot",
        "/etc",
        "/lib",
        "/lib64",
        "/opt",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/sys",
        "/usr",
        "/var",
        "/var/lib",
        "/var/run",
        "/etc/kubernetes",
        "/etc/cron.d",
        "/etc/ssh",
        "/root/.ssh",
        "/var/lib/kubelet",
        "/var/lib/etcd",
        "/var/lib/rancher",
    ]
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the containers and directories."""
    hint = "mount it with `readOnly: true`, mount only the subdirectory that is needed, or use a volume of its own"
    for _, workload in pods(context, part_of_host=False):
        found = list(_writing(workload))
        if found:
            paths = ", ".join(dict.fromkeys(path for _, path, _ in found))
            places = [(name, place) for name, _, place in found]
            yield from about(RULE, context, workload, places, (f"may write to {paths} of its node", hint))


def _writing(workload: Workload) -> Iterator[tuple[str, str, Path]]:
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        path = str(mapping(mapping(volume).get("hostPath")).get("path") or "")
        if (path.rstrip("/") or path) not in _SENSITIVE:
            continue
        for container in workload.containers:
            if not is_privileged(container) and _writes(container, mapping(volume).get("name")):
                yield container.name, path, (*workload.spec_path, "volumes", number, "hostPath", "path")


def _writes(container: Container, volume: object) -> bool:
    return any(
        mapping(mount).get("name") == volume and mapping(mount).get("readOnly") is not True and not mount.get("subPath")
        for mount in sequence(container.body.get("volumeMounts"))
    )
