"""A privileged container.

`privileged: true` gives a container every capability and every device of the node: whoever gets into it owns the node.
Left alone is only what cannot do without: a container that makes mounts for its node (`mountPropagation:
Bidirectional`, which the API server allows to privileged containers only) in a namespace that is labelled
`pod-security.kubernetes.io/enforce: privileged`.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, declared_privileged, hardened, is_privileged, pods
from elysium.evaluate import Container
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
    hint = "give it the capabilities or devices that it needs instead"
    for index, workload in pods(context):
        declared = declared_privileged(index, workload.namespace)
        found = [
            (container.name, (*container.path, "securityContext", "privileged"))
            for container in hardened(workload)
            if is_privileged(container) and not (declared and _mounts_for_host(container))
        ]
        yield from about(RULE, context, workload, found, ("is privileged and so owns the node", hint))


def _mounts_for_host(container: Container) -> bool:
    mounts = (mapping(mount) for mount in sequence(container.body.get("volumeMounts")))
    return any(mount.get("mountPropagation") == "Bidirectional" for mount in mounts)
