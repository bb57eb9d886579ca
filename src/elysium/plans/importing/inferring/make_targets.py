"""``Makefile targets: `kind-up`, `kind-down` `` → `make`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_TARGETS = re.compile(r"\bmake(?:file)?`? targets?\b", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9_.-]*")


def recognise(entry: Entry) -> Inferred | None:
    """The names in code after the word."""
    found = _TARGETS.search(entry.text)
    names = [span for span, at in entry.spans if found and at > found.start() and _NAME.fullmatch(span)]
    names = [name for name in names if name != "makefile"]
    return Inferred(checks=(("make", *names),)) if names else None
