"""An action that is not pinned to a commit.

A tag or a branch of another repository can be moved by whoever owns that repository, or takes it over; the next run
then executes other code with the token and the secrets of this workflow. Only a full commit hash, or the digest of an
image, cannot be moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-unpinned-action",
    severity=Severity.WARNING,
    summary="an action that is not pinned to a commit",
    topic=Topic.WORKFLOWS,
    profiles=("security",),
)

_PINNED = re.compile(r"@[0-9a-f]{40}(?:[0-9a-f]{24})?\Z|@sha256:[0-9a-f]{64}\Z")
_SHOWN = 3


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workflow."""
    for workflow in workflows(context):
        found = list(_unpinned(workflow))
        if found:
            uses = list(dict.fromkeys(action for _, action in found))
            shown = ", ".join(uses[:_SHOWN]) + (" …" if len(uses) > _SHOWN else "")
            line = line_of(context, workflow, (*found[0][0], "uses"))
            hint = "write the commit hash, with the version in a comment: `uses: owner/action@<sha> # v1.2.3`"
            yield about(RULE, workflow, line, f"not pinned to a commit: {shown}", hint=hint)


def _unpinned(workflow: Workflow) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for job in workflow.jobs:
        called = job.body.get("uses")
        listed = [(job.path, called if isinstance(called, str) else "")]
        for path, uses in listed + [(step.path, step.uses) for step in job.steps]:
            if uses and not uses.startswith("./") and not _PINNED.search(uses):
                yield path, uses
