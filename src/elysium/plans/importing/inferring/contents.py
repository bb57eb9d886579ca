"""``docs/api.md with quick-start, parameters, examples`` → `contains`; a link to be made → `contains`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring import paths
from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_WITH = re.compile(r"`([\w./-]+\.md)` with ((?:[a-z][a-z -]{2,24}, ){2,8}(?:and )?[a-z][a-z -]{2,24})\.?$")


def recognise(entry: Entry) -> Inferred | None:
    """Each word of the list stands in the document, whatever its case and however it is joined."""
    found = _WITH.search(entry.text)
    if not found or not paths.path_of(found[1], entry.subject.roots):
        return None
    names = [name.strip().removeprefix("and ") for name in found[2].split(",")]
    patterns = tuple("/(?i)" + ".?".join(re.findall(r"[a-z]+", name)) + "/" for name in names)
    path = paths.located(found[1], "" if "/" in found[1] else entry.directory)
    return Inferred(checks=(("exists", path), ("contains", path, *patterns)))
