"""A default backend that is meant for some host names takes every name that no other rule of the proxy takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_DEFAULT = re.compile(r"\bdefault[ _]backend\b", re.IGNORECASE)
_PROXY = re.compile(r"\bhaproxy\b|\bfrontend\b|\bnginx\b", re.IGNORECASE)
_SOME = re.compile(r"`\*\.[\w.-]+`|\bpreview hostnames?\b|\bpreview hosts?\b")


def detect(reading: Reading) -> Iterator[Contradiction]:
    """The first change of a default backend, beside the names that it is made for."""
    default = next((line for line in reading.lines if _DEFAULT.search(line.text) and _PROXY.search(line.text)), None)
    meant = next((line for line in reading.prose if _SOME.search(line.text)), None)
    if default and meant:
        message = "the route is for some names only, and a default backend takes every name that is not matched"
        yield between("default-backends", message, default, meant)
