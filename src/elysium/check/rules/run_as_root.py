"""A container that may run as root.

Without `runAsNonRoot: true` or a `runAsUser` above 0 the user of the image counts, which is root unless its Dockerfile
says otherwise; a way out of the container is then a way to root on the node. Pods with user namespaces of their own
(`hostUsers: false`) and privileged containers, which have a rule of their own, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, hardened, is_privileged, pods, setting
from elysium.evaluate import Container, Workload
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="run-as-root",
    severity=Severity.WARNING,
    summary="a container may run as root",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the containers."""
    what = (
        "may run as root: neither `runAsNonRoot: true` nor a `runAsUser` above 0",
        "set `runAsNonRoot: true` (and `runAsUser` where the image has no user of its own) in the securityContext",
    )
    for _, workload in pods(context, part_of_host=False):
        if workload.spec.get("hostUsers") is not False:
            found = [
                (container.name, (*container.path, "securityContext"))
                for container in hardened(workload)
                if not is_privileged(container) and _may_be_root(workload, container)
            ]
            yield from about(RULE, context, workload, found, what)


def _may_be_root(workload: Workload, container: Container) -> bool:
    user = setting(workload, container, "runAsUser")
    if isinstance(user, int) and not isinstance(user, bool):
        return user == 0
    return setting(workload, container, "runAsNonRoot") is not True
