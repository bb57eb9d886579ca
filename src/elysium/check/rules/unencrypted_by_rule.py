"""A file that `.sops.yaml` wants encrypted, by its name, and that is not.

`creation_rules` say which files `sops` encrypts and for whom; the first rule whose `path_regex` fits a path counts. A
file whose name was chosen for such a rule and that has no `sops` block was committed before it was encrypted, or was
decrypted in place. Plain Secrets are the matter of `plaintext-secret`; rules that fit every YAML file say nothing about
a name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.errors import EngineError
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="unencrypted-by-rule",
    severity=Severity.ERROR,
    summary="a file that .sops.yaml wants encrypted and that is not",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_TELLING = re.compile(r"(?i)sops|\benc\b|encrypted|[._-]enc[._-]")
_TELLING_NAME = re.compile(r"(?i)(^|[._-])(sops|enc|encrypted)([._-]|$)")
_ENCRYPTED = ("ENC[AES256_GCM", "sops_mac=", '"sops":', "\nsops:")
_HARMLESS = {"Kustomization", "Component", "ExternalSecret", "SealedSecret", "Secret"}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such file."""
    for config in context.paths:
        if posixpath.basename(config) in (".sops.yaml", ".sops.yml"):
            folder = posixpath.dirname(config)
            rules = _patterns(context, config)
            for path in context.paths if rules else ():
                inside = not folder or path.startswith(folder + "/")
                if inside and _is_wanted(path[len(folder) :].lstrip("/"), rules) and _is_plain(context, path):
                    yield Finding(
                        rule=RULE.id,
                        severity=RULE.severity,
                        message=f"{path} is not encrypted, and a creation rule of {config} wants it to be",
                        hint=f"sops --encrypt --in-place {path}; then replace the values, for Git keeps these",
                        file=path,
                        line=1,
                    )


def _patterns(context: Context, config: str) -> list[re.Pattern[str]]:
    try:
        bodies = context.decode(context.text(config))
    except EngineError:
        return []
    found = []
    for rule in (rule for body in bodies for rule in sequence(mapping(body).get("creation_rules"))):
        text = mapping(rule).get("path_regex")
        try:
            found.append(re.compile(text if isinstance(text, str) else ""))
        except re.error:
            return []
    return found


def _is_wanted(path: str, rules: list[re.Pattern[str]]) -> bool:
    """Whether the first rule that fits names files that are to be encrypted, and this is called like one."""
    rule = next((rule for rule in rules if rule.search(path)), None)
    name = posixpath.basename(path)
    if rule is None or name in (".sops.yaml", ".sops.yml"):
        return False
    return _TELLING.search(rule.pattern) is not None and _TELLING_NAME.search(name) is not None


def _is_plain(context: Context, path: str) -> bool:
    text = context.text(path)
    if not text.strip() or any(mark in text for mark in _ENCRYPTED):
        return False
    file = context.files.get(path)
    kinds = {document.kind for document in file.documents} if file else {""}
    return bool(kinds) and not kinds <= _HARMLESS
