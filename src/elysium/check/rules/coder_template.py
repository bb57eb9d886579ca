"""A Coder template that Terraform refuses, or whose workspace never connects.

Coder runs Terraform when a template is pushed and whenever a workspace starts. A reference to something that is not
declared fails the push. Without an agent, or with one whose token and start script reach no container, the workspace
starts and nobody can ever open it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.coder_templates import Template, coder_templates
from elysium.check.files.hcl import Attribute
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="coder-template",
    severity=Severity.ERROR,
    summary="a Coder template that Terraform refuses, or whose workspace never connects",
    topic=Topic.CODE,
    profiles=("default", "pre-commit"),
)

_SIMPLE = re.compile(r"(?<![\w.\"-])(var|local|module)\.([A-Za-z_][\w-]*)")
_DATA = re.compile(r"(?<![\w.\"-])data\.([a-z]\w*)\.([A-Za-z_][\w-]*)")
_RESOURCE = re.compile(r"(?<![\w.\"-])((?:coder|kubernetes|envbuilder|docker)_[a-z0-9_]+)\.([A-Za-z_][\w-]*)")
_KEEP = ("terraform", "variable")

Problem = tuple[str, int, str, str]
"""The file, the line, the message and the hint."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each undeclared name of a file, and for each template without an agent that connects."""
    for template in coder_templates(context):
        for file, line, message, hint in (*_unreadable(template), *_undeclared(template), *_agent(template)):
            yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=file, line=line)


def _unreadable(template: Template) -> Iterator[Problem]:
    for file, line, message in template.errors:
        yield file, line, f"Terraform cannot read this: {message}", "mend the syntax; `terraform fmt` shows it, too"


def _undeclared(template: Template) -> Iterator[Problem]:
    if template.errors:
        return
    known = _declared(template)
    seen: set[tuple[str, str]] = set()
    for file, block in template.blocks:
        for attribute in block.expressions() if block.kind not in _KEEP else ():
            for reference in _references(attribute):
                if reference in known or (file, reference) in seen:
                    continue
                seen.add((file, reference))
                near = nearest(reference, known)
                hint = f"did you mean {near}?" if near else f"declare it in {template.directory or 'the template'}"
                yield file, _line(attribute, reference), f"{reference} is not declared", hint


def _declared(template: Template) -> set[str]:
    known = {f"var.{block.labels[0]}" for _, block in template.of_kind("variable") if block.labels}
    known |= {f"module.{block.labels[0]}" for _, block in template.of_kind("module") if block.labels}
    known |= {f"local.{item.name}" for _, block in template.of_kind("locals") for item in block.attributes}
    known |= {f"data.{'.'.join(block.labels)}" for _, block in template.of_kind("data")}
    return known | {".".join(block.labels) for _, block in template.of_kind("resource")}


def _references(attribute: Attribute) -> Iterator[str]:
    code = attribute.code
    for kind, name in _SIMPLE.findall(code):
        yield f"{kind}.{name}"
    for kind, name in _DATA.findall(code):
        yield f"data.{kind}.{name}"
    for kind, name in _RESOURCE.findall(_DATA.sub(" ", code)):
        yield f"{kind}.{name}"


def _line(attribute: Attribute, reference: str) -> int:
    before, found, _ = attribute.code.partition(reference)
    return attribute.line + (before.count("\n") + before.count("\f") if found else 0)


def _agent(template: Template) -> Iterator[Problem]:
    if template.errors or not template.of_kind("resource") or not template.of_kind("data", "coder_workspace"):
        return
    if not template.agents:
        file, block = template.of_kind("data", "coder_workspace")[0]
        message = "the template has no coder_agent: nobody can open its workspaces"
        yield file, block.line, message, 'add `resource "coder_agent" "main"`'
        return
    code = "\n".join(item.code for _, block in template.blocks for item in block.expressions())
    for file, block in template.agents:
        name = ".".join(block.labels)
        if not re.search(rf"{re.escape(name)}(?:\[[^\]]*\]|\.\d+|\.\*)?\.(?:token|init_script)\b", code):
            message = f"nothing uses the token or the start script of {name}: the agent never connects"
            yield file, block.line, message, f"give the container `CODER_AGENT_TOKEN = {name}.token`"
