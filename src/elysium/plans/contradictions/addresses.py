"""A request to an address over HTTPS with the name in a header: the certificate and SNI are asked for the address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_CURL = re.compile(r"\bcurl\b")
_HEADER = re.compile(r"""(?:-H|--header)[ =]?["']?Host:""", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https://(?:<[^>]*(?:ip|addr)[^>]*>|\$\{?[A-Z_]*IP\}?|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])", re.I
)


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Commands with a Host header and an address instead of `--resolve NAME:443:ADDRESS`."""
    for line in reading.lines:
        if _CURL.search(line.text) and _HEADER.search(line.text) and _ADDRESS.search(line.text):
            message = "the certificate is checked for the address, not for the name of the header: use --resolve"
            yield between("addresses", message, line)
