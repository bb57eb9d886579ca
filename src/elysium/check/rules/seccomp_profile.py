"""A container without a seccomp profile.

Unless the kubelet is told otherwise (`--seccomp-default`), a container without a profile may make every system call of
the kernel. `RuntimeDefault` forbids some sixty that hardly any program needs and that most kernel exploits do.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, hardened, is_privileged, pods, setting
from elysium.evaluate import Container, Workload
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="seccomp-profile",
    severity=Severity.WARNING,
    summary="a container has no seccomp profile",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the containers."""
    what = (
        "has no seccomp profile",
        "set `seccompProfile: {type: RuntimeDefault}` in the securityContext of the pod",
    )
    for _, workload in pods(context, part_of_host=False):
        found = [
            (container.name, (*container.path, "securityContext", "seccompProfile"))
            for container in hardened(workload)
            if not is_privileged(container) and not _has_profile(workload, container)
        ]
        yield from about(RULE, context, workload, found, what)


def _has_profile(workload: Workload, container: Container) -> bool:
    profile = mapping(setting(workload, container, "seccompProfile"))
    return profile.get("type") in ("RuntimeDefault", "Localhost")
