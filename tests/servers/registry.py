"""An OCI registry that one can pull from, with tokens if it has a login."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs

from .web import Answer, Asked, Server

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
FLUX_LAYER = "application/vnd.cncf.flux.content.v1.tar+gzip"
HELM_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


class Registry(Server):
    """Holds what was pushed. With `user` (`name:password`) it wants a token from its own service."""

    def __init__(self, *, user: str = "", page: int = 100, **options: Any) -> None:
        super().__init__(**options)
        self.user = user
        self.page = page
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[tuple[str, str], bytes] = {}

    def push(self, repository: str, tag: str, layers: list[tuple[str, bytes]]) -> str:
        """Keep an artifact under a tag; the digest of its manifest."""
        config = self._blob(b"{}")
        listed = [{"mediaType": kind, "digest": self._blob(data), "size": len(data)} for kind, data in layers]
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": 2},
            "layers": listed,
        }
        return self.push_manifest(repository, tag, manifest)

    def push_manifest(self, repository: str, tag: str, manifest: dict[str, Any]) -> str:
        data = json.dumps(manifest).encode()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.manifests[repository, tag] = self.manifests[repository, digest] = data
        return digest

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            return self._token(asked)
        if self.user and asked.headers.get("authorization") != "Bearer let-me-in":
            challenge = f'Bearer realm="{self.url}/token",service="test",scope="repository:x:pull"'
            return 401, {"WWW-Authenticate": challenge}, b"{}"
        repository, _, rest = asked.path.removeprefix("/v2/").rpartition("/")
        repository, _, kind = repository.rpartition("/")
        if kind == "tags":
            return self._tags(repository, asked)
        content = self.blobs.get(rest) if kind == "blobs" else self.manifests.get((repository, rest))
        if content is None:
            return 404, {}, b'{"errors": [{"code": "NAME_UNKNOWN"}]}'
        return 200, {"Content-Type": MANIFEST if kind == "manifests" else "application/octet-stream"}, content

    def _token(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode())
        known = asked.login == self.user or form.get("refresh_token") == [self.user]
        return (200, {}, b'{"token": "let-me-in"}') if known else (401, {}, b"{}")

    def _tags(self, repository: str, asked: Asked) -> Answer:
        tags = sorted(tag for known, tag in self.manifests if known == repository and not tag.startswith("sha256:"))
        if not tags:
            return 404, {}, b"{}"
        start = parse_qs(asked.query).get("last", [""])[0]
        rest = [tag for tag in tags if tag > start]
        page, more = rest[: self.page], len(rest) > self.page
        link = {"Link": f'</v2/{repository}/tags/list?last={page[-1]}>; rel="next"'} if more else {}
        return 200, link, json.dumps({"name": repository, "tags": page}).encode()

    def _blob(self, data: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.blobs[digest] = data
        return digest
