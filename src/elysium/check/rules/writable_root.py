"""A container that may write to its own image.

With `readOnlyRootFilesystem: true` an intruder cannot leave a program behind, and a program that fills its own disk
fills no node. What has to be written goes to volumes, an `emptyDir` for `/tmp` among them. Init containers, which are
gone when the pod works, and privileged ones are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.hardening import about, hardened, is_privileged, pods, security_context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="writable-root",
    severity=Severity.WARNING,
    summary="the root file system of a container is writable",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload, naming the containers."""
    what = (
        "may write to its image: `readOnlyRootFilesystem` is not true",
        "set `readOnlyRootFilesystem: true` and mount an emptyDir where it has to write",
    )
    for _, workload in pods(context, part_of_host=False):
        found = [
            (container.name, (*container.path, "securityContext", "readOnlyRootFilesystem"))
            for container in hardened(workload)
            if container.role != "init"
            and not is_privileged(container)
            and security_context(container).get("readOnlyRootFilesystem") is not True
        ]
        yield from about(RULE, context, workload, found, what)
