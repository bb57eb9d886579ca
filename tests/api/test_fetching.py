"""Unknown offline, fetched once from real servers, known ever after."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.model import Render, Unit, UnitState
from tests.repositories import kustomization, write_repository
from tests.servers.certificates import Authority
from tests.servers.charts import chart_archive, index_of, tarball
from tests.servers.files import FileServer
from tests.servers.registry import Registry

_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made, namespace: web}\ndata: {by: chart}\n"


def _unit(render: Render, name: str) -> Unit:
    return next(unit for unit in render.units if str(unit.id) == name)


def _render(root: Path) -> Render:
    with Workspace(root) as workspace:
        return workspace.render()


def _fetch(root: Path) -> list[str]:
    with Workspace(root) as workspace:
        return [outcome.state for outcome in workspace.fetch()]


def _release(root: Path, url: str, extra: str = "") -> Path:
    return write_repository(
        root,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/release.yaml": f"""
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: HelmRepository
                metadata: {{name: charts, namespace: web}}
                spec: {{interval: 1h, url: "{url}"{extra}}}
                ---
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {{name: app, namespace: web}}
                spec:
                  interval: 1h
                  chart: {{spec: {{chart: app, version: 1.x, sourceRef: {{kind: HelmRepository, name: charts}}}}}}
                """,
        },
    )


def _charts() -> dict[tuple[str, str], bytes]:
    templates = {"templates/map.yaml": _MAP}
    return {("app", version): chart_archive("app", version, templates) for version in ("0.9.0", "1.2.0", "2.0.0")}


def _files(charts: dict[tuple[str, str], bytes]) -> dict[str, bytes]:
    files = {f"{name}-{version}.tgz": data for (name, version), data in charts.items()}
    return {**files, "index.yaml": index_of(charts)}


def test_a_chart_of_a_repository_is_unknown_then_fetched_then_known_offline(repository: Path) -> None:
    with FileServer(_files(_charts())) as server:
        _release(repository, server.url)
        before = _unit(_render(repository), "hr/web/app")
        assert before.state is UnitState.UNKNOWN
        assert before.failure is not None
        assert before.failure.need is not None
        assert "elysium fetch" in before.failure.need.remedy
        assert not server.asked
        assert _fetch(repository) == ["fetched"]
    after = _unit(_render(repository), "hr/web/app")
    assert after.state is UnitState.RENDERED
    assert after.chart == "app-1.2.0"
    assert [str(item) for item in after.objects] == ["ConfigMap/web/made"]


def test_access_comes_from_the_secret_that_the_repository_names(repository: Path) -> None:
    with FileServer(_files(_charts()), login="reader:correct-horse") as server:
        _release(repository, server.url, ", secretRef: {name: access}")
        assert _fetch(repository) == ["unknown"]
        data = {
            key: base64.b64encode(value.encode()).decode()
            for key, value in (("username", "reader"), ("password", "correct-horse"))
        }
        secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: access, namespace: web}}\ndata: {data}\n"
        write_repository(repository, {"apps/secret.yaml": secret})
        assert _fetch(repository) == ["fetched"]
    assert _unit(_render(repository), "hr/web/app").state is UnitState.RENDERED


def test_what_a_fetched_source_needs_is_fetched_too(repository: Path) -> None:
    """An artifact of a registry holds a release whose chart comes from a Helm repository."""
    inner = _release(repository / "inner", "URL")
    files = {path.relative_to(inner).as_posix(): path.read_bytes() for path in sorted(inner.rglob("*.yaml"))}
    with FileServer(_files(_charts())) as charts, Registry() as registry:
        layer = tarball({name: data.replace(b"URL", charts.url.encode()) for name, data in files.items()})
        registry.push("fleet/apps", "v1", [("application/vnd.cncf.flux.content.v1.tar+gzip", layer)])
        address = registry.url.replace("http://", "oci://")
        write_repository(
            repository,
            {
                "inner/clusters/test/apps.yaml": "",
                "inner/apps/release.yaml": "",
                "clusters/test/all.yaml": f"""
                    apiVersion: source.toolkit.fluxcd.io/v1
                    kind: OCIRepository
                    metadata: {{name: fleet, namespace: flux-system}}
                    spec: {{interval: 1h, url: "{address}/fleet/apps", insecure: true, ref: {{tag: v1}}}}
                    ---
                    apiVersion: kustomize.toolkit.fluxcd.io/v1
                    kind: Kustomization
                    metadata: {{name: fleet, namespace: flux-system}}
                    spec: {{interval: 1h, path: ./apps, prune: true, sourceRef: {{kind: OCIRepository, name: fleet}}}}
                    """,
            },
        )
        assert _fetch(repository) == ["fetched", "fetched"]
    render = _render(repository)
    assert _unit(render, "hr/web/app").state is UnitState.RENDERED


def test_an_address_that_nobody_answers_stays_unknown(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FileServer({}) as server:
        address = server.url
    _release(repository, address)
    with Workspace(repository, options=Options(seconds=10)) as workspace:
        (outcome,) = workspace.fetch()
    assert outcome.state == "unknown"
    assert outcome.hint
    assert _unit(_render(repository), "hr/web/app").state is UnitState.UNKNOWN


def test_a_refresh_brings_the_newest_of_what_is_here(repository: Path) -> None:
    charts = _charts()
    with FileServer(_files(charts)) as server:
        _release(repository, server.url)
        assert _fetch(repository) == ["fetched"]
        charts["app", "1.3.0"] = chart_archive("app", "1.3.0", {"templates/map.yaml": _MAP})
        server.files.update(_files(charts))
        assert _fetch(repository) == []
        with Workspace(repository) as workspace:
            assert [outcome.state for outcome in workspace.fetch(refresh=True)] == ["fetched"]
            assert [outcome.state for outcome in workspace.fetch(refresh=True)] == ["unchanged"]
    assert _unit(_render(repository), "hr/web/app").chart == "app-1.3.0"


def test_a_private_authority_is_trusted_when_it_is_named(repository: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    bundle = tmp_path / "authority.pem"
    bundle.write_bytes(authority.pem)
    with FileServer(_files(_charts()), tls=authority.context) as server:
        _release(repository, server.url)
        assert _fetch(repository) == ["unknown"]
        with Workspace(repository, options=Options(ca_file=str(bundle))) as workspace:
            assert [outcome.state for outcome in workspace.fetch()] == ["fetched"]
