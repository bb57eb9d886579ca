"""Names as DNS has them, which Kubernetes names most things by (RFC 1123; k8s.io/apimachinery, pkg/util/validation)."""

from __future__ import annotations

import re

__all__ = ["LABEL", "LONGEST_SUBDOMAIN", "is_label", "is_subdomain"]

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""The pattern of one part of a name, of at most 63 characters."""

LONGEST_SUBDOMAIN = 253

_LABEL = re.compile(LABEL)
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def is_label(text: str) -> bool:
    """Whether a text is a name without dots, such as that of a namespace."""
    return bool(_LABEL.fullmatch(text))


def is_subdomain(text: str) -> bool:
    """Whether a text is a name with or without dots, such as that of a Secret. Kubernetes does not count its parts."""
    return len(text) <= LONGEST_SUBDOMAIN and bool(_SUBDOMAIN.fullmatch(text))
