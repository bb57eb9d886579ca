"""``wiki.web.svc.cluster.local:8080`` → `service web/wiki:8080`, declared as impact."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring import commands
from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_SERVICE = re.compile(
    r"(?<![\w.-])([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc(?:\.cluster\.local)?(?::(\d{1,5}))?(?![\w-])"
)


def recognise(entry: Entry) -> Inferred | None:
    """The Service and its port; its existence where no port is named. Names inside of commands are no claims."""
    if any(commands.is_command(span) for span, _ in entry.spans):
        return None
    found = _SERVICE.search(entry.text)
    if not found:
        return None
    name, namespace, port = found.groups()
    reference = f"Service/{namespace}/{name}"
    check = ("service", f"{namespace}/{name}:{port}") if port else ("object", reference)
    return Inferred(checks=(check,), impact=(reference,))
