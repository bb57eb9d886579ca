"""OCI artifacts from a real registry on the loopback."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.library import Library
from elysium.sources.requests import Credentials, OCIRequest

from ...servers import Authority, Registry, chart_archive
from ...servers.charts import tarball
from ...servers.registry import FLUX_LAYER, HELM_LAYER, MANIFEST
from .conftest import Fetch

INSECURE = Credentials(insecure=True)


def _layer(text: str) -> tuple[str, bytes]:
    return FLUX_LAYER, tarball({"apps/a.yaml": text.encode(), "./b.yaml": b"b\n"})


def _read(library: Library, spec: dict[str, Any], path: str = "apps/a.yaml") -> str:
    found = library.artifact("OCIRepository", "flux-system", "x", {"insecure": True, **spec})
    assert isinstance(found, Artifact), found
    return Path(found.tree.root, path).read_text()


def test_tag_digest_and_latest(fetched: Fetch, library: Library) -> None:
    with Registry() as registry:
        url = f"oci://{registry.host}/acme/manifests"
        digest = registry.push("acme/manifests", "v1", [_layer("one")])
        registry.push("acme/manifests", "latest", [_layer("latest")])
        tagged = fetched(OCIRequest(url=url, tag="v1", credentials=INSECURE))
        assert fetched(OCIRequest(url=url, digest=digest, credentials=INSECURE)).revision == digest
        assert fetched(OCIRequest(url=url, credentials=INSECURE)).state == "fetched"
    assert tagged.revision == f"v1@{digest}"
    assert _read(library, {"url": url, "ref": {"tag": "v1"}}) == "one"
    assert _read(library, {"url": url, "ref": {"digest": digest}}) == "one"
    assert _read(library, {"url": url}) == "latest"


def test_semver_over_pages_and_with_a_filter(fetched: Fetch, library: Library) -> None:
    with Registry(page=2) as registry:
        url = f"oci://{registry.host}/acme/m"
        for tag in ("0.9.0", "1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0-dev.5", "latest", "not.a.version"):
            registry.push("acme/m", tag, [_layer(tag)])
        assert fetched(OCIRequest(url=url, semver="1.x", credentials=INSECURE)).revision.startswith("1.1.0@")
        request = OCIRequest(url=url, semver=">=1.2.0-0", semver_filter=".*-rc.*", credentials=INSECURE)
        assert fetched(request).revision.startswith("1.2.0-rc.1@")
        assert fetched(OCIRequest(url=url, semver=">2", credentials=INSECURE)).state == "failed"
    assert _read(library, {"url": url, "ref": {"semver": "1.x"}}) == "1.1.0"


def test_the_layer_that_is_selected(fetched: Fetch, library: Library) -> None:
    archive = chart_archive("web", "1.0.0")
    with Registry() as registry:
        url = f"oci://{registry.host}/acme/web"
        registry.push("acme/web", "1.0.0", [_layer("first"), (HELM_LAYER, archive)])
        base = OCIRequest(url=url, tag="1.0.0", credentials=INSECURE)
        assert fetched(base).state == "fetched"
        selected = OCIRequest(url=url, tag="1.0.0", media_type=HELM_LAYER, operation="copy", credentials=INSECURE)
        assert fetched(selected).state == "fetched"
        unpacked = OCIRequest(url=url, tag="1.0.0", media_type=HELM_LAYER, credentials=INSECURE)
        assert fetched(unpacked).state == "fetched"
        absent = OCIRequest(url=url, tag="1.0.0", media_type="application/absent", credentials=INSECURE)
        assert fetched(absent).state == "failed"
    spec = {"url": url, "ref": {"tag": "1.0.0"}}
    assert _read(library, spec) == "first"
    layer = {"mediaType": HELM_LAYER}
    assert "name: web" in _read(library, {**spec, "layerSelector": layer}, "web/Chart.yaml")
    copied = library.artifact(
        "OCIRepository", "a", "b", {**spec, "insecure": True, "layerSelector": {**layer, "operation": "copy"}}
    )
    assert isinstance(copied, Artifact)
    assert Path(copied.archive).read_bytes() == archive


def test_an_index_of_manifests(fetched: Fetch, library: Library) -> None:
    with Registry() as registry:
        url = f"oci://{registry.host}/acme/multi"
        arm = registry.push("acme/multi", "arm", [_layer("arm")])
        amd = registry.push("acme/multi", "amd", [_layer("amd")])
        manifests = [
            {"mediaType": MANIFEST, "digest": arm, "size": 1, "platform": {"os": "linux", "architecture": "arm64"}},
            {"mediaType": MANIFEST, "digest": amd, "size": 1, "platform": {"os": "linux", "architecture": "amd64"}},
        ]
        registry.push_manifest("acme/multi", "v1", {"schemaVersion": 2, "manifests": manifests})
        assert fetched(OCIRequest(url=url, tag="v1", credentials=INSECURE)).state == "fetched"
    assert _read(library, {"url": url, "ref": {"tag": "v1"}}) == "amd"


def test_content_that_does_not_have_its_digest_is_not_kept(fetched: Fetch, library: Library) -> None:
    with Registry() as registry:
        url = f"oci://{registry.host}/acme/m"
        registry.push("acme/m", "v1", [_layer("good")])
        for digest, content in registry.blobs.items():
            registry.blobs[digest] = content + b"tampered"
        outcome = fetched(OCIRequest(url=url, tag="v1", credentials=INSECURE))
        registry.manifests["acme/m", "sha256:" + "0" * 64] = b"{}"
        other = fetched(OCIRequest(url=url, digest="sha256:" + "0" * 64, credentials=INSECURE))
    assert outcome.state == other.state == "unknown"
    assert "digest" in outcome.message
    assert isinstance(library.artifact("OCIRepository", "a", "b", {"url": url, "insecure": True}), Missing)


def test_what_is_not_there(fetched: Fetch) -> None:
    with Registry() as registry:
        outcome = fetched(OCIRequest(url=f"oci://{registry.host}/absent", credentials=INSECURE))
    assert outcome.state == "failed"
    assert fetched(OCIRequest(url="https://example.com/x")).state == "failed"


@pytest.mark.parametrize("kind", ["docker", "identity", "secret", "dockerconfigjson", "helper"])
def test_logins_from_the_usual_places(
    fetched: Fetch, cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    home = tmp_path / "home" / ".docker"
    home.mkdir()
    user = "ada:pa55-word" if kind != "identity" else "refresh-me"
    encoded = base64.b64encode(user.encode()).decode()
    secrets: dict[str, dict[str, bytes]] = {}
    with Registry(user=user) as registry:
        registry.push("acme/m", "latest", [_layer("x")])
        config: dict[str, Any] = {"auths": {registry.host: {"auth": encoded}}}
        if kind == "docker":
            (home / "config.json").write_text(json.dumps(config))
        elif kind == "identity":
            config = {"auths": {registry.host: {"identitytoken": user}}}
            (home / "config.json").write_text(json.dumps(config))
        elif kind == "helper":
            helper = tmp_path / "docker-credential-test"
            helper.write_text('#!/bin/sh\ncat >/dev/null\necho \'{"Username": "ada", "Secret": "pa55-word"}\'\n')
            helper.chmod(0o755)
            monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
            (home / "config.json").write_text(json.dumps({"credHelpers": {registry.host: "test"}}))
        elif kind == "secret":
            secrets = {"apps/login": {"username": b"ada", "password": b"pa55-word"}}
        else:
            secrets = {"apps/login": {".dockerconfigjson": json.dumps(config).encode()}}
        credentials = Credentials(secret="apps/login" if secrets else "", insecure=True)
        request = OCIRequest(url=f"oci://{registry.host}/acme/m", credentials=credentials)
        assert fetched(request, secrets=secrets).state == "fetched"
    kept = [path.read_bytes() for path in cache.directory.rglob("*") if path.is_file()]
    assert kept
    assert not any(b"pa55-word" in data or b"refresh-me" in data or encoded.encode() in data for data in kept)


def test_without_a_login(fetched: Fetch) -> None:
    with Registry(user="ada:pa55") as registry:
        registry.push("acme/m", "latest", [_layer("x")])
        credentials = Credentials(secret="apps/login", insecure=True)
        outcome = fetched(OCIRequest(url=f"oci://{registry.host}/acme/m", credentials=credentials))
    assert outcome.state == "unknown"
    assert "apps/login" in outcome.hint


def test_tls_with_a_private_authority(fetched: Fetch, authority: Authority) -> None:
    with Registry(tls=authority.context) as registry:
        registry.push("acme/m", "latest", [_layer("x")])
        request = OCIRequest(url=f"oci://{registry.host}/acme/m", credentials=Credentials(certificate="apps/ca"))
        assert "--ca-file" in fetched(request).hint
        assert fetched(request, secrets={"apps/ca": {"ca.crt": authority.pem}}).state == "fetched"


def test_tls_with_a_client_certificate(fetched: Fetch, authority: Authority) -> None:
    certificate, key = authority.issue("client")
    values = {"ca.crt": authority.pem, "tls.crt": certificate.read_bytes(), "tls.key": key.read_bytes()}
    with Registry(tls=authority.demanding_context()) as registry:
        registry.push("acme/m", "latest", [_layer("x")])
        request = OCIRequest(url=f"oci://{registry.host}/acme/m", credentials=Credentials(certificate="apps/ca"))
        assert fetched(request, secrets={"apps/ca": {"ca.crt": authority.pem}}).state == "unknown"
        assert fetched(request, secrets={"apps/ca": values}).state == "fetched"
