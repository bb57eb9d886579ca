"""Fetch what a kustomization.yaml names by an address: a repository (in the forms that Kustomize reads) or a file."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from elysium.kit import digests
from elysium.sources import records, revision, stored, urls
from elysium.sources.addresses import RepositoryAddress, parse_address
from elysium.sources.content import blob_digest
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.remote_git import mirror
from elysium.sources.fetch.session import Session
from elysium.sources.requests import RemoteBaseRequest

__all__ = ["fetch_base"]

_LARGEST_FILE = 50_000_000
_FILE = re.compile(r"\.(ya?ml|json)$", re.IGNORECASE)


def fetch_base(session: Session, request: RemoteBaseRequest) -> records.Record:
    """The repository or file. An address that could be either is asked for as a file first, as Kustomize does."""
    try:
        address = parse_address(request.url)
    except ValueError as error:
        raise FetchError(str(error), final=True) from error
    is_web = request.url.startswith(("https://", "http://"))
    if address is None or (is_web and _FILE.search(urlsplit(request.url).path)):
        try:
            return _file(session, request)
        except FetchError:
            if address is None:
                raise
    return _repository(session, request, address)


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
