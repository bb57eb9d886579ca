"""What the library answers without the network."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from elysium.engine import Call
from elysium.sources import records, tree
from elysium.sources.artifacts import Artifact, ChartArtifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.library import Library
from elysium.sources.mapping import parse_mapping
from elysium.sources.requests import GitRequest, HelmChartRequest, RemoteBaseRequest

URL = "https://charts.example.com"


@pytest.fixture
def own(tmp_path: Path) -> tree.Tree:
    return tree.make(
        str(tmp_path), {"apps/a.yaml": "1", "b.yaml": "2", "link": "2"}, revision="main@x", links=("link",)
    )


class _Make:
    def __init__(self, cache: Cache, own: tree.Tree, call: Call, base: Path) -> None:
        self._parts = (cache, own, call, base)

    def __call__(self, *mappings: str) -> Library:
        cache, own, call, base = self._parts
        parsed = tuple(parse_mapping(text, base) for text in mappings)
        own_urls = frozenset({"ssh://git@example.com/acme/fleet"})
        return Library(cache=cache.directory, mappings=parsed, own=own, own_urls=own_urls, call=call)


@pytest.fixture
def library(cache: Cache, own: tree.Tree, call: Call, tmp_path: Path) -> _Make:
    return _Make(cache, own, call, tmp_path)


def test_the_repository_itself_without_links_and_with_the_assumption(library: _Make) -> None:
    spec = {"url": "https://example.com/acme/fleet.git", "ref": {"branch": "production"}}
    found = library().artifact("GitRepository", "flux-system", "flux-system", spec)
    assert isinstance(found, Artifact)
    assert list(found.tree.files) == ["apps/a.yaml", "b.yaml"]
    assert (found.rules, found.revision) == ("git", "main@x")
    assert "branch production" in found.assumption


def test_sparse_checkout_and_include(library: _Make) -> None:
    spec: dict[str, Any] = {"url": "https://example.com/acme/fleet", "sparseCheckout": ["apps"]}
    found = library().artifact("GitRepository", "a", "b", spec)
    assert isinstance(found, Artifact)
    assert list(found.tree.files) == ["apps/a.yaml"]
    other = library().artifact("GitRepository", "a", "b", spec | {"include": [{"repository": {"name": "x"}}]})
    assert isinstance(other, Missing)
    assert other.state == "unknown"


def test_a_mapped_object_and_a_mapped_address(library: _Make, tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "x.yaml").write_text("x: 1\n")
    for mapping in ("GitRepository/a/b=local", "git-url=git@example.com:acme/other.git=local"):
        found = library(mapping).artifact("GitRepository", "a", "b", {"url": "https://example.com/acme/other"})
        assert isinstance(found, Artifact)
        assert list(found.tree.files) == ["x.yaml"]
        assert "local" in found.assumption


def test_what_was_not_fetched_is_unknown_with_its_request(library: _Make) -> None:
    found = library().artifact("GitRepository", "a", "b", {"url": "https://u:p@example.com/acme/other"})
    assert isinstance(found, Missing)
    assert found.state == "unknown"
    assert isinstance(found.request, GitRequest)
    assert "elysium fetch" in found.remedy
    assert "--source GitRepository/a/b=PATH" in found.remedy
    assert "u:p" not in found.reason


def test_a_source_object_that_flux_refuses_is_failed(library: _Make) -> None:
    found = library().artifact("GitRepository", "a", "b", {})
    assert isinstance(found, Missing)
    assert (found.state, found.request) == ("failed", None)


def test_buckets_and_external_artifacts_are_unknown(library: _Make) -> None:
    bucket = library().artifact("Bucket", "a", "b", {"endpoint": "e", "bucketName": "n"})
    external = library().artifact("ExternalArtifact", "a", "b", {})
    for found in (bucket, external):
        assert isinstance(found, Missing)
        assert found.state == "unknown"
        assert "--source" in found.remedy


def test_the_far_sides_refusal_is_remembered(library: _Make, cache: Cache) -> None:
    request = RemoteBaseRequest(url="https://example.com/x.yaml")
    records.write(cache, request, records.Record(request=str(request), fetched="", failure="404 Not Found"))
    found = library().remote_base("https://example.com/x.yaml")
    assert isinstance(found, Missing)
    assert found.state == "failed"
    assert "404" in found.reason


def _archive(path: Path, name: str, version: str) -> None:
    text = f"apiVersion: v2\nname: {name}\nversion: {version}\n".encode()
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo(f"{name}/Chart.yaml")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))


def test_charts_from_archives(library: _Make, tmp_path: Path) -> None:
    charts = tmp_path / "charts"
    charts.mkdir()
    for version in ("1.0.0", "1.2.0", "2.0.0-rc.1"):
        _archive(charts / f"web-{version}.tgz", "web", version)
    _archive(charts / "web-extra-9.0.0.tgz", "web-extra", "9.0.0")
    ask = library(f"chart-repo={URL}=charts").chart
    for version, expected in {"": "1.2.0", "1.x": "1.2.0", "1.0.0": "1.0.0", "2.0.0-rc.1": "2.0.0-rc.1"}.items():
        found = ask(f"{URL}/", "web", version)
        assert isinstance(found, ChartArtifact)
        assert (found.version, found.archive) == (expected, str(charts / f"web-{expected}.tgz"))
    missing = ask(URL, "web", ">=3")
    assert isinstance(missing, Missing)
    assert missing.state == "failed"
    assert ">=3" in missing.reason
    assert "1.2.0" in missing.reason


def test_charts_from_an_index(library: _Make, tmp_path: Path) -> None:
    charts = tmp_path / "charts"
    charts.mkdir()
    _archive(charts / "web-1.0.0.tgz", "web", "1.0.0")
    (charts / "index.yaml").write_text(
        "apiVersion: v1\nentries:\n  web:\n  - name: web\n    apiVersion: v2\n    version: 1.0.0\n"
        "    urls: [https://charts.example.com/web-1.0.0.tgz]\n"
        "  - name: web\n    apiVersion: v2\n    version: 1.1.0\n    urls: [web-1.1.0.tgz]\n"
    )
    ask = library(f"chart-repo={URL}=charts").chart
    found = ask(URL, "web", "1.0.x")
    assert isinstance(found, ChartArtifact)
    assert found.archive.endswith("web-1.0.0.tgz")
    absent = ask(URL, "web", "1.1.x")
    assert isinstance(absent, Missing)
    assert absent.state == "unknown"
    none = ask(URL, "other")
    assert isinstance(none, Missing)
    assert none.state == "failed"


def test_charts_from_directories(library: _Make, tmp_path: Path) -> None:
    for place, name, version in (("charts/web", "web", "1.0.0"), ("charts/odd", "api", "2.1.0")):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
    ask = library("HelmRepository/flux-system/own=charts").chart
    web = ask(URL, "web", "^1", repository="flux-system/own")
    assert isinstance(web, ChartArtifact)
    assert web.tree is not None
    assert (web.version, web.tree.root) == ("1.0.0", str(tmp_path / "charts" / "web"))
    api = ask(URL, "api", "", repository="flux-system/own")
    assert isinstance(api, ChartArtifact)
    assert api.version == "2.1.0"
    wrong = ask(URL, "web", "^2", repository="flux-system/own")
    assert isinstance(wrong, Missing)
    assert wrong.state == "unknown"
    assert "1.0.0" in wrong.reason
    assert "^2" in wrong.reason
    other = ask(URL, "web", "^2", repository="flux-system/other")
    assert isinstance(other, Missing)
    assert isinstance(other.request, HelmChartRequest)


def test_a_mapped_repository_serves_its_bases_at_any_reference(tmp_path: Path) -> None:
    (tmp_path / "base/deploy").mkdir(parents=True)
    (tmp_path / "base/deploy/map.yaml").write_text("a: b\n")
    mapping = parse_mapping(f"git-url=https://git.example.org/team/base={tmp_path / 'base'}")
    own = tree.make(str(tmp_path), {})
    library = Library(cache=tmp_path / "cache", mappings=[mapping], own=own, own_urls=frozenset(), call=lambda *_: {})
    found = library.remote_base("https://git.example.org/team/base//deploy?ref=v1")
    assert isinstance(found, Artifact)
    assert found.directory == str(tmp_path / "base/deploy")
    assert isinstance(library.remote_base("https://git.example.org/team/other//deploy?ref=v1"), Missing)


@pytest.mark.parametrize("url", ["@bitnami", "alias:bitnami", "", "charts.example.com"])
def test_an_alias_is_no_address(library: _Make, url: str) -> None:
    found = library().chart(url, "common", "1.x.x")
    assert isinstance(found, Missing)
    assert (found.state, found.request) == ("failed", None)


def test_an_index_cannot_name_files_elsewhere(library: _Make, tmp_path: Path) -> None:
    charts = tmp_path / "charts"
    charts.mkdir()
    _archive(tmp_path / "web-1.0.0.tgz", "web", "1.0.0")
    (charts / "index.yaml").write_text(
        "apiVersion: v1\nentries:\n  web:\n  - name: web\n    apiVersion: v2\n    version: 1.0.0\n"
        "    urls: [../web-1.0.0.tgz, '%2e%2e/web-1.0.0.tgz']\n"
    )
    assert isinstance(library(f"chart-repo={URL}=charts").chart(URL, "web"), Missing)
