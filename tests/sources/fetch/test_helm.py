"""Helm repositories over HTTP and in a registry."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import msgspec

from elysium.sources import records
from elysium.sources.artifacts import ChartArtifact, Missing
from elysium.sources.library import Library
from elysium.sources.requests import Credentials, HelmChartRequest, HelmIndexRequest

from ...servers import Authority, FileServer, Registry, chart_archive, index_of
from ...servers.registry import HELM_LAYER
from .conftest import Fetch

INSECURE = Credentials(insecure=True)

CHARTS = {("web", version): chart_archive("web", version) for version in ("2.0.0-rc.1", "1.1.0", "1.0.0")}
FILES = {f"stable/{name}-{version}.tgz": data for (name, version), data in CHARTS.items()}


def _repository() -> dict[str, bytes]:
    return {**FILES, "stable/index.yaml": index_of(CHARTS)}


def _found(library: Library, url: str, version: str) -> ChartArtifact:
    found = library.chart(url, "web", version)
    assert isinstance(found, ChartArtifact), found
    return found


def test_versions_are_chosen_as_source_controller_does(fetched: Fetch, library: Library) -> None:
    with FileServer(_repository()) as server:
        url = f"{server.url}/stable"
        for asked, chosen in {
            "": "1.1.0",
            "1.0.x": "1.0.0",
            "2.0.0-rc.1": "2.0.0-rc.1",
            ">=2.0.0-0": "2.0.0-rc.1",
        }.items():
            assert fetched(HelmChartRequest(url=url, name="web", version=asked)).revision == chosen
            found = _found(library, url, asked)
            assert Path(found.archive).read_bytes() == CHARTS["web", chosen]
            assert found.digest == hashlib.sha256(CHARTS["web", chosen]).hexdigest()


def test_a_star_means_no_constraint_for_both(fetched: Fetch, library: Library) -> None:
    with FileServer(_repository()) as server:
        assert fetched(HelmChartRequest(url=f"{server.url}/stable", name="web")).state == "fetched"
        assert _found(library, f"{server.url}/stable/", "*").version == "1.1.0"


def test_no_such_chart_or_version_fails_as_in_flux(fetched: Fetch, library: Library) -> None:
    with FileServer(_repository()) as server:
        url = f"{server.url}/stable"
        assert fetched(HelmChartRequest(url=url, name="other")).state == "failed"
        assert fetched(HelmChartRequest(url=url, name="web", version="^3")).state == "failed"
    found = library.chart(url, "web", "^3")
    assert isinstance(found, Missing)
    assert found.state == "failed"
    assert "1.1.0" in found.reason


def test_the_index_is_asked_for_once(library: Library, fetched: Fetch) -> None:
    with FileServer(_repository()) as server:
        fetched(HelmIndexRequest(url=f"{server.url}/stable"))
        fetched(HelmChartRequest(url=f"{server.url}/stable", name="web"))
        assert [asked.path for asked in server.asked].count("/stable/index.yaml") == 2


def test_a_wrong_digest_is_not_kept(fetched: Fetch, library: Library) -> None:
    files = _repository()
    files["stable/web-1.1.0.tgz"] += b"tampered"
    with FileServer(files) as server:
        outcome = fetched(HelmChartRequest(url=f"{server.url}/stable", name="web"))
    assert outcome.state == "unknown"
    assert "digest" in outcome.message
    assert isinstance(library.chart(f"{server.url}/stable", "web"), Missing)


def test_credentials_go_to_the_repositorys_host_only(fetched: Fetch) -> None:
    secrets = {"apps/login": {"username": b"ada", "password": b"pa55-word"}}
    credentials = Credentials(secret="apps/login")
    with FileServer(FILES) as archives:
        index = index_of(CHARTS, base=f"{archives.url}/stable/")
        with FileServer({"stable/index.yaml": index}, login="ada:pa55-word") as server:
            url = f"{server.url}/stable"
            request = HelmChartRequest(url=url, name="web", credentials=credentials)
            assert fetched(request).state == "unknown"
            assert fetched(request, secrets=secrets).state == "fetched"
            assert "authorization" not in archives.asked[-1].headers
            passing = HelmChartRequest(
                url=url, name="web", credentials=msgspec.structs.replace(credentials, pass_credentials=True)
            )
            assert fetched(passing, secrets=secrets).state == "unchanged"
            expected = base64.b64encode(b"ada:pa55-word").decode()
            assert archives.asked[-1].headers["authorization"] == f"Basic {expected}"


def test_a_private_authority_for_the_whole_run(fetched: Fetch, authority: Authority) -> None:
    with FileServer(_repository(), tls=authority.context) as server:
        request = HelmChartRequest(url=f"{server.url}/stable", name="web")
        assert fetched(request, ca_file=str(authority.file)).state == "fetched"


def test_charts_in_a_registry(fetched: Fetch, library: Library) -> None:
    with Registry() as registry:
        for version in ("1.0.0", "1.1.0_build.5", "2.0.0-rc.1"):
            archive = chart_archive("web", version.replace("_", "+"))
            registry.push("charts/web", version, [(HELM_LAYER, archive)])
        url = f"oci://{registry.host}/charts"
        for asked, chosen in {
            "": "1.1.0+build.5",
            "1.0.0": "1.0.0",
            "2.x-0": "2.0.0-rc.1",
            "1.1.0+build.5": "1.1.0+build.5",
        }.items():
            request = HelmChartRequest(url=url, name="web", version=asked, credentials=INSECURE)
            assert fetched(request).revision == chosen
            record = records.read(library.cache, request)
            assert record is not None
            assert record.version == chosen
        assert fetched(HelmChartRequest(url=url, name="web", version="9.9.9", credentials=INSECURE)).state == "failed"


def test_an_alias_is_no_address(fetched: Fetch, library: Library) -> None:
    outcome = fetched(HelmChartRequest(url="@bitnami", name="common", version="1.x.x"))
    assert outcome.state == "failed"
