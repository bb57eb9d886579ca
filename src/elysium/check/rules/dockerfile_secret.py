"""A secret that is built into an image.

Values of ENV and ARG stand in the image's configuration and history, and a copied file stays in its layer, also when a
later instruction removes it: everybody who can pull the image can read them. Values are never shown.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Instruction
from elysium.check.files.dockerfiles import about, dockerfiles
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-secret",
    severity=Severity.ERROR,
    summary="a secret that is built into an image",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "security"),
)

_NAME = re.compile(
    r"(?i)(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_KEY)$"
)
_PLACEHOLDER = re.compile(
    r"(?i)\s*(?:|\$.*|/.*|<.*>|change.?me.*|replace.?me.*|dummy.*|example.*|build.*|unused.*|not.?(?:used|needed|set).*"
    r"|insecure.*|placeholder.*|test(?:ing)?.*|dev(?:elopment)?.*|none|null|true|false|x{3,}|\*{3,}|\d{1,6})\s*"
)
_FILE = re.compile(
    r"(?i)(?:\.env(?:\.(?!example|sample|template|dist|defaults?)[\w-]+)?|id_(?:rsa|ed25519|ecdsa)|\.netrc|\.git-credentials|kubeconfig|\.kube/config|\.aws/credentials)\Z"
)
_HINT = "give it at run time from a Secret, or at build time by `RUN --mount=type=secret`; then replace the value"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each value and each file."""
    for path, file in dockerfiles(context).items():
        for item in file.instructions:
            if item.keyword in ("ENV", "ARG"):
                for name in _named(item):
                    yield about(RULE, path, item.line, f"{item.keyword} {name} has a value in the image", hint=_HINT)
            elif item.keyword in ("COPY", "ADD") and not item.flag("from"):
                for source in item.words[:-1]:
                    if _FILE.search(posixpath.normpath(source)) and "$" not in source:
                        message = f"{item.keyword} takes {source} into the image"
                        yield about(RULE, path, item.line, message, hint=_HINT)


def _named(item: Instruction) -> Iterator[str]:
    words = item.words
    if item.keyword == "ENV" and words and "=" not in words[0]:
        words = [f"{words[0]}={' '.join(words[1:])}"]
    for word in words:
        name, _, value = word.partition("=")
        if _NAME.search(name) and not _PLACEHOLDER.fullmatch(value):
            yield name
