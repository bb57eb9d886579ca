"""A file that opens something: a kubeconfig with credentials, a private key, a registry login, an env or compose file
with passwords.

None of these is needed in Git to run a cluster with Flux. A kubeconfig belongs on the machine of the person, a private
key into a Secret that is encrypted or sealed; examples end in `.example`. A kubeconfig that only names files or an
`exec` plugin is fine. Where a document of the repository says that no secret is ever committed, the finding names the
sentence, because one of the two is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.plaintext.files import generated_files, leaks_of_file
from elysium.check.plaintext.judgement import for_scope
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="plaintext-file",
    severity=Severity.ERROR,
    summary="a kubeconfig, private key, env file or the like with credentials in Git",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_HINT = "take the file out of Git (and out of its history), replace the credentials, and add the name to .gitignore"
_RULE = re.compile(
    r"(?i)\b(?:never|do not|don't|must not)\b[^.\n]{0,40}\b(?:commit|store|keep|put|push)[^.\n]{0,40}"
    r"\b(?:plain|secret|password|credential|token|kubeconfig)"
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each credential in a file that is no Kubernetes object."""
    generated = generated_files(context, "secretGenerator")
    said: str | None = None
    for path in context.paths:
        if path in generated:
            continue
        for what, leak in leaks_of_file(context, path):
            key = f"{leak.key} " if leak.key else ""
            said = _said(context) if said is None else said
            yield Finding(
                rule=RULE.id,
                severity=for_scope(leak.judgement.severity, path),
                message=f"{what} {path}: {key}is in Git in plain text ({leak.judgement}){said}",
                hint=_HINT,
                file=path,
                line=max(1, leak.line),
            )


def _said(context: Context) -> str:
    """Where a document says that there is no such file."""
    for path in context.paths:
        if path.endswith(".md"):
            for number, line in enumerate(context.text(path).splitlines(), 1):
                if len(line) < 1000 and _RULE.search(line):
                    return f", though {path}:{number} forbids it"
    return ""
