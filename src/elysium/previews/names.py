"""What a preview is called: its namespace and its host.

A namespace is a DNS label of at most 63 characters, a host at most 253 with labels of at most 63 (RFC 1123).
"""

from __future__ import annotations

import re

from elysium.errors import UsageError
from elysium.previews.platform import Platform

__all__ = ["host_of", "namespace_of"]

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LARGEST = 9_999_999
_LONGEST = 253


def namespace_of(platform: Platform, number: int) -> str:
    """The namespace of a pull request's preview. Raises UsageError when there can be none of this name."""
    if not 0 <= number <= _LARGEST:
        hint = f"give the number of a pull request, at most {_LARGEST}"
        raise UsageError("this is no number of a pull request", subject=str(number), hint=hint)
    name = f"{platform.prefix}{number}"
    if not _LABEL.fullmatch(name):
        raise UsageError("this is no name of a namespace", subject=name, hint="mend PREVIEW_PREFIX in platform.env")
    return name


def host_of(platform: Platform, number: int) -> str:
    """The host of a pull request's preview. Raises UsageError when there can be none of this name."""
    host = f"{namespace_of(platform, number)}.{platform.domain}"
    if len(host) > _LONGEST or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise UsageError("this is no name of a host", subject=host, hint="mend PREVIEW_DOMAIN in platform.env")
    return host
