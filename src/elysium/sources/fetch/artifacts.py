"""Fetch an OCIRepository: the layer that its selector means, as a tree in the cache."""

from __future__ import annotations

from elysium.kit import digests
from elysium.sources import archives, records, stored, urls
from elysium.sources.content import blob_digest
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.registry import Layer, Manifest, Place, place_of
from elysium.sources.fetch.session import Session
from elysium.sources.requests import OCIRequest

__all__ = ["fetch_artifact", "keep_archive"]


def fetch_artifact(session: Session, request: OCIRequest) -> records.Record:
    """What the reference stands for now."""
    place = place_of(request.url, request.credentials.insecure)
    reference = request.digest or _tag(session, request, place)
    manifest = session.registry.manifest(place, reference, request.credentials)
    layer = _layer(manifest, request)
    name = digests.of_parts(layer.digest, request.operation)[:40]
    archive = ""
    if request.operation == "copy" or stored.load(session.cache, "artifacts", name) is None:
        content = session.registry.blob(place, layer, request.credentials)
        archive = keep_archive(session, content) if request.operation == "copy" else ""
        with session.cache.staging() as staging:
            writer = stored.TreeWriter(staging, urls.redacted(request.url))
            if request.operation == "copy":
                writer.write(f"{layer.digest.removeprefix('sha256:')}.tgz", content, blob_digest(content))
            else:
                archives.unpack(content, writer, urls.redacted(request.url))
            stored.store(session.cache, "artifacts", name, writer)
    revision = manifest.digest if request.digest else f"{reference}@{manifest.digest}"
    tree = f"artifacts/{name}"
    return records.record(request, tree=tree, file=archive, revision=revision, digest=manifest.digest)


def keep_archive(session: Session, content: bytes) -> str:
    """Put an archive into the cache's `charts/`, named by its digest."""
    name = f"{digests.of_bytes(content)}.tgz"
    session.cache.write("charts", name, content)
    return name


def _tag(session: Session, request: OCIRequest, place: Place) -> str:
    if not request.semver:
        return request.tag
    tags = session.registry.tags(place, request.credentials)
    asked = {"range": request.semver, "versions": tags, "prerelease": False, "filter": request.semver_filter}
    chosen: str | None = session.call("semver.select", asked)["version"]
    if chosen is None:
        raise FetchError(f"{place} has no tag that satisfies {request.semver}", final=True)
    return chosen


def _layer(manifest: Manifest, request: OCIRequest) -> Layer:
    layers = [layer for layer in manifest.layers if request.media_type in ("", layer.media_type)]
    if not layers:
        wanted = f"layer of media type {request.media_type}" if request.media_type else "layer"
        raise FetchError(f"{urls.redacted(request.url)} has no {wanted}", final=True)
    return layers[0]
