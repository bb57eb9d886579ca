"""A request by address over HTTPS that names its host in a header only.

`curl https://203.0.113.10 -H 'Host: app.example.com'` says the name after the handshake: the server gets no SNI,
answers with its default certificate, and that one is compared with the address. The request fails although the host is
well, or `--insecure` hides that it is not. `--resolve` and `--connect-to` keep the name and change only where the
connection goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.markdown import fences
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="host-header-over-tls",
    severity=Severity.WARNING,
    summary="a request over HTTPS by address, with the host in a header only",
    topic=Topic.INGRESS,
    profiles=("review",),
)

_ENDINGS = (".sh", ".bash", ".yaml", ".yml", ".md", ".mk")
_ADDRESS = re.compile(
    r"https://(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]"
    r"|<[^>\n]{0,40}(?:ip|address)[^>\n]{0,40}>|\$\{?(?:\w{1,40}_)?(?:ip|address)(?:_\w{1,40})?(?!\w)\}?)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:-H|--header)[ =]?[\"']?Host:\s*([^\"'\s]+)", re.IGNORECASE)
_LONGEST = 2000
_HINT = "use the name in the address, and `--connect-to NAME:443:ADDRESS:443` or `--resolve NAME:443:ADDRESS`"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such command."""
    for path in context.paths:
        if not path.endswith(_ENDINGS) or "curl" not in (text := context.text(path)):
            continue
        for line, command in _commands(path, text):
            address, host = _ADDRESS.search(command), _HEADER.search(command)
            if "curl" in command and address and host:
                message = (
                    f"{address[0]} is asked with the header Host: {host[1]}, "
                    f"so neither SNI nor certificate is that of {host[1]}"
                )
                yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=_HINT, file=path, line=line)


def _commands(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Each line with those that continue it; of a document only its blocks of code."""
    blocks = [(fence.line, list(fence.lines)) for fence in fences(text)] if path.endswith(".md") else []
    for first, lines in blocks or [(1, [] if path.endswith(".md") else text.splitlines())]:
        number = 0
        while number < len(lines):
            start, joined = number, lines[number]
            while joined.endswith("\\") and number + 1 < len(lines) and len(joined) < _LONGEST:
                number += 1
                joined = joined[:-1] + " " + lines[number].strip()
            if not joined.lstrip().startswith("#") and len(joined) < _LONGEST:
                yield first + start, joined
            number += 1
