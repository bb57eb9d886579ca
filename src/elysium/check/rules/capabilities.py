"""A container with capabilities that it hardly needs.

Without `drop: [ALL]` a container keeps the fourteen capabilities of the runtime's default, NET_RAW among them, with
which it can forge packets. Adding one that the Pod Security Standards' baseline does not know (NET_ADMIN, SYS_ADMIN,
SYS_PTRACE, ...) gives it a part of the node. Privileged containers have all of them and a rule of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, hardened, is_privileged, pods, security_context
from elysium.evaluate import Container
from elysium.evaluate.pod_security_controls import BASELINE_CAPABILITIES
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="capabilities",
    severity=Severity.WARNING,
    summary="a container keeps or adds capabilities beyond need",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload about what is added, else one about what is kept."""
    for _, workload in pods(context, part_of_host=False):
        containers = [container for container in hardened(workload) if not is_privileged(container)]
        adding = [container for container in containers if _dangerous(container)]
        keeping = [container for container in containers if not _drops_all(container)]
        names = sorted({name for container in adding for name in _dangerous(container)})
        at = ("securityContext", "capabilities")
        if adding:
            found = [(container.name, (*container.path, *at, "add")) for container in adding]
            hint = "leave them out, or label a namespace that needs them pod-security.kubernetes.io/enforce: privileged"
            yield from about(RULE, context, workload, found, (f"adds {', '.join(names)}", hint))
        elif keeping:
            found = [(container.name, (*container.path, *at, "drop")) for container in keeping]
            hint = "set `capabilities: {drop: [ALL]}` and add back what is needed, such as NET_BIND_SERVICE"
            yield from about(RULE, context, workload, found, ("does not drop ALL capabilities", hint))


def _dangerous(container: Container) -> list[str]:
    added = sequence(mapping(security_context(container).get("capabilities")).get("add"))
    return [str(name) for name in added if str(name).removeprefix("CAP_") not in BASELINE_CAPABILITIES]


def _drops_all(container: Container) -> bool:
    return "ALL" in sequence(mapping(security_context(container).get("capabilities")).get("drop"))
