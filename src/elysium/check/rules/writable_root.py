"""A container that may write to its own image.

With `readOnlyRootFilesystem: true` an intruder cannot leave a program behind, and a program that fills its own disk
fills no node. What has to be written goes to volumes, an `emptyDir` for `/tmp` among them. Init containers, which are
gone when the pod works, and privileged ones are left alone; where `false` is written out, somebody has decided so, and
it is only information.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, hardened, is_privileged, pods, security_context
from elysium.evaluate.workloads import Path
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
    hint = "set `readOnlyRootFilesystem: true` and mount an emptyDir where it has to write"
    for _, workload in pods(context, part_of_host=False):
        forgotten: list[tuple[str, Path]] = []
        decided: list[tuple[str, Path]] = []
        for container in hardened(workload):
            value = security_context(container).get("readOnlyRootFilesystem")
            if container.role != "init" and not is_privileged(container) and value is not True:
                place = (container.name, (*container.path, "securityContext", "readOnlyRootFilesystem"))
                (decided if value is False else forgotten).append(place)
        what = "may write to its image: `readOnlyRootFilesystem` is not true"
        yield from about(RULE, context, workload, forgotten, (what, hint))
        yield from about(RULE, context, workload, decided, (what, hint), severity=Severity.INFO)
