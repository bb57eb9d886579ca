"""Ready compositions of applications: the media stack and PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scaffold.applications import copied, rendered, write
from tests.scaffold.harness import assert_clean


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return copied(tmp_path)


MEDIA = {
    "everything": "",
    "public": "--set expose=tailscale,traefik --set public=plex,sonarr",
    "no GPU": "--set gpu=false --set image-automation=false",
    "hidden": "--set expose=none --set alerts=false --set dashboard=false",
    "some": "--set services=plex,bazarr,prowlarr",
    "without downloads": "--set services=radarr,sonarr --set storage-class=local-path",
}


@pytest.mark.parametrize("options", MEDIA.values(), ids=MEDIA)
def test_the_media_stack_is_without_a_finding(options: str, repository: Path) -> None:
    write(repository, f"arkham --preset media {options}")
    assert_clean(repository)


def test_the_media_stack_has_a_file_for_each_service_and_downloads_through_the_vpn(repository: Path) -> None:
    write(repository, "arkham --preset media")
    objects = rendered(repository)
    for service in ("plex", "radarr", "sonarr", "bazarr", "prowlarr", "qbittorrent"):
        assert (repository / f"apps/base/arkham/{service}.yaml").is_file()
        assert f"Deployment/arkham/{service}" in objects
    vpn = objects["Deployment/arkham/qbittorrent"]["spec"]["template"]["spec"]["initContainers"][0]
    assert vpn["restartPolicy"] == "Always"
    assert vpn["envFrom"] == [{"secretRef": {"name": "vpn-env"}}]
    claims = json.dumps(objects["Deployment/arkham/plex"])
    assert '"claimName": "pvc-storage"' in claims


POSTGRESQL = {
    "as it is": "",
    "with clients": "--set clients=monitoring,traefik --set overlay-replicas=2",
    "bare": "--set issuer= --set overlay=false --set monitoring=false --set alerts=false --set dashboard=false",
    "sized": "--set data=100Gi --set wal=20Gi --set storage-class=local-path --set replicas=2 --set cpu=1",
}


@pytest.mark.parametrize("options", POSTGRESQL.values(), ids=POSTGRESQL)
def test_postgresql_is_without_a_finding(options: str, repository: Path) -> None:
    write(repository, f"postgresql --preset postgresql {options}")
    assert_clean(repository)


def test_postgresql_is_what_its_plan_says(repository: Path) -> None:
    write(repository, "postgresql --preset postgresql --set overlay-replicas=2")
    objects = rendered(repository)
    assert objects["Service/postgresql/postgresql"]["spec"]["ports"][0]["port"] == 5432
    assert objects["PersistentVolumeClaim/postgresql/postgresql-wal"]["spec"]["resources"]["requests"] == {
        "storage": "10Gi"
    }
    primary = objects["StatefulSet/postgresql/postgresql-primary"]["spec"]
    assert primary["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "50Gi"
    assert primary["template"]["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "500m", "memory": "1Gi"}
    assert objects["StatefulSet/postgresql/postgresql-read"]["spec"]["replicas"] == 2
    release = objects["HelmRelease/postgresql/postgresql"]["spec"]
    assert (release["interval"], release["timeout"]) == ("30m", "10m")
    assert not [name for name in objects if name.startswith("Ingress/postgresql/")]
    alerts = json.dumps(objects["PrometheusRule/monitoring/postgresql"])
    for threshold in ("pg_up", "> 0.80", "> 30", "> 0.85"):
        assert threshold in alerts
    dashboard = json.loads(objects["ConfigMap/monitoring/dashboard-postgresql"]["data"]["dashboard.json"])
    assert {"Connections", "Queries (transactions a second)", "Cache hit ratio"} <= {
        panel["title"] for panel in dashboard["panels"]
    }
    backup = objects["CronJob/postgresql/postgresql-backup"]["spec"]
    environment = {
        item["name"]: item.get("value")
        for item in backup["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    assert (backup["schedule"], environment["KEEP_DAILY"], environment["KEEP_WEEKLY"]) == ("30 2 * * *", "7", "4")
