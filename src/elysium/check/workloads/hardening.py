"""What the rules about security contexts share: which pods they look at, and one finding for a workload.

A pod that a test of a chart makes lives for seconds, and a namespace that says `pod-security.kubernetes.io/enforce:
privileged` has declared that its pods are part of the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule
from elysium.evaluate import Container, ObjectIndex, Workload, workloads
from elysium.evaluate.pod_security import PREFIX
from elysium.evaluate.workloads import Path, mapping
from elysium.model import Finding, Severity

__all__ = [
    "about",
    "declared_privileged",
    "hardened",
    "is_privileged",
    "namespace_labels",
    "pods",
    "security_context",
    "setting",
]


def pods(context: Context, *, part_of_host: bool = True) -> Iterator[tuple[ObjectIndex, Workload]]:
    """The workloads of every cluster; without `part_of_host` not those of namespaces that are declared privileged."""
    for index in context.objects.values():
        seen = set()
        for workload in workloads(index):
            if workload.item.id in seen or _is_test(workload):
                continue
            seen.add(workload.item.id)
            if part_of_host or not declared_privileged(index, workload.namespace):
                yield index, workload


def hardened(workload: Workload) -> Iterator[Container]:
    """The containers whose security contexts count: on Windows there is none of this."""
    if mapping(workload.spec.get("os")).get("name") != "windows":
        yield from workload.containers


def security_context(container: Container) -> dict[str, Any]:
    """The securityContext of a container, empty when it has none."""
    return mapping(container.body.get("securityContext"))


def setting(workload: Workload, container: Container, field: str) -> Any:
    """A field of the container's securityContext, or else of the pod's."""
    own = security_context(container).get(field)
    return own if own is not None else mapping(workload.spec.get("securityContext")).get(field)


def is_privileged(container: Container) -> bool:
    """Whether a container is privileged, which makes most of its other settings meaningless."""
    return security_context(container).get("privileged") is True


def about(
    rule: Rule,
    context: Context,
    workload: Workload,
    found: Sequence[tuple[str, Path]],
    what: tuple[str, str],
    *,
    severity: Severity | None = None,
) -> Iterator[Finding]:
    """One finding for a workload, at the first place; `found` are names of containers with their paths.

    `what` is what is wrong with them, and how to mend it.
    """
    if not found:
        return
    names = list(dict.fromkeys(name for name, _ in found if name))
    containers = f" (container{'s' if len(names) > 1 else ''} {', '.join(names)})" if names else ""
    at = in_object(context, workload.item, found[0][1])
    message = f"{workload.item} {what[0]}{containers}"
    yield about_object(rule, workload.item, at, message, hint=what[1], severity=severity)


def namespace_labels(index: ObjectIndex, namespace: str) -> dict[str, Any] | None:
    """The labels of a namespace; None when nothing in Git declares it."""
    found = index.find("", "Namespace", "", namespace)
    return mapping(mapping(index.body(found[0]).get("metadata")).get("labels")) if found else None


def declared_privileged(index: ObjectIndex, namespace: str) -> bool:
    """Whether a namespace says that its pods may be part of the host; `kube-system` is made of such."""
    labels = namespace_labels(index, namespace) or {}
    return namespace == "kube-system" or labels.get(f"{PREFIX}enforce") == "privileged"


def _is_test(workload: Workload) -> bool:
    return workload.item.hook is not None and "test" in workload.item.hook.events
