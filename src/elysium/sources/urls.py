"""Addresses of repositories: which mean the same place, and how to show them without credentials."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

__all__ = ["is_chart_repository", "is_oci", "normal_chart_repository", "normal_git", "redacted", "without_login"]

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9_.-]+):(?P<path>(?!//).+)")
_DEFAULT_PORTS = {"http": 80, "https": 443, "git": 9418}


def normal_git(url: str) -> str:
    """`host/path` of a git address: equal for the ssh, scp-like and https spellings of one repository.

    Hosts and paths compare without case, as the great forges do; ports of ssh are ignored, since they say nothing about
    which repository is meant.
    """
    text = url.strip()
    scp = _SCP.fullmatch(text) if "://" not in text else None
    if scp is not None:
        host, path = scp["host"], scp["path"]
    elif "://" in text:
        parts = urlsplit(text)
        host, path = parts.hostname or "", parts.path
        port = _port(text)
        if port is not None and parts.scheme not in ("ssh", "git+ssh") and port != _DEFAULT_PORTS.get(parts.scheme):
            host = f"{host}:{port}"
    else:
        host, path = "", text
    path = re.sub(r"/{2,}", "/", path).strip("/").lower()
    return f"{host.lower()}/{path.removesuffix('.git').rstrip('/')}"


def normal_chart_repository(url: str) -> str:
    """A Helm repository's address without what makes no difference: case of the host, last slash, credentials."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    port = _port(url)
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme.lower(), host, parts.path.rstrip("/"), parts.query, ""))


def is_oci(url: str) -> bool:
    """Whether an address is that of an OCI registry."""
    return url.strip().lower().startswith("oci://")


def without_login(url: str) -> tuple[str, str, str]:
    """An http(s) address without its user and password, and these; other addresses stay as they are."""
    parts = urlsplit(url) if url.lower().startswith(("http://", "https://")) else None
    if parts is None or "@" not in parts.netloc:
        return url, "", ""
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[-1]))
    return bare, unquote(parts.username or ""), unquote(parts.password or "")


def is_chart_repository(url: str) -> bool:
    """Whether an address is one that Flux reads charts from; Helm's aliases (`@name`) are none."""
    return url.strip().lower().startswith(("http://", "https://", "oci://"))


def redacted(url: str) -> str:
    """An address without user name, password and query values, for messages and records."""
    if "://" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.split("://", 1)[0] + "://…"
    host = parts.netloc.rsplit("@", 1)[-1]
    shown = "&".join(_redact_parameter(item) for item in parts.query.split("&")) if parts.query else ""
    return urlunsplit((parts.scheme, host, parts.path, shown, ""))


def _redact_parameter(item: str) -> str:
    name, sign, _ = item.partition("=")
    return item if name in ("ref", "version", "timeout", "submodules", "depth") else f"{name}{sign}…" if sign else item


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None
