"""A cache whose key never changes.

A cache is written once for each key. When the key is the same for ever, what the first run stored is what every later
run gets: dependencies of long ago, whatever the lock file says now. A key with the hash of the lock file is another one
as soon as the dependencies are.

Source: GitHub documentation, "Dependency caching reference", section "Cache key matching".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_expressions import expressions
from elysium.check.files.workflow_files import about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-cache-key",
    severity=Severity.WARNING,
    summary="a cache of a workflow whose key stays the same whatever the lock file says",
    topic=Topic.WORKFLOWS,
    profiles=("review",),
)

_ACTION = re.compile(r"\Aactions/cache(?:/save)?@")
_CONSTANT = re.compile(
    r"\A(?:runner\.\w+|matrix\.[\w.-]+|github\.(?:ref|ref_name|base_ref|workflow|job|repository|event_name|actor))\Z"
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such step."""
    for workflow in workflows(context):
        for job in workflow.jobs:
            for step in job.steps:
                key = step.inputs.get("key")
                if _ACTION.match(step.uses) and isinstance(key, str) and all(map(_CONSTANT.match, expressions(key))):
                    line = line_of(context, workflow, (*step.path, "with", "key"))
                    message = f"key {key!r} never changes: what the first run stored is used for ever"
                    hint = "add the hash of the lock file: `${{ hashFiles('**/package-lock.json') }}`"
                    yield about(RULE, workflow, line, message, hint=hint)
