"""``preview.yml`` below ``Implement GitHub Actions workflows:`` → `workflow`, with the event that starts it."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_FILE = re.compile(r"`(?:\.github/workflows/)?([\w-]+\.ya?ml)`")
_WORKFLOWS = re.compile(r"\bworkflows?\b", re.IGNORECASE)
_UNSURE = re.compile(r"e\.g\.,?\s*$", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """A file of that name among the workflows, where the item or the one around it is about workflows."""
    found = _FILE.search(entry.text)
    around = entry.above[-1] if entry.above else ""
    if not found or _UNSURE.search(entry.text[: found.start()]):
        return None
    if not (".github/workflows/" in found[0] or (len(entry.above) > 1 and _WORKFLOWS.search(around))):
        return None
    event = ("trigger", "pull_request") if re.search(r"\bPR (?:open|sync|close)", entry.title) else ()
    return Inferred(checks=(("workflow", found[1], *event),), files=(f".github/workflows/{found[1]}",))
