"""A copy of a kubeconfig that is not what it is said to be, or that nobody uses afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_ADMIN = re.compile(r"/etc/rancher/k3s/k3s\.yaml|/etc/rancher/rke2/rke2\.yaml|/etc/kubernetes/admin\.conf")
"""Kubeconfigs that k3s, rke2 and kubeadm write for cluster-admin."""

_READ_ONLY = re.compile(r"\bread[- ]only (?:copy|access|kubeconfig)", re.IGNORECASE)
_COPIED = re.compile(r"\b(?:install|cp) [^`]{0,200}?(/[\w./-]+) (/[\w./~-]+)`?")
_USED = re.compile(r"\b(?:KUBECONFIG=|--kubeconfig[ =])(/[\w./-]+)")


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Copies of an administrator's file called read-only, and originals that are used in spite of a copy."""
    copied: dict[str, Line] = {}
    for line in reading.lines:
        if _READ_ONLY.search(line.text) and _ADMIN.search(line.text):
            yield between("copies", "the copy is called read-only, and the file makes its owner cluster-admin", line)
        for found in _USED.finditer(line.text):
            if found[1] in copied:
                message = f"a copy of {found[1]} was made, and the original is used"
                yield between("copies", message, copied[found[1]], line)
        for found in _COPIED.finditer(line.text):
            copied.setdefault(found[1], line)
