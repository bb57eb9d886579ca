"""A container whose processes may gain rights that their parent does not have.

Unless `allowPrivilegeEscalation` is false, a set-uid program in the image turns any user into root (the flag sets
`no_new_privs`). Privileged containers and those with CAP_SYS_ADMIN cannot set it and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, hardened, is_privileged, pods, security_context
from elysium.evaluate import Container
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="privilege-escalation",
    severity=Severity.WARNING,
    summary="allowPrivilegeEscalation is not false",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the containers."""
    what = (
        "may gain more rights: `allowPrivilegeEscalation` is not false",
        "set `allowPrivilegeEscalation: false` in the securityContext of the container",
    )
    for _, workload in pods(context, part_of_host=False):
        found = [
            (container.name, (*container.path, "securityContext", "allowPrivilegeEscalation"))
            for container in hardened(workload)
            if not _has_all_rights(container)
            and security_context(container).get("allowPrivilegeEscalation") is not False
        ]
        yield from about(RULE, context, workload, found, what)


def _has_all_rights(container: Container) -> bool:
    added = sequence(mapping(security_context(container).get("capabilities")).get("add"))
    return is_privileged(container) or any(name in added for name in ("SYS_ADMIN", "CAP_SYS_ADMIN", "ALL"))
