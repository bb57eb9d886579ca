"""Settings of a security context that exclude each other.

The API server refuses `allowPrivilegeEscalation: false` beside `privileged: true` or an added CAP_SYS_ADMIN, a
`hostPort` other than the `containerPort` on the host's network, and the host's process ids beside
`shareProcessNamespace` or `hostUsers: false` (Kubernetes: pkg/apis/core/validation). With `runAsNonRoot: true` and
`runAsUser: 0` it accepts the pod, and the kubelet never starts it (`CreateContainerConfigError`).
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, hardened, is_privileged, pods, security_context, setting
from elysium.evaluate import Container, Workload
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="contradicting-security-context",
    severity=Severity.ERROR,
    summary="settings of a security context exclude each other",
    topic=Topic.POD_SECURITY,
    profiles=("default", "pre-commit", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each contradiction of a container."""
    for _, workload in pods(context):
        for what, hint, path in _of_pod(workload):
            yield from about(RULE, context, workload, [("", path)], (what, hint))
        for container in hardened(workload):
            for what, hint, path in _contradictions(workload, container):
                yield from about(RULE, context, workload, [(container.name, path)], (what, hint))


def _of_pod(workload: Workload) -> Iterator[tuple[str, str, Path]]:
    spec = workload.spec
    if spec.get("hostPID") is True and spec.get("shareProcessNamespace") is True:
        path = (*workload.spec_path, "shareProcessNamespace")
        yield "has shareProcessNamespace beside hostPID, which the API server refuses", "leave one of them out", path
    for field in ("hostPID", "hostIPC"):
        if spec.get("hostUsers") is False and spec.get(field) is True:
            what = f"has {field} beside hostUsers: false, which the API server refuses"
            yield what, "leave one of them out", (*workload.spec_path, field)
    for number, entry in enumerate(sequence(mapping(spec.get("securityContext")).get("sysctls"))):
        name = str(mapping(entry).get("name")).replace("/", ".")
        if spec.get("hostNetwork") is True and name.startswith("net."):
            path = (*workload.spec_path, "securityContext", "sysctls", number)
            yield f"sets {name} on the host's network, which the API server refuses", "set it on the node", path


def _contradictions(workload: Workload, container: Container) -> Iterator[tuple[str, str, Path]]:
    own = security_context(container)
    path = (*container.path, "securityContext")
    added = sequence(mapping(own.get("capabilities")).get("add"))
    if own.get("allowPrivilegeEscalation") is False and (is_privileged(container) or "CAP_SYS_ADMIN" in added):
        much = "privileged: true" if is_privileged(container) else "CAP_SYS_ADMIN"
        hint = f"leave out allowPrivilegeEscalation, or better {much}"
        at = (*path, "allowPrivilegeEscalation")
        yield f"has allowPrivilegeEscalation: false beside {much}, which the API server refuses", hint, at
    if own.get("procMount") == "Unmasked" and workload.spec.get("hostUsers") is not False:
        what = "has procMount: Unmasked without hostUsers: false, which the API server refuses"
        yield what, "set hostUsers: false in the spec of the pod", (*path, "procMount")
    user = setting(workload, container, "runAsUser")
    if setting(workload, container, "runAsNonRoot") is True and user == 0 and user is not False:
        field = "runAsUser" if own.get("runAsUser") == 0 else "runAsNonRoot"
        what = "is to run as user 0 and not as root, so the kubelet never starts it"
        yield what, "set runAsUser to the user of the image, or runAsNonRoot to false", (*path, field)
    if workload.spec.get("hostNetwork") is True:
        for number, port in enumerate(sequence(container.body.get("ports"))):
            host, inner = mapping(port).get("hostPort"), mapping(port).get("containerPort")
            if host and host != inner:
                what = f"has hostPort {host} for containerPort {inner} on the host's network, which cannot differ"
                yield what, "leave out hostPort", (*container.path, "ports", number, "hostPort")
