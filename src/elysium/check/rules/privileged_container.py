"""A privileged container.

`privileged: true` gives a container every capability and every device of the node: whoever gets into it owns the node.
Node agents need it: a container that works with directories or namespaces of its node, in a namespace labelled
`pod-security.kubernetes.io/enforce: privileged`, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.hardening import about, declared_privileged, hardened, is_privileged, pods
from elysium.check.rule import Rule, Topic
from elysium.evaluate import Container, Workload
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="privileged-container",
    severity=Severity.WARNING,
    summary="a container is privileged",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the containers."""
    hint = "give it the capabilities or devices that it needs instead; a node agent belongs into a privileged namespace"
    for index, workload in pods(context):
        declared = declared_privileged(index, workload.namespace)
        found = [
            (container.name, (*container.path, "securityContext", "privileged"))
            for container in hardened(workload)
            if is_privileged(container) and not (declared and _works_on_host(workload, container))
        ]
        yield from about(RULE, context, workload, found, ("is privileged and so owns the node", hint))


def _works_on_host(workload: Workload, container: Container) -> bool:
    if any(workload.spec.get(field) is True for field in ("hostNetwork", "hostPID", "hostIPC")):
        return True
    volumes = (mapping(volume) for volume in sequence(workload.spec.get("volumes")))
    of_host = [volume.get("name") for volume in volumes if volume.get("hostPath")]
    return any(mapping(mount).get("name") in of_host for mount in sequence(container.body.get("volumeMounts")))
