"""How Flux names things: release names, release namespaces, charts."""

from __future__ import annotations

import hashlib

__all__ = ["release_name", "shorten_name"]

_LONGEST_RELEASE_NAME = 53


def shorten_name(name: str) -> str:
    """Helm's limit of 53 characters: the first 40, a dash and 12 hexadecimal digits of the SHA-256 of the full name."""
    if len(name) <= _LONGEST_RELEASE_NAME:
        return name
    return f"{name[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def release_name(name: str, explicit: str, target_namespace: str) -> str:
    """The Helm release of a HelmRelease: `releaseName`, else the object's name, after `targetNamespace-` if there is
    one.
    """
    if explicit:
        return shorten_name(explicit)
    return shorten_name(f"{target_namespace}-{name}" if target_namespace else name)
