"""An automation that commits straight to a branch which a document calls protected.

Either the forge refuses the commits, and images never change; or the automation is let past the protection, and what
it writes is the one change that nobody looks at. With a branch of its own (`spec.git.push.branch`) a pull request comes
in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="automation-branch",
    severity=Severity.WARNING,
    summary="an automation that commits to a branch which a document calls protected",
    topic=Topic.IMAGES,
    profiles=("review", "gitops"),
)

_PROTECTION = re.compile(
    r"(?i)\bbranch[ -]protection\b|\bprotected branch|\bprotect(?:ed|s|ing)?\b[^.\n]{0,30}\bbranch\b"
)
_SETTLED = re.compile(r"(?i)bypass|except|exempt|push[. -]branch|pull request|\bno(?:t|r)?\b|without")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each automation, with the place of the sentence."""
    said: str | None = None
    for index in context.objects.values():
        for item in index.of_kind("image.toolkit.fluxcd.io", "ImageUpdateAutomation"):
            git = mapping(mapping(index.body(item).get("spec")).get("git"))
            taken = mapping(mapping(git.get("checkout")).get("ref")).get("branch")
            pushed = mapping(git.get("push")).get("branch") or taken
            if pushed != taken or mapping(git.get("push")).get("refspec"):
                continue
            said = _said(context) if said is None else said
            if said:
                at = in_object(context, item, ("spec", "git"))
                message = f"{item} commits straight to {taken or 'the branch of its source'}, and {said} protects it"
                hint = "set spec.git.push.branch, and open pull requests from there; or say who may pass the protection"
                yield about_object(RULE, item, at, message, hint=hint)


def _said(context: Context) -> str:
    """Where a document speaks of a protected branch, as FILE:LINE."""
    for path in context.paths:
        if path.endswith(".md") and "protect" in (text := context.text(path)).lower():
            for number, line in enumerate(text.splitlines(), 1):
                if len(line) < 1000 and _PROTECTION.search(line) and not _SETTLED.search(line):
                    return f"{path}:{number}"
    return ""
