"""The template of a SealedSecret takes a value that is not sealed in it, or holds a secret itself.

`spec.template.data` is made of Go templates over the decrypted values. A name that `spec.encryptedData` does not have
becomes the text `<no value>` in the Secret, without any error. What stands in the template as it is stands in Git as it
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.plaintext.judgement import for_scope
from elysium.check.plaintext.tree import leaks
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity
from elysium.sealing.sealed import GROUP

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sealed-secret-template",
    severity=Severity.ERROR,
    summary="the template of a SealedSecret takes a value that is not there, or holds a secret in plain text",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_ACTION = re.compile(r"\{\{-?(.*?)-?\}\}", re.S)
_FIELD = re.compile(r"(?:^|[\s(|])\.([A-Za-z_]\w*)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
_MOVES_DOT = re.compile(r"\b(range|with|define|template|block|hasKey|default|if)\b")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each name that is not there, and for each secret."""
    for index in context.objects.values():
        for item in index.of_kind(GROUP, "SealedSecret"):
            spec = mapping(index.body(item).get("spec"))
            data = mapping(mapping(spec.get("template")).get("data"))
            for key, text in data.items():
                if isinstance(text, str):
                    yield from _missing(context, item, str(key), text, mapping(spec.get("encryptedData")))
            for leak in leaks(context.decode, data, ("spec", "template", "data")):
                at = in_object(context, item, leak.path)
                severity = for_scope(leak.judgement.severity, at.file)
                message = f"{item}: {leak.key} in the template is in Git in plain text ({leak.judgement})"
                hint = "seal the value, and take it into the template by its name"
                yield about_object(RULE, item, at, message, hint=hint, severity=severity)


def _missing(context: Context, item: RenderedObject, key: str, text: str, sealed: dict[str, Any]) -> Iterator[Finding]:
    actions = _ACTION.findall(text)
    if any(_MOVES_DOT.search(action) for action in actions) or not sealed:
        return
    for action in actions:
        indexed = [match[1] for match in re.finditer(r"index\s+\.\s+\"([^\"]+)\"", action)]
        plain = [match[1] for match in _FIELD.finditer(_QUOTED.sub('""', action)) if match[1]]
        for name in (*plain, *indexed):
            if name not in sealed:
                near = nearest(name, sealed)
                at = in_object(context, item, ("spec", "template", "data", key))
                message = (
                    f"{item}: the template of {key} takes {name}, which is not sealed in it: it becomes <no value>"
                )
                hint = f"did you mean {near}?" if near else f"seal a value under {name}"
                yield about_object(RULE, item, at, message, hint=hint)
