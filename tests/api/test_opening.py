"""Which repository and which clusters a path means."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.errors import RepositoryError, SettingsError
from tests.repositories import config_map, kustomization, write_repository

_SYNC = """
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata: {name: flux-system, namespace: flux-system}
    spec: {interval: 1h, url: "https://git.example.org/fleet.git", ref: {branch: main}}
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: flux-system, namespace: flux-system}
    spec: {interval: 1h, path: ./clusters/one, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
    """


def _clusters(path: Path, *only: str) -> tuple[str, ...]:
    with Workspace(path, options=Options(cluster=only)) as workspace:
        return workspace.render().clusters


def _units(path: Path, **options: object) -> list[str]:
    with Workspace(path, options=Options(**options)) as workspace:  # type: ignore[arg-type]
        return [str(unit.id) for unit in workspace.render().units]


def test_a_bootstrap_sync_is_the_root(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/one/flux-system/gotk-sync.yaml": _SYNC,
            "clusters/one/apps.yaml": kustomization("apps", "./apps"),
            "clusters/two/notes.txt": "not a cluster",
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )
    assert _clusters(repository) == ("clusters/one",)
    assert _units(repository) == ["ks/flux-system/flux-system", "ks/flux-system/apps"]


def test_a_flux_instance_implies_a_source_and_a_root(repository: Path) -> None:
    instance = """
        apiVersion: fluxcd.controlplane.io/v1
        kind: FluxInstance
        metadata: {name: flux, namespace: flux-system}
        spec:
          distribution: {version: 2.x, registry: ghcr.io/fluxcd}
          sync: {kind: GitRepository, url: "https://git.example.org/fleet.git", ref: refs/heads/main, path: deploy/prod}
        """
    write_repository(
        repository,
        {
            "deploy/prod/apps.yaml": kustomization("apps", "./deploy/apps"),
            "flux/instance.yaml": instance,
            "deploy/apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )
    assert _clusters(repository) == ("deploy/prod",)
    assert _units(repository) == ["ks/flux-system/flux-system", "ks/flux-system/apps"]


def test_a_flux_instance_that_takes_a_whole_artifact_means_its_own_folder(repository: Path) -> None:
    instance = """
        apiVersion: fluxcd.controlplane.io/v1
        kind: FluxInstance
        metadata: {name: flux, namespace: flux-system}
        spec:
          distribution: {version: 2.x, registry: ghcr.io/fluxcd}
          sync: {kind: OCIRepository, url: "oci://registry.example.org/one", ref: latest, path: ./}
        """
    write_repository(
        repository,
        {
            "clusters/one/flux-system/instance.yaml": instance,
            "clusters/one/apps.yaml": kustomization("apps", "./apps"),
            "docs/note.yaml": "jobs: {}",
        },
    )
    assert _clusters(repository) == ("clusters/one",)


def test_each_child_of_clusters_is_a_cluster_and_can_be_chosen(repository: Path) -> None:
    files = {f"clusters/{name}/apps.yaml": kustomization("apps", "./apps") for name in ("one", "two")}
    write_repository(repository, {**files, "apps/map.yaml": config_map("m", "default", "{a: b}")})
    assert _clusters(repository) == ("clusters/one", "clusters/two")
    assert _clusters(repository, "two") == ("clusters/two",)
    with pytest.raises(RepositoryError, match="no such cluster: three") as caught:
        _clusters(repository, "three")
    assert "clusters/one" in caught.value.hint


def test_otherwise_the_root_is_where_flux_objects_begin(repository: Path) -> None:
    write_repository(
        repository,
        {
            "flux/cluster/ks.yaml": kustomization("apps", "./apps"),
            "apps/inner/ks.yaml": kustomization("inner", "./apps/inner/app"),
            "apps/inner/app/map.yaml": config_map("m", "default", "{a: b}"),
            "apps/kustomization.yaml": "resources: [inner/ks.yaml]\n",
        },
    )
    assert _clusters(repository) == ("flux/cluster",)
    assert _units(repository)[1:] == ["ks/flux-system/apps", "ks/flux-system/inner"]


def test_a_repository_inside_another_one_stands_for_itself(repository: Path) -> None:
    write_repository(repository, {"README.md": "outer\n"})
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    inner = write_repository(
        repository / "examples/inner",
        {
            "clusters/one/apps.yaml": kustomization("apps", "./apps"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )
    assert _clusters(inner) == ("clusters/one",)


def test_a_folder_without_flux_is_refused_and_says_what_to_do(repository: Path) -> None:
    write_repository(repository, {"map.yaml": config_map("m", "default", "{a: b}")})
    with pytest.raises(RepositoryError, match="no Flux objects") as caught:
        _clusters(repository)
    assert caught.value.hint
    with pytest.raises(RepositoryError, match="no such file"):
        _clusters(repository / "nowhere")


def _from(source: str, name: str, path: str) -> str:
    return kustomization(name, path).replace("name: flux-system}", f"name: {source}}}")


def test_a_source_that_only_the_installation_makes_is_this_repository(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/one/apps.yaml": _from("fleet", "apps", "./apps"),
            "clusters/one/fleet.yaml": _from("fleet", "fleet", "./infra"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
            "infra/map.yaml": config_map("n", "default", "{a: b}"),
        },
    )
    assert _units(repository) == ["ks/flux-system/flux-system", "ks/flux-system/apps", "ks/flux-system/fleet"]
    with Workspace(repository) as workspace:
        assert not workspace.check().findings


def test_a_source_is_another_repository_where_a_path_of_it_is_not_here(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/one/apps.yaml": _from("fleet", "apps", "./apps"),
            "clusters/one/more.yaml": _from("fleet", "more", "./elsewhere"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )
    with Workspace(repository) as workspace:
        found = [finding.rule for finding in workspace.check().findings]
    assert "dangling-source" in found


def test_the_root_may_patch_itself(repository: Path) -> None:
    """What a bootstrap folder's patches say of the root Kustomization counts for the root."""
    patches = """
        resources: [gotk-sync.yaml]
        patches:
          - target: {kind: Kustomization, name: flux-system}
            patch: |
              - {op: add, path: /spec/postBuild, value: {substitute: {WORD: patched}}}
        """
    write_repository(
        repository,
        {
            "clusters/one/flux-system/gotk-sync.yaml": _SYNC,
            "clusters/one/flux-system/kustomization.yaml": patches,
            "clusters/one/map.yaml": config_map("m", "default", "{word: '${WORD}'}"),
        },
    )
    with Workspace(repository) as workspace:
        objects = {str(item): item for item in workspace.render().units[0].objects}
    assert objects["ConfigMap/default/m"].body()["data"] == {"word": "patched"}


def test_a_cluster_may_hold_releases_only(repository: Path) -> None:
    release = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: charts, namespace: web}
        spec: {interval: 1h, url: "https://charts.example.org"}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: app, namespace: web}
        spec: {interval: 1h, chart: {spec: {chart: app, sourceRef: {kind: HelmRepository, name: charts}}}}
        """
    write_repository(repository, {"clusters/one/release.yaml": release})
    assert _units(repository) == ["ks/flux-system/flux-system", "hr/web/app"]


def test_the_settings_name_clusters_that_are_not_found_by_themselves(repository: Path) -> None:
    write_repository(
        repository,
        {
            "elysium.toml": 'clusters = ["fleet/one", "./fleet/two"]\n',
            "fleet/one/apps.yaml": kustomization("apps", "./apps"),
            "fleet/two/apps.yaml": kustomization("apps", "./apps"),
            "fleet/spare/apps.yaml": kustomization("apps", "./apps"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )
    with Workspace(repository) as workspace:
        assert workspace.render().clusters == ("fleet/one", "fleet/two")


def test_a_declared_cluster_that_is_not_there_is_refused(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/one/apps.yaml": kustomization("apps", "./apps"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
            "elysium.toml": 'clusters = ["clusters/one", "clusters/tow"]\n',
        },
    )
    with pytest.raises(SettingsError, match="clusters/tow"):
        _clusters(repository)


def test_paths_that_start_at_the_directory_an_artifact_was_pushed_from(tmp_path: Path) -> None:
    kustomization = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        "metadata: {name: apps, namespace: flux-system}\n"
        "spec: {interval: 1h, prune: true, path: ./apps, sourceRef: {kind: OCIRepository, name: flux-system}}\n"
    )
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: site, namespace: default}\n"
    files = {"kubernetes/clusters/home/apps.yaml": kustomization, "kubernetes/apps/site.yaml": config}
    write_repository(tmp_path, files)
    with Workspace(tmp_path) as workspace:
        units = {str(unit.id): unit.state.value for unit in workspace.render().units}
        assert workspace.tree.has_directory("apps")
    assert units["ks/flux-system/apps"] == "rendered"


def test_what_lies_beside_the_directory_of_an_artifact_is_looked_at_too(repository: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: ca, namespace: x}\nstringData: {password: x7Kp2mQ9}\n"
    source = kustomization("apps", "./apps").replace("GitRepository", "OCIRepository")
    files = {
        "kubernetes/clusters/home/apps.yaml": source,
        "kubernetes/apps/site.yaml": config_map("m", "default", "{}"),
    }
    write_repository(repository, {**files, "talos/ca.yaml": secret})
    with Workspace(repository) as workspace:
        found = [(finding.rule, finding.file) for finding in workspace.check().findings]
    assert found == [("plaintext-secret", "../talos/ca.yaml")]
