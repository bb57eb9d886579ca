"""A path filter of a workflow that no file of the repository matches.

With `paths`, a push or a pull request starts the workflow only when it changes a file that matches. A folder that was
renamed or misspelled never matches, and the workflow silently stops to run.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Workflow, about, line_of, names, workflows
from elysium.check.files.workflow_paths import matches
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-path-filter",
    severity=Severity.WARNING,
    summary="a path filter of a workflow that no file of the repository matches",
    topic=Topic.WORKFLOWS,
)

_EVENTS = ("push", "pull_request", "pull_request_target")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each pattern; information only where other patterns of the filter match."""
    for workflow in workflows(context):
        seen: set[str] = set()
        for event in _EVENTS:
            for finding in _event(context, workflow, event):
                if finding.message not in seen:
                    seen.add(finding.message)
                    yield finding


def _event(context: Context, workflow: Workflow, event: str) -> Iterator[Finding]:
    patterns = names(mapping(workflow.triggers.get(event)).get("paths"))
    wanted = [pattern for pattern in patterns if not pattern.startswith("!") and not _in_module(context, pattern)]
    dead = [pattern for pattern in wanted if not any(matches(pattern, path) for path in context.paths)]
    severity = RULE.severity if len(dead) == len(patterns) else Severity.INFO
    for pattern in dead:
        line = line_of(context, workflow, ("on", event, "paths"), pattern)
        never = ": the workflow never starts by it" if severity is RULE.severity else ""
        message = f"no file matches the path filter `{pattern}`{never}"
        yield about(RULE, workflow, line, message, hint="mend the pattern, or remove it", severity=severity)


def _in_module(context: Context, pattern: str) -> bool:
    """Whether a pattern may be about a git submodule, whose files are not part of the tree."""
    modules = context.text(".gitmodules") if ".gitmodules" in context.paths else ""
    return bool(modules) and pattern.partition("/")[0] in modules
