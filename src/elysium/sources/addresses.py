"""What the address in a kustomization.yaml means: a directory of a repository, or a file."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import msgspec

__all__ = ["RepositoryAddress", "parse_address"]

_SCP = re.compile(r"[^@/\s]+@[^:/\s]+:.+")
_FORGES = {"github.com": 2, "gitlab.com": 2, "bitbucket.org": 2, "codeberg.org": 2}


class RepositoryAddress(msgspec.Struct, frozen=True, kw_only=True):
    """A directory of a repository at a reference (`HEAD` if none is named)."""

    url: str
    path: str = ""
    reference: str = "HEAD"


def parse_address(url: str) -> RepositoryAddress | None:
    """What Kustomize takes for a repository: `host/org/repo//path?ref=…`, `git::…`, ssh, scp-like; None for a file.

    ValueError when the reference is none.
    """
    text = url.removeprefix("git::")
    head, _, query = text.partition("?")
    parameters = parse_qs(query)
    reference = next((parameters[name][0] for name in ("ref", "version") if parameters.get(name)), "HEAD")
    if head.startswith("gh:"):
        head = f"https://github.com/{head.removeprefix('gh:')}"
    if "://" not in head and not _SCP.fullmatch(head):
        head = f"https://{head}"
    repository, path = _divide(head)
    forced = url.startswith("git::") or bool(query and reference != "HEAD")
    if repository is None and not forced:
        return None
    if reference.startswith("-") or "\0" in reference:
        raise ValueError(f"{reference!r} is no reference")
    return RepositoryAddress(url=repository or head, path=path, reference=reference)


def _divide(head: str) -> tuple[str | None, str]:
    """Repository and path of an address without its query; no repository where nothing speaks for one."""
    scheme, separator, rest = head.partition("://") if "://" in head else ("", "", head)
    before, double, path = rest.partition("//")
    if double:
        return f"{scheme}{separator}{before}", path.strip("/")
    if ".git" in rest and (match := re.match(r"(.*?\.git)(?:/(.*))?$", rest)):
        return f"{scheme}{separator}{match[1]}", (match[2] or "").strip("/")
    if "_git/" in rest and (match := re.match(r"(.*?_git/[^/]+)(?:/(.*))?$", rest)):
        return f"{scheme}{separator}{match[1]}", (match[2] or "").strip("/")
    host, _, inner = rest.partition("/")
    segments = inner.strip("/").split("/")
    count = _FORGES.get(host.rsplit("@", 1)[-1].lower(), 0)
    if count and len(segments) >= count:
        return f"{scheme}{separator}{host}/{'/'.join(segments[:count])}", "/".join(segments[count:])
    return (head, "") if scheme in ("ssh", "file") or not scheme else (None, "")
