"""Ports of a node that are opened although nothing listens there.

Without servicelb, k3s gives no Service of type LoadBalancer the node's own ports: what is reached through a NodePort
answers on 30000 to 32767 only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_DISABLED = re.compile(r"--disable[ =]\S*servicelb\b")
_NODE_PORT = re.compile(r"\bNodePort\b")
_FIREWALL = re.compile(r"\b(?:firewall|inbound|security group)\b", re.IGNORECASE)
_WEB = re.compile(r"\btcp/(?:80|443)\b|\bports? (?:80|443)\b|(?<![\d:])(?:80|443)/tcp\b")


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Inbound 80 or 443 on a node, beside k3s without servicelb and routing by NodePort."""
    disabled = _first(reading, _DISABLED)
    firewall = next((line for line in reading.prose if _FIREWALL.search(line.text) and _WEB.search(line.text)), None)
    if disabled and firewall and _first(reading, _NODE_PORT):
        message = "80 and 443 are open to everybody, and without servicelb nothing on the node listens there"
        yield between("node-ports", message, firewall, disabled)


def _first(reading: Reading, pattern: re.Pattern[str]) -> Line | None:
    return next((line for line in reading.lines if pattern.search(line.text)), None)
