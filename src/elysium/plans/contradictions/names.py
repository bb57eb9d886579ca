"""The same role under two names: a user that was decided as one and implemented as the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_NAME = r"`([A-Za-z0-9][\w.-]*)`"
_ROLES: dict[str, re.Pattern[str]] = {
    "non-root user": re.compile(rf"\bnon-root(?: user)? \(?{_NAME}", re.IGNORECASE),
    "release prefix": re.compile(rf"\brelease (?:name )?prefix \(?(?:e\.g\.,? )?{_NAME}", re.IGNORECASE),
    "cluster": re.compile(rf"\b(?:local|kind|production|staging) cluster(?: name)? \(?{_NAME}", re.IGNORECASE),
    "ingress class": re.compile(rf"\bingress class(?:name)?:? \(?{_NAME}", re.IGNORECASE),
    "storage class": re.compile(rf"\bstorage class(?:name)?:? \(?{_NAME}", re.IGNORECASE),
    "service account": re.compile(rf"\bservice account:? \(?{_NAME}", re.IGNORECASE),
}


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Each role whose later name is another than its first."""
    for role, pattern in _ROLES.items():
        first: tuple[Line, str] | None = None
        for line in reading.prose:
            found = pattern.search(line.text)
            if not found:
                continue
            if first is None:
                first = (line, found[1])
            elif found[1] != first[1]:
                yield between("names", f"the {role} is {first[1]} here and {found[1]} there", first[0], line)
                break
