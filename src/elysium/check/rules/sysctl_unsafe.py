"""A pod that asks for a kernel parameter which the kubelet refuses.

Only parameters that are isolated between pods are safe. For every other one the kubelet fails the pod with
`SysctlForbidden` after it has been scheduled, and its controller makes the next, unless the node runs with
`--allowed-unsafe-sysctls` (Kubernetes documentation, "Using sysctls in a Kubernetes Cluster").
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, pods
from elysium.evaluate.pod_security import newest_minor
from elysium.evaluate.pod_security_controls import safe_sysctls
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sysctl-unsafe",
    severity=Severity.WARNING,
    summary="a pod sets a sysctl that the kubelet refuses by default",
    topic=Topic.POD_SECURITY,
    profiles=("default", "review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the parameters."""
    safe = safe_sysctls(newest_minor(context.render.kubernetes))
    hint = "leave it out, set it on the node, or allow it there with --allowed-unsafe-sysctls"
    for _, workload in pods(context):
        sysctls = sequence(mapping(workload.spec.get("securityContext")).get("sysctls"))
        names = [str(mapping(entry).get("name")) for entry in sysctls]
        unsafe = [(number, name) for number, name in enumerate(names) if name.replace("/", ".") not in safe]
        if unsafe:
            path = (*workload.spec_path, "securityContext", "sysctls", unsafe[0][0])
            listed = ", ".join(name for _, name in unsafe)
            yield from about(RULE, context, workload, [("", path)], (f"sets the unsafe sysctl {listed}", hint))
