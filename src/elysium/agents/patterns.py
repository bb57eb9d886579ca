"""Whether a pattern matches any file of a repository, told without looking at most of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from elysium.sources.matching import matches_recursively

__all__ = ["any_match"]

_START = re.compile(r"[\w ./@+-]*")
_END = re.compile(r"[\w ./@+-]*\Z")


def any_match(pattern: str, files: Iterable[str], *, anywhere: bool = False) -> bool:
    """Whether a pattern of doublestar's kind matches; with `anywhere` it may begin in any directory.

    Raises ValueError for a pattern that cannot be read. What stands in it before and after its first and last sign is
    compared first: that is all it takes for most paths.
    """
    forms = (pattern, f"**/{pattern}") if anywhere else (pattern,)
    start, end = _START.match(pattern), _END.search(pattern)
    first = start[0].rpartition("/")[0] if start and not anywhere else ""
    last = end[0].rpartition("/")[2] if end else ""
    likely = (path for path in files if path.endswith(last) and path.startswith(first))
    readable = [matches_recursively(form, "") for form in forms]
    return any(readable) or any(matches_recursively(form, path) for path in likely for form in forms)
