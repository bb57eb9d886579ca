"""Fetch Helm repositories: indexes, and charts over HTTP or from a registry."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from elysium.kit import digests
from elysium.sources import charts, records, urls
from elysium.sources.fetch.artifacts import keep_archive
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.options import text
from elysium.sources.fetch.registry import place_of
from elysium.sources.fetch.session import Session
from elysium.sources.requests import HelmChartRequest, HelmIndexRequest

__all__ = ["fetch_chart", "fetch_index"]

_CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_LARGEST_INDEX = 200_000_000
_LARGEST_CHART = 100_000_000


def fetch_index(session: Session, request: HelmIndexRequest) -> records.Record:
    """The index of an HTTP repository, fetched once a run."""
    with session.lock(request.key):
        known = session.indexes.get(request.key)
        if known is None:
            headers = _authorization(session, request)
            url = f"{request.url.rstrip('/')}/index.yaml"
            reply = session.web.get(url, request.credentials, headers=headers, limit=_LARGEST_INDEX)
            name = f"{digests.of_bytes(reply.content)}.yaml"
            session.cache.write("indexes", name, reply.content)
            known = session.indexes[request.key] = records.record(request, file=name)
            records.write(session.cache, request, known)
    return known


def fetch_chart(session: Session, request: HelmChartRequest) -> records.Record:
    """The chart in the version that the request means now."""
    if urls.is_oci(request.url):
        return _from_registry(session, request)
    if urlsplit(request.url).scheme not in ("http", "https"):
        hint = "Flux reads http, https and oci repositories"
        raise FetchError(f"{urls.redacted(request.url)} is no address of a Helm repository", hint=hint, final=True)
    return _from_index(session, request)


def _from_index(session: Session, request: HelmChartRequest) -> records.Record:
    index = HelmIndexRequest(url=request.url, credentials=request.credentials)
    path = session.cache.directory / "indexes" / fetch_index(session, index).file
    entry = _entry(session, request, path)
    content, reasons = b"", []
    for listed in entry.urls:
        url = urljoin(f"{request.url.rstrip('/')}/", listed)
        try:
            headers = (
                _authorization(session, index)
                if request.credentials.pass_credentials or _same_host(url, request.url)
                else {}
            )
            content = session.web.get(url, request.credentials, headers=headers, limit=_LARGEST_CHART).content
            break
        except FetchError as error:
            reasons.append(error)
    if not content:
        raise reasons[0] if reasons else FetchError(f"the index lists no address of {request.name}", final=True)
    found = digests.of_bytes(content)
    if entry.digest and entry.digest.removeprefix("sha256:") != found:
        message = f"{request.name} {entry.version}: the archive does not have the digest that the index states"
        raise FetchError(message, hint="tell the owner of the repository")
    return records.record(request, file=keep_archive(session, content), version=entry.version, digest=found)


def _entry(session: Session, request: HelmChartRequest, index: Path) -> charts.ChartVersion:
    listed = charts.read_index(session.call, index, request.name)
    if not listed:
        raise FetchError(f"{urls.redacted(request.url)} has no chart {request.name}", final=True)
    chosen = charts.select_version(session.call, request.version, [entry.version for entry in listed])
    entry = next((entry for entry in listed if entry.version == chosen), None)
    if entry is None:
        raise _no_version(request, [entry.version for entry in listed])
    return entry


def _from_registry(session: Session, request: HelmChartRequest) -> records.Record:
    place = place_of(f"{request.url.rstrip('/')}/{request.name}", request.credentials.insecure)
    version = request.version
    if not charts.is_exact(version):
        versions = [tag.replace("_", "+") for tag in session.registry.tags(place, request.credentials)]
        chosen = charts.select_version(session.call, version, versions)
        if chosen is None:
            raise _no_version(request, versions)
        version = chosen
    manifest = session.registry.manifest(place, version.replace("+", "_"), request.credentials)
    layer = next((layer for layer in manifest.layers if layer.media_type == _CHART_LAYER), None)
    if layer is None:
        raise FetchError(f"{place} {version} is no Helm chart", final=True)
    content = session.registry.blob(place, layer, request.credentials)
    found = digests.of_bytes(content)
    return records.record(request, file=keep_archive(session, content), version=version, digest=found)


def _no_version(request: HelmChartRequest, versions: list[str]) -> FetchError:
    shown = ", ".join(versions[:5]) + (", …" if len(versions) > 5 else "")
    asked = request.version or "*"
    message = f"no version of {request.name} in {urls.redacted(request.url)} satisfies {asked}: there is {shown}"
    return FetchError(message, final=True)


def _authorization(session: Session, request: HelmIndexRequest) -> dict[str, str]:
    """Basic authorization from the repository's Secret, else from its address; netrc counts otherwise."""
    values = session.settings.secret(request.credentials.secret)
    user, password = text(values, "username"), text(values, "password")
    if not user:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def _same_host(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc) == (second.scheme, second.netloc)
