"""Whole requirements about applications: the commands of the row, and the check that fails when something is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from elysium.scaffold.editing import load_documents
from tests.repositories import files_of
from tests.scaffold.applications import rendered
from tests.scaffold.commands import MAPPED, check, edit, found, new, planned, replaced, without
from tests.scaffold.harness import run, scaffold

IMAGE = "ghcr.io/example/page:1.4.2"
CHART = "--chart web --chart-repository https://charts.example.com --chart-version 1.2.3"


@pytest.fixture
def kyrion(tmp_path: Path) -> Path:
    """What `elysium init kyrion` writes."""
    return scaffold(tmp_path / "kyrion", cluster="kyrion")


# 0.4.S1, 0.4.S2, 0.4.S6: the steps to an application


def test_a_new_application_has_a_labelled_namespace_and_a_list_of_its_files(kyrion: Path, tmp_path: Path) -> None:
    new(kyrion, "app page")
    folder = kyrion / "apps/base/page"
    assert {"namespace.yaml", "kustomization.yaml"} <= {path.name for path in folder.iterdir()}
    assert check(kyrion, "apps/base/page")[0] == 0
    assert check(kyrion, "apps/base/page --profile strict")[0] == 0

    labels = Path(shutil.copytree(kyrion, tmp_path / "without-labels"))
    edit(labels, "apps/base/page/namespace.yaml", lambda text: text.partition("  labels:\n")[0])
    code, out = check(labels, "apps/base/page --profile strict")
    assert (code, "Namespace page has no labels" in out) == (1, True), out

    for listed, message in ((".", "no unit reads this file"), ("..", "nothing deploys page")):
        entry = Path(shutil.copytree(kyrion, tmp_path / f"without-entry{listed}"))
        edit(entry, f"apps/base/page/{listed}/kustomization.yaml", without("- page"))
        code, out = check(entry, "apps/base/page --profile strict")
        assert (code, message in out) == (1, True), out


SIZED = "--rules container-resources,missing-probes,missing-claim,missing-storage-class --fail-on warning"


@pytest.mark.parametrize("style", ["files", f"release {CHART}"])
def test_containers_have_resources_and_probes_and_keep_what_they_need(style: str, kyrion: Path) -> None:
    new(kyrion, f"app page --style {style} --image {IMAGE} --health /healthz --storage 5Gi")
    assert check(kyrion, f"apps/base/page {SIZED}")[0] == 0
    objects = rendered(kyrion)
    (workload,) = (name for name in objects if name.startswith(("Deployment/page/", "StatefulSet/page/")))
    (container,) = objects[workload]["spec"]["template"]["spec"]["containers"]
    assert {"requests", "limits"} <= container["resources"].keys()
    assert {"readinessProbe", "livenessProbe"} <= container.keys()
    claims = [body for name, body in objects.items() if name.startswith("PersistentVolumeClaim/page/")]
    claims += objects[workload]["spec"].get("volumeClaimTemplates", [])
    assert [claim["spec"]["resources"]["requests"]["storage"] for claim in claims] == ["5Gi"]


@pytest.mark.parametrize(
    ("lost", "rule"),
    [
        (("resources",), "container-resources"),
        (("livenessProbe", "readinessProbe"), "missing-probes"),
        (("PersistentVolumeClaim",), "missing-claim"),
    ],
)
def test_a_container_that_lacks_one_is_named(lost: tuple[str, ...], rule: str, kyrion: Path) -> None:
    new(kyrion, f"app page --image {IMAGE} --health /healthz --storage 5Gi")
    for path in (kyrion / "apps/base/page").glob("*.yaml"):
        bodies = [body for body in load_documents(path.read_text(encoding="utf-8")) if body["kind"] not in lost]
        for body in bodies if path.name == "page.yaml" else ():
            for container in body["spec"]["template"]["spec"]["containers"] if body["kind"] == "Deployment" else ():
                for key in lost:
                    container.pop(key, None)
        path.write_text("\n---\n".join(json.dumps(body) for body in bodies), encoding="utf-8")
    code, out = check(kyrion, f"apps/base/page {SIZED} -o json")
    (finding,) = json.loads(out)["findings"]
    assert (code, finding["rule"], finding["file"]) == (1, rule, "apps/base/page/page.yaml")
    assert "Deployment/page/page" in finding["message"]


def test_the_overlay_has_the_application_and_its_patches_have_targets(kyrion: Path) -> None:
    new(kyrion, f"app page --image {IMAGE} --overlay true --overlay-replicas 3")
    code, out, _ = run(kyrion, "render --unit ks/flux-system/apps -o json")
    (unit,) = json.loads(out)["units"]
    assert (code, unit["path"]) == (0, "apps/kyrion")
    assert [item["metadata"]["name"] for item in unit["objects"] if item["kind"] == "Deployment"] == ["page"]
    assert rendered(kyrion)["Deployment/page/page"]["spec"]["replicas"] == 3

    patch = next((kyrion / "apps/kyrion").glob("page*.yaml"))
    text = patch.read_text(encoding="utf-8")
    patch.write_text(text.replace("name: page", "name: pages"), encoding="utf-8")
    assert check(kyrion)[0] == 1
    patch.write_text(text, encoding="utf-8")
    assert check(kyrion)[0] == 0
    patch.unlink()
    assert check(kyrion)[0] == 1


# 0.11.4, 0.11.5, 0.11.6, 0.11.10: PostgreSQL as its plan says


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with monitoring and PostgreSQL, where this cluster has more replicas than the base."""
    root = scaffold(tmp_path_factory.mktemp("database") / "kyrion", cluster="kyrion")
    new(root, "infra kube-prometheus-stack")
    before = files_of(root)
    told = planned(root, "app postgresql --preset postgresql --overlay-replicas 2")
    new(root, "app postgresql --preset postgresql --overlay-replicas 2")
    written = {path for path, content in files_of(root).items() if before.get(path) != content}
    assert {path for path, action in told.items() if action != "keep"} == written
    return root


def test_the_database_has_its_files_its_source_and_its_sizes(database: Path) -> None:
    folder = database / "apps/base/postgresql"
    listed = (folder / "kustomization.yaml").read_text(encoding="utf-8")
    assert {path.name for path in folder.glob("*.yaml")} >= {"namespace.yaml", "kustomization.yaml", "release.yaml"}
    assert not [path.name for path in folder.glob("*.yaml") if path.name not in (listed + "kustomization.yaml")]
    assert check(database, "--profile strict")[0] == 0
    objects = rendered(database)
    assert "pod-security.kubernetes.io/enforce" in objects["Namespace//postgresql"]["metadata"]["labels"]
    assert "bitnami" in objects["HelmRepository/postgresql/bitnami"]["spec"]["url"]
    for name in ("primary", "read"):
        spec = objects[f"StatefulSet/postgresql/postgresql-{name}"]["spec"]
        assert spec["template"]["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "500m", "memory": "1Gi"}
        assert spec["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "50Gi"


def test_the_passwords_of_the_database_are_sealed_and_its_backup_has_a_schedule(database: Path, tmp_path: Path) -> None:
    release = rendered(database)["HelmRelease/postgresql/postgresql"]["spec"]
    assert {item["name"] for item in release["valuesFrom"]} == {"postgresql-credentials"}
    root = Path(shutil.copytree(database, tmp_path / "kyrion"))
    sealed = "apps/base/postgresql/postgresql-credentials-sealed-secret.yaml"
    rules = "--rules missing-reference-key,cron-syntax,sealed-secret-value,plaintext-secret"
    assert check(root, rules)[0] == 0
    code, _, err = run(
        root, f"secrets create generic postgresql-credentials -n postgresql --generate new --into {sealed}"
    )
    assert (code, check(root, rules)[0]) == (0, 0), err
    edit(root, sealed, replaced("postgres-password:", "password:"))
    edit(root, "apps/base/postgresql/backup.yaml", replaced("30 2 * * *", "30 25 * * *"))
    assert {rule for rule, _ in found(root, rules)} == {"missing-reference-key", "cron-syntax"}

    backup = rendered(database)["CronJob/postgresql/postgresql-backup"]
    spec = backup["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (upload,) = (item for item in spec["containers"] if "rclone" in item["image"])
    kept = {item["name"]: item.get("value") for item in upload["env"]}
    assert (kept["KEEP_DAILY"], kept["KEEP_WEEKLY"], kept["TARGET"][:6]) == ("7", "4", "azure:")
    assert "pg_dump" in (database / "apps/base/postgresql/backup.yaml").read_text(encoding="utf-8")
    for wrong in ("--backup-keep-daily many", "--backup-keep-weekly 0", "--backup-schedule daily"):
        assert run(root, f"new app postgresql --preset postgresql {wrong} --yes")[0] == 2


def test_the_database_is_watched_and_the_replicas_come_from_the_patch(database: Path) -> None:
    assert check(database, "--rules monitoring --fail-on warning")[0] == 0
    objects = rendered(database)
    assert "ServiceMonitor/monitoring/postgresql" in objects
    assert (database / "apps/kyrion/kustomization.yaml").read_text(encoding="utf-8").count("postgresql-patch.yaml") == 1
    code, out, err = run(database, f"explain hr/postgresql/postgresql {MAPPED}")
    lines = {line.split()[0]: line for line in out.splitlines() if line.startswith("  spec.values.")}
    assert code == 0, err
    for field in ("readReplicas.replicaCount", "primary.resources.limits.memory"):
        assert "patch apps/kyrion/postgresql-patch.yaml:" in lines[f"spec.values.{field}"]


def test_alerts_and_dashboard_of_the_database_have_their_thresholds_and_panels(database: Path) -> None:
    objects = rendered(database)
    rules = [
        rule
        for group in objects["PrometheusRule/monitoring/postgresql"]["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]
    alerts = {rule["alert"]: rule["expr"] for rule in rules}
    for name, threshold in (
        ("PostgresqlDown", "pg_up"),
        ("PostgresqlConnectionsHigh", "> 0.80"),
        ("PostgresqlReplicationLag", "> 30"),
        ("PostgresqlDiskAlmostFull", "> 0.85"),
    ):
        assert threshold in alerts[name]
    dashboard = json.loads(objects["ConfigMap/monitoring/dashboard-postgresql"]["data"]["dashboard.json"])
    panels = {panel["title"]: json.dumps(panel) for panel in dashboard["panels"]}
    assert "pg_stat_activity_count" in panels["Connections"]
    assert "pg_stat_database_xact_commit" in panels["Queries (transactions a second)"]
    assert "blks_hit" in panels["Cache hit ratio"]
    assert any("lag" in title.lower() for title in panels)


# 1.5, 1.7a: applications


def test_the_pattern_of_an_application_in_both_styles(kyrion: Path) -> None:
    new(kyrion, "infra tailscale")
    new(kyrion, f"app single --style release {CHART} --image {IMAGE} --expose tailscale")
    new(kyrion, f"app plain --style files --image {IMAGE} --expose tailscale")
    pattern = {"kustomization.yaml", "namespace.yaml", "ts-ingress.yaml"}
    for name, own in (("single", "release.yaml"), ("plain", "plain.yaml")):
        folder = kyrion / "apps/base" / name
        assert {path.name for path in folder.iterdir()} >= {*pattern, own}
        listed = (folder / "kustomization.yaml").read_text(encoding="utf-8")
        assert all(f"- {file}\n" in listed for file in {*pattern, own} - {"kustomization.yaml"})
        assert rendered(kyrion)[f"Namespace//{name}"]["metadata"]["labels"]
    assert check(kyrion, "--profile strict")[0] == 0


def test_onechart_needs_a_reason(kyrion: Path) -> None:
    before = files_of(kyrion)
    code, _, err = run(kyrion, f"new app page --style onechart --image {IMAGE} --yes")
    assert (code, files_of(kyrion)) == (2, before)
    assert "onechart is the last resort and needs a reason" in err
    new(kyrion, f"app page --style onechart --image {IMAGE} --reason 'there is an image and nothing else'")
    assert "there is an image and nothing else" in (kyrion / "apps/base/page/README.md").read_text(encoding="utf-8")
    assert check(kyrion, "--profile strict")[0] == 0
