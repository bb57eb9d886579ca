"""Functions or Coder templates that no workflow deploys when they change.

Flux applies neither Fission specifications nor Coder templates: a workflow has to. In a repository with workflows, one
that does not run for a folder leaves what is merged there undeployed, and nobody notices until it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.coder_templates import coder_templates
from elysium.check.files.fission_specs import specification_sets
from elysium.check.files.workflow_files import Workflow, about, line_of, names, workflows
from elysium.check.files.workflow_paths import matches
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="undeployed-code",
    severity=Severity.WARNING,
    summary="functions or Coder templates that no workflow deploys when they change",
    topic=Topic.WORKFLOWS,
    profiles=("review",),
)

_FUNCTIONS = re.compile(r"\bfission\s+spec\s+apply\b")
_TEMPLATES = re.compile(r"\bcoder\s+templates?\s+push\b|coder_template|coder/coder-templates")


def check(context: Context) -> Iterator[Finding]:
    """One finding for functions and one for templates, in repositories with workflows."""
    known = workflows(context)
    if not known:
        return
    for found in specification_sets(context):
        yield from _deployed(context, known, "the functions", found.items[0].file, _FUNCTIONS)
    templates = [template for template in coder_templates(context) if template.blocks and template.agents]
    for template in templates[:1]:
        yield from _deployed(context, known, "the Coder templates", template.blocks[0][0], _TEMPLATES)


def _deployed(
    context: Context, known: tuple[Workflow, ...], what: str, file: str, command: re.Pattern[str]
) -> Iterator[Finding]:
    deploying = [workflow for workflow in known if command.search(workflow.text)]
    if not deploying:
        message = f"no workflow deploys {what}"
        hint = f"add one `on: push: paths:` of their folder that runs {_example(command)}"
        yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=file)
    elif not any(_starts(workflow, file) for workflow in deploying):
        workflow = deploying[0]
        message = f"this deploys {what}, and no change of {file} starts it"
        line = line_of(context, workflow, ("on",))
        yield about(RULE, workflow, line, message, hint="add `push` with a path filter that matches their folder")


def _starts(workflow: Workflow, file: str) -> bool:
    if {"schedule", "workflow_run", "workflow_call", "repository_dispatch"} & workflow.triggers.keys():
        return True
    patterns = names(mapping(workflow.triggers.get("push")).get("paths"))
    return "push" in workflow.triggers and (not patterns or any(matches(pattern, file) for pattern in patterns))


def _example(command: re.Pattern[str]) -> str:
    return "`fission spec apply --delete --wait`" if command is _FUNCTIONS else "`coder templates push`"
