"""Where components go in repositories that are laid out in another way, and what nothing may be written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.api.scaffolding_facts import facts_of
from elysium.scaffold import RepositoryFacts
from tests.repositories import kustomization, write_repository
from tests.scaffold.harness import run

LIST = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n"
APP = "new app wiki --image ghcr.io/example/wiki:1.2.3 --yes"


def facts(root: Path, files: dict[str, str]) -> RepositoryFacts:
    write_repository(root, files)
    with Workspace(root) as workspace:
        return facts_of(workspace)


def flux(*paths: tuple[str, str]) -> dict[str, str]:
    return {f"clusters/home/{name}.yaml": kustomization(name, path) for name, path in paths}


def test_an_overlay_that_takes_the_whole_base_leaves_applications_in_the_base(repository: Path) -> None:
    files = {
        "apps/home/kustomization.yaml": LIST + "  - ../base\n",
        "apps/base/kustomization.yaml": LIST + "  - wiki\n",
    }
    found = facts(repository, {**flux(("apps", "./apps/home")), **files})
    assert (found.apps_base, found.apps_overlay, found.cluster_path) == ("apps/base", "apps/home", "clusters/home")
    assert "apps/base" not in found.unapplied


def test_an_overlay_that_takes_single_applications_gets_the_next_one_itself(repository: Path) -> None:
    files = {
        "apps/home/kustomization.yaml": LIST + "  - ../base/feeds # news\n",
        "apps/base/kustomization.yaml": LIST + "  - feeds\n",
        "apps/base/feeds/kustomization.yaml": LIST + "  - map.yaml\n",
        "apps/base/feeds/map.yaml": MAP,
    }
    assert facts(repository, {**flux(("apps", "./apps/home")), **files}).apps_base == "apps/home"
    code, out, err = run(repository, APP)
    assert code == 0, out + err
    assert (repository / "apps/home/kustomization.yaml").read_text().endswith("  - ../base/feeds # news\n  - wiki\n")
    with Workspace(repository) as workspace:
        applied = {str(item) for unit in workspace.render().units for item in unit.objects}
    assert "Deployment/wiki/wiki" in applied


def test_tiers_are_found_by_the_names_of_their_kustomizations(repository: Path) -> None:
    tiers = ("infrastructure-controllers", "./tiers/one"), ("observability-configs", "./tiers/two")
    files = {f"tiers/{name}/kustomization.yaml": LIST + "  - map.yaml\n" for name in ("one", "two")}
    files |= {f"tiers/{name}/map.yaml": MAP.replace("name: a", f"name: {name}") for name in ("one", "two")}
    found = facts(repository, {**flux(*tiers), **files})
    assert (found.controllers, found.monitoring_configs) == ("tiers/one", "tiers/two")
    assert set(found.unapplied) == {"apps/base", "infrastructure/configs", "monitoring/controllers"}


def test_a_tier_is_found_in_a_folder_that_includes_it(repository: Path) -> None:
    files = {
        "clusters/home/infra/kustomization.yaml": LIST + "  - ../../../infrastructure/controllers\n",
        "infrastructure/controllers/kustomization.yaml": LIST + "  - map.yaml\n",
        "infrastructure/controllers/map.yaml": MAP,
    }
    found = facts(repository, {**flux(("infra-controllers", "./clusters/home/infra")), **files})
    assert found.controllers == "infrastructure/controllers"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {**flux(("apps", "./kubernetes/apps")), "kubernetes/apps/media/map.yaml": MAP},
            "kubernetes/apps, and it has no kustomization.yaml, so Flux takes everything in it",
        ),
        (
            flux(("media", "./media")) | {"media/map.yaml": MAP},
            "apps/base, and no Kustomization of clusters/home applies it",
        ),
        ({"charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"}, "this repository has no cluster"),
    ],
)
def test_what_would_not_reach_the_cluster_is_refused(files: dict[str, str], reason: str, repository: Path) -> None:
    write_repository(repository, files)
    before = sorted(repository.rglob("*"))
    code, _, err = run(repository, APP)
    assert code == 2
    assert reason in err
    assert sorted(repository.rglob("*")) == before


def test_what_needs_no_cluster_is_written_without_one(repository: Path) -> None:
    code, out, err = run(repository, "new infra naming --yes")
    assert code == 0, out + err


def test_what_is_in_use_is_there(repository: Path) -> None:
    objects = """\
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a, namespace: default}
        spec: {ingressClassName: tailscale, defaultBackend: {service: {name: a, port: {number: 80}}}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: a, namespace: default}
        spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: metrics, namespace: default}
        spec: {interval: 1h, chart: {spec: {chart: kube-prometheus-stack, sourceRef: {kind: HelmRepository, name: a}}}}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: proxy, namespace: default}
        spec: {interval: 1h, chartRef: {kind: OCIRepository, name: traefik}}
        """
    found = facts(repository, {**flux(("apps", "./apps")), "apps/objects.yaml": objects})
    assert set(found.offers) >= {
        "ingress-class/tailscale", "storage-class/fast", "monitoring", "grafana", "ingress-class/traefik"
    }  # fmt: skip
