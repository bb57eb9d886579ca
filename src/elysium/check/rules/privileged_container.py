"""A privileged container.

`privileged: true` gives a container every capability and every device of the node: whoever gets into it owns the node.
A namespace that is labelled `pod-security.kubernetes.io/enforce: privileged` has declared that it needs this.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.hardening import about, hardened, is_privileged, pods
from elysium.check.rule import Rule, Topic
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
    what = (
        "is privileged and so owns the node",
        "give it the capabilities or devices that it needs instead, or label its namespace "
        "pod-security.kubernetes.io/enforce: privileged",
    )
    for _, workload in pods(context, part_of_host=False):
        found = [
            (container.name, (*container.path, "securityContext", "privileged"))
            for container in hardened(workload)
            if is_privileged(container)
        ]
        yield from about(RULE, context, workload, found, what)
