"""Fetch what a kustomization.yaml names by an address: a repository (in the forms that Kustomize reads) or a file."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import msgspec

from elysium.kit import digests
from elysium.sources import records, revision, stored, urls
from elysium.sources.content import blob_digest
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.remote_git import mirror
from elysium.sources.fetch.session import Session
from elysium.sources.requests import RemoteBaseRequest

__all__ = ["RepositoryAddress", "fetch_base", "parse_address"]

_LARGEST_FILE = 50_000_000
_SCP = re.compile(r"[^@/\s]+@[^:/\s]+:.+")
_FILE = re.compile(r"\.(ya?ml|json)$", re.IGNORECASE)
_FORGES = {"github.com": 2, "gitlab.com": 2, "bitbucket.org": 2, "codeberg.org": 2}


class RepositoryAddress(msgspec.Struct, frozen=True, kw_only=True):
    """A directory of a repository at a reference (`HEAD` if none is named)."""

    url: str
    path: str = ""
    reference: str = "HEAD"


def fetch_base(session: Session, request: RemoteBaseRequest) -> records.Record:
    """The repository or file. An address that could be either is asked for as a file first, as Kustomize does."""
    address = parse_address(request.url)
    is_web = request.url.startswith(("https://", "http://"))
    if address is None or (is_web and _FILE.search(urlsplit(request.url).path)):
        try:
            return _file(session, request)
        except FetchError:
            if address is None:
                raise
    return _repository(session, request, address)


def parse_address(url: str) -> RepositoryAddress | None:
    """What Kustomize takes for a repository: `host/org/repo//path?ref=…`, `git::…`, ssh, scp-like; None for a file."""
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
        raise FetchError(f"{reference!r} is no reference", final=True)
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


def _repository(session: Session, request: RemoteBaseRequest, address: RepositoryAddress) -> records.Record:
    settings, stop = session.settings, session.stop
    with mirror(session.cache, address.url, request.credentials, settings, stop) as remote:
        commit = remote.fetch(address.reference)
        tree = revision.extract(remote.path, commit, session.cache)
    found = stored.load(session.cache, "trees", tree)
    if address.path and found is not None and not found.has_directory(address.path) and address.path not in found.files:
        message = f"{urls.redacted(address.url)} has no directory {address.path} at {address.reference}"
        raise FetchError(message, final=True)
    known = f"{address.reference}@sha1:{commit}"
    return records.record(request, tree=f"trees/{tree}", path=address.path, revision=known, digest=commit)


def _file(session: Session, request: RemoteBaseRequest) -> records.Record:
    reply = session.web.get(request.url, request.credentials, limit=_LARGEST_FILE)
    if reply.content.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        raise FetchError(f"{urls.redacted(request.url)} is a web page, no Kubernetes manifest", final=True)
    digest = digests.of_bytes(reply.content)
    name = urlsplit(request.url).path.rsplit("/", 1)[-1] or "resources.yaml"
    if not stored.is_safe(name):
        name = "resources.yaml"
    entry = digests.of_parts(name, digest)[:40]
    with session.cache.staging() as staging:
        writer = stored.TreeWriter(staging, urls.redacted(request.url))
        writer.write(name, reply.content, blob_digest(reply.content))
        stored.store(session.cache, "artifacts", entry, writer)
    known = f"sha256:{digest}"
    return records.record(request, tree=f"artifacts/{entry}", path=name, revision=known, digest=digest)
