"""What a preview is called: its namespace and its host.

A namespace is a DNS label of at most 63 characters, a host at most 253 with labels of at most 63 (RFC 1123).
"""

from __future__ import annotations

from elysium.errors import UsageError
from elysium.kit.dns import LONGEST_SUBDOMAIN, is_label
from elysium.previews.platform import Platform

__all__ = ["host_of", "namespace_of"]

_LARGEST = 9_999_999


def namespace_of(platform: Platform, number: int) -> str:
    """The namespace of a pull request's preview. Raises UsageError when there can be none of this name."""
    if not 0 <= number <= _LARGEST:
        hint = f"give the number of a pull request, at most {_LARGEST}"
        raise UsageError("this is no number of a pull request", subject=str(number), hint=hint)
    name = f"{platform.prefix}{number}"
    if not is_label(name):
        raise UsageError("this is no name of a namespace", subject=name, hint="mend PREVIEW_PREFIX in platform.env")
    return name


def host_of(platform: Platform, number: int) -> str:
    """The host of a pull request's preview. Raises UsageError when there can be none of this name."""
    host = f"{namespace_of(platform, number)}.{platform.domain}"
    if len(host) > LONGEST_SUBDOMAIN or not all(is_label(label) for label in host.split(".")):
        raise UsageError("this is no name of a host", subject=host, hint="mend PREVIEW_DOMAIN in platform.env")
    return host
