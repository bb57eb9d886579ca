"""The distribution protocol of OCI registries: tags, manifests and blobs, each checked against its digest."""

from __future__ import annotations

import re
import threading
from typing import Any, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from elysium.kit import digests
from elysium.sources.fetch import tokens
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.web import Reply, Web
from elysium.sources.requests import Credentials

__all__ = ["Layer", "Manifest", "Place", "Registry", "place_of"]

_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LINK = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
Kind = TypeVar("Kind")
_MOST_PAGES = 500
_SMALL = 10_000_000
_LARGE = 500_000_000


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A repository in a registry: where it is asked for, and under which host its credentials are kept."""

    base: str
    host: str
    repository: str

    def __str__(self) -> str:
        return f"{self.host}/{self.repository}"


class Layer(msgspec.Struct, frozen=True, kw_only=True, rename={"media_type": "mediaType"}):
    """A blob that a manifest lists."""

    digest: str
    size: int = 0
    media_type: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a tag or digest stands for."""

    digest: str
    layers: tuple[Layer, ...]


class _ManifestBody(msgspec.Struct):
    layers: list[Layer] = []
    manifests: list[dict[str, Any]] = []


def place_of(url: str, insecure: bool = False) -> Place:
    """The registry and repository of `oci://host/repository`. Plain HTTP only where the source says `insecure`."""
    parts = urlsplit(url.strip())
    repository = parts.path.strip("/")
    if parts.scheme.lower() != "oci" or not parts.hostname or not repository:
        raise FetchError(f"{url!r} is no OCI address", hint="write oci://host/repository", final=True)
    host = parts.netloc.rsplit("@", 1)[-1].lower()
    if host in ("docker.io", "index.docker.io", "registry-1.docker.io"):
        host, repository = "docker.io", repository if "/" in repository else f"library/{repository}"
    asked = "registry-1.docker.io" if host == "docker.io" else host
    return Place(base=f"{'http' if insecure else 'https'}://{asked}", host=host, repository=repository)


class Registry:
    """Asks registries, with tokens that are got once for each repository."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._authorizations: dict[tuple[Place, tuple[str, ...]], str] = {}
        self._lock = threading.Lock()

    def tags(self, place: Place, credentials: Credentials) -> list[str]:
        """Every tag of the repository, page by page."""
        found: list[str] = []
        url = f"{place.base}/v2/{place.repository}/tags/list?n=1000"
        for _ in range(_MOST_PAGES):
            reply = self._get(url, place, credentials, limit=_SMALL)
            found += _decode(reply, dict[str, Any]).get("tags") or []
            following = _LINK.search(reply.headers.get("link", ""))
            if not following:
                break
            url = _same_host(urljoin(url, following[1]), place)
        return [tag for tag in found if isinstance(tag, str)]

    def manifest(self, place: Place, reference: str, credentials: Credentials) -> Manifest:
        """The manifest of a tag or digest; of an index the first one for Linux on amd64, else the first."""
        url = f"{place.base}/v2/{place.repository}/manifests/{quote(reference, safe=':')}"
        reply = self._get(url, place, credentials, limit=_SMALL)
        digest = "sha256:" + digests.of_bytes(reply.content)
        _expect(reference if _DIGEST.fullmatch(reference) else digest, digest, f"{place} {reference}")
        body = _decode(reply, _ManifestBody)
        if body.manifests:
            inner = self.manifest(place, _platform(body.manifests), credentials)
            return Manifest(digest=digest, layers=inner.layers)
        return Manifest(digest=digest, layers=tuple(body.layers))

    def blob(self, place: Place, layer: Layer, credentials: Credentials) -> bytes:
        """The content of a layer."""
        if not _DIGEST.fullmatch(layer.digest):
            raise FetchError(f"{place}: the digest {layer.digest!r} is not SHA-256")
        url = f"{place.base}/v2/{place.repository}/blobs/{layer.digest}"
        content = self._get(url, place, credentials, limit=_LARGE).content
        _expect(layer.digest, "sha256:" + digests.of_bytes(content), str(place))
        return content

    def _get(self, url: str, place: Place, credentials: Credentials, limit: int) -> Reply:
        key = (place, credentials.names)
        headers = {"Accept": _MANIFESTS} if "/manifests/" in url else {}
        known = self._authorizations.get(key)
        if known is not None:
            headers["Authorization"] = known
        reply = self._web.get(url, credentials, headers=headers, limit=limit, accept=frozenset({401, 404}))
        if reply.status == 401:
            challenge = tokens.Challenge.read(reply.headers.get("www-authenticate", ""))
            with self._lock:
                headers["Authorization"] = tokens.authorize(
                    self._web, challenge, place.host, place.repository, credentials
                )
                self._authorizations[key] = headers["Authorization"]
            reply = self._web.get(url, credentials, headers=headers, limit=limit, accept=frozenset({404}))
        if reply.status == 404:
            raise FetchError(f"{place}: the registry has no such repository, tag or blob", final=True)
        return reply


def _decode(reply: Reply, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(reply.content, type=kind)
    except msgspec.MsgspecError as error:
        raise FetchError(f"{urlsplit(reply.url).netloc} answered no registry's JSON") from error


def _expect(wanted: str, found: str, subject: str) -> None:
    if wanted != found:
        raise FetchError(
            f"{subject}: the content does not have the digest {wanted}", hint="try again; tell the registry"
        )


def _platform(manifests: list[dict[str, Any]]) -> str:
    def rank(item: dict[str, Any]) -> bool:
        platform = item.get("platform") or {}
        return (platform.get("os"), platform.get("architecture")) != ("linux", "amd64")

    return str(min(manifests, key=rank).get("digest", ""))


def _same_host(url: str, place: Place) -> str:
    if not url.startswith(place.base + "/"):
        raise FetchError(f"{place}: the list of tags goes on at another host")
    return url
