"""Charts that `elysium new chart` writes: with everything on and off, with wrong values, alone and below a parent."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Options, Workspace
from elysium.model import UnitState
from tests import programs
from tests.scaffold.harness import assert_clean, run, scaffold

ROLES = ("api", "web", "admin", "worker", "migrations")
SERVED = ("api", "web", "admin")
_SERVING = (
    *("ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy", "PodDisruptionBudget"),
    *("PrometheusRule", "Service", "ServiceAccount", "ServiceMonitor"),
)
EVERYTHING = {
    "api": sorted([*_SERVING, "Job"]),
    "web": [*_SERVING],
    "admin": [*_SERVING],
    "worker": ["ConfigMap", "Deployment", "NetworkPolicy", "PodMonitor", "PrometheusRule", "ServiceAccount"],
    "migrations": ["Job", "NetworkPolicy"],
}
"""The kinds of objects, with hooks of upgrades and without those of tests."""


def write(root: Path, *commands: str) -> Path:
    """What the commands write into a folder that is no repository of Flux."""
    root.mkdir(exist_ok=True)
    for command in commands:
        code, out, err = run(root, f"new {command} --yes")
        assert code == 0, out + err
    return root


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every role once, and a parent of those that serve."""
    root = tmp_path_factory.mktemp("charts")
    return write(root, *(f"chart {role}" for role in ROLES), "chart yab --preset umbrella")


def objects(root: Path, chart: str, *settings: str, values: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What a chart renders with our engine. Raises AssertionError with the reason when it does not."""
    files = tuple(str(root / name) for name in values)
    with Workspace(root, options=Options()) as workspace:
        (unit,) = workspace.render_chart(str(root / "charts" / chart), values_files=files, settings=settings).units
    assert unit.state is UnitState.RENDERED, unit.failure and unit.failure.message
    return [json.loads(item.raw) for item in unit.objects]


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return sorted({item["kind"] for item in found})


def only(found: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (item,) = [item for item in found if item["kind"] == kind]
    return item


@pytest.mark.parametrize("role", ROLES)
def test_everything_on(charts: Path, role: str) -> None:
    found = objects(charts, role, values=(f"charts/{role}/tests/all-on.yaml",))

    assert kinds(found) == EVERYTHING[role]


@pytest.mark.parametrize("role", ROLES)
def test_off_renders_nothing_whatever_else_is_on(charts: Path, role: str) -> None:
    assert objects(charts, role, values=(f"charts/{role}/tests/all-off.yaml",)) == []
    code, out, err = run(charts, f"render chart:charts/{role} --set enabled=false")
    assert (code, out, err) == (0, "", "")


@pytest.mark.parametrize("role", ROLES)
def test_the_schema_refuses_wrong_values(charts: Path, role: str) -> None:
    cases = sorted((charts / "charts" / role / "tests" / "wrong").glob("*.yaml"))

    assert len(cases) == (3 if role == "migrations" else 5)
    for case in cases:
        with pytest.raises(AssertionError, match="don't meet the specifications of the schema"):
            objects(charts, role, values=(str(case),))


@pytest.mark.parametrize("role", ROLES)
def test_every_value_is_described_by_the_schema_and_the_readme(charts: Path, role: str) -> None:
    folder = charts / "charts" / role
    keys = set(re.findall(r"^(\w+):", (folder / "values.yaml").read_text(), re.MULTILINE))
    schema = json.loads((folder / "values.schema.json").read_text())
    named = set(re.findall(r"`(\w+)", (folder / "README.md").read_text()))

    assert keys == set(schema["properties"]) - {"global"}
    assert keys <= named


@pytest.mark.timeout(900)  # the first time, helm is built
@pytest.mark.parametrize("chart", [*ROLES, "yab"])
def test_the_charts_own_tests_pass_with_the_real_helm(charts: Path, chart: str) -> None:
    script = charts / "charts" / chart / "tests" / "run.sh"
    environment = {**os.environ, "PATH": f"{Path(programs.helm()).parent}:{os.environ['PATH']}"}

    ran = programs.run(charts, script, environment=environment)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "FAIL" not in ran.stdout
    assert ran.stdout.count("\nok ") >= 6


def test_scripts_are_sound(charts: Path) -> None:
    scripts = sorted(str(path) for path in charts.rglob("run.sh"))

    ran = programs.run(charts, "shellcheck", *scripts)

    assert (ran.returncode, ran.stdout) == (0, "")
    assert all(os.access(script, os.X_OK) for script in scripts)


@pytest.mark.parametrize("role", SERVED)
def test_the_autoscaler_owns_the_number_of_pods(charts: Path, role: str) -> None:
    fixed = objects(charts, role)
    scaled = objects(charts, role, "autoscaling.enabled=true")

    assert only(fixed, "Deployment")["spec"]["replicas"] == 2
    assert "replicas" not in only(scaled, "Deployment")["spec"]
    scaler = only(scaled, "HorizontalPodAutoscaler")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    assert scaler["metrics"][0]["resource"]["target"]["averageUtilization"] == 70


@pytest.mark.parametrize(
    ("settings", "rendered"),
    [
        (("replicaCount=2",), True),
        (("replicaCount=1",), False),
        (("podDisruptionBudget.enabled=false",), False),
        (("podDisruptionBudget.minAvailable=2",), False),
        (("replicaCount=1", "autoscaling.enabled=true"), True),
        (("replicaCount=5", "autoscaling.enabled=true", "autoscaling.minReplicas=1"), False),
    ],
)
def test_a_budget_only_where_a_pod_may_go(charts: Path, settings: tuple[str, ...], rendered: bool) -> None:
    assert ("PodDisruptionBudget" in kinds(objects(charts, "api", *settings))) is rendered


def test_observability_adds_monitor_and_alerts(charts: Path) -> None:
    without, within = objects(charts, "api"), objects(charts, "api", "observability.enabled=true")

    assert set(kinds(within)) - set(kinds(without)) == {"ServiceMonitor", "PrometheusRule"}
    rules = only(within, "PrometheusRule")["spec"]["groups"][0]["rules"]
    assert [rule["alert"] for rule in rules] == ["HighErrorRate", "PodsMissing"]
    monitor = only(within, "ServiceMonitor")["spec"]["selector"]["matchLabels"]
    assert monitor.items() <= only(within, "Service")["metadata"]["labels"].items()


def test_changed_environment_makes_new_pods(charts: Path) -> None:
    def checksums(*settings: str) -> dict[str, str]:
        template = only(objects(charts, "api", *settings), "Deployment")["spec"]["template"]
        return dict(template["metadata"]["annotations"])

    base = checksums()
    assert checksums("config.MODE=fast")["checksum/config"] != base["checksum/config"]
    assert checksums("secret.revision=2")["checksum/secret"] != base["checksum/secret"]
    assert checksums("replicaCount=4") == base


@pytest.mark.parametrize("role", ["api", "web", "admin", "worker"])
def test_pods_keep_to_the_restricted_level(charts: Path, role: str) -> None:
    found = objects(charts, role)
    pod = only(found, "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    assert only(found, "ServiceAccount")["metadata"]["name"] == pod["serviceAccountName"]


def test_another_probe_or_strategy_takes_the_place_of_the_default(charts: Path) -> None:
    found = objects(charts, "api", "livenessProbe.tcpSocket.port=http", "strategy.type=Recreate")
    spec = only(found, "Deployment")["spec"]
    (container,) = spec["template"]["spec"]["containers"]

    assert container["livenessProbe"] == {
        "tcpSocket": {"port": "http"},
        "periodSeconds": 20,
        "timeoutSeconds": 3,
        "failureThreshold": 3,
    }
    assert container["readinessProbe"]["httpGet"] == {"path": "/health/", "port": "http"}
    assert spec["strategy"] == {"type": "Recreate"}


def test_a_worker_serves_nothing_and_never_runs_twice(charts: Path) -> None:
    found = objects(charts, "worker")

    assert not {"Service", "Ingress", "HorizontalPodAutoscaler"} & set(kinds(found))
    assert only(found, "Deployment")["spec"]["strategy"] == {"type": "Recreate"}
    assert only(found, "Deployment")["spec"]["replicas"] == 1


def test_a_strict_check_finds_only_what_the_cluster_has_to_bring(charts: Path) -> None:
    for role in ROLES:
        values = f"--values charts/{role}/tests/all-on.yaml"
        _, text, _ = run(charts, f"render chart:charts/{role} {values} --set imagePullSecrets=null")
        file = charts / f"{role}-objects.yaml"
        file.write_text(text)
        _, out, _ = run(charts, f"check {file} --profile strict -o json") if text else (0, '{"findings": []}', "")
        found = {item["rule"] for item in json.loads(out)["findings"]}
        assert found <= {"missing-secret", "missing-issuer", "missing-priority-class", "missing-ingress-class"}, found


MINIMAL = """\
api:
  enabled: true
  image:
    repository: ghcr.io/yourorg/api
    tag: "sha-<gitsha>"
    pullPolicy: IfNotPresent
  replicaCount: 2
  resources:
    requests:
      cpu: 200m
      memory: 256Mi
    limits:
      cpu: 500m
      memory: 512Mi
  ingress:
    enabled: true
    host: api.local.dev
    path: /
    className: nginx
    tls: false
  autoscaling:
    enabled: false
    minReplicas: 2
    maxReplicas: 6
    targetCPUUtilizationPercentage: 70
"""
"""The example of values that people begin with; it is for a parent chart."""


def test_the_minimal_example_works_below_a_parent_and_not_beside_it(charts: Path) -> None:
    (charts / "example.yaml").write_text(MINIMAL)
    settings = ("web.enabled=false", "admin.enabled=false")

    found = objects(charts, "yab", *settings, values=("example.yaml",))

    deployment = only(found, "Deployment")
    assert deployment["metadata"]["name"] == "release-name-api"
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "ghcr.io/yourorg/api:sha-<gitsha>"
    assert only(found, "Ingress")["spec"]["rules"][0]["host"] == "api.local.dev"
    assert (charts / "charts/yab/examples/minimal.yaml").read_text().count("\n") == MINIMAL.count("\n") + 1
    with pytest.raises(AssertionError, match="additional properties 'api' not allowed"):
        objects(charts, "api", values=("example.yaml",))
    assert "Ingress" in kinds(objects(charts, "api", values=("charts/api/examples/minimal.yaml",)))


def test_parts_of_a_parent_go_one_by_one(charts: Path) -> None:
    def names(*settings: str) -> set[str]:
        return {item["metadata"]["name"] for item in objects(charts, "yab", *settings) if item["kind"] == "Deployment"}

    assert names() == {"release-name-api", "release-name-web", "release-name-admin"}
    assert names("api.enabled=false") == {"release-name-web", "release-name-admin"}
    assert objects(charts, "yab", values=("charts/yab/tests/all-off.yaml",)) == []
    with pytest.raises(AssertionError, match="additional properties 'wbe' not allowed"):
        names("wbe.enabled=false")


def test_make_targets(charts: Path) -> None:
    for chart in (*ROLES, "yab"):
        targets = [f"helm-{verb}-{chart}" for verb in ("lint", "template", "test")]
        ran = programs.run(charts, "make", "-n", "-f", f"make/chart-{chart}.mk", *targets)
        assert ran.returncode == 0, ran.stderr


def test_again_changes_nothing(tmp_path: Path) -> None:
    command = "chart api --set migrations=true --set config=LOG_LEVEL=info,MODE=fast --set secrets=DATABASE_URL,API_KEY"
    write(tmp_path, command)

    code, out, _ = run(tmp_path, f"new {command} --dry-run -o json")

    assert code == 0
    assert {file["action"] for file in json.loads(out)["files"]} == {"keep"}


VARIANTS = (
    "chart orders --set role=api --set migrations=true --set migration-command=python,manage.py,migrate "
    "--set image=registry.example.com:5000/team/orders:1.2.3 --set observability=true --set port=9000",
    f"chart pages --set role=web --set image=ghcr.io/acme/pages@sha256:{'0' * 64} --set replicas=0 --set user=101",
    "chart mailer --set role=worker --set config=QUEUE=mail,MODE=fast --set secrets=SMTP_PASSWORD "
    "--set egress-ports=587",
    "chart schema --set role=migrations --set secrets=DATABASE_URL --set config=VERBOSE=1",
    "chart bare --set role=admin --set release-prefix=x --set part-of=shop --set ingress-class=traefik",
)


@pytest.mark.parametrize("command", VARIANTS)
def test_options(tmp_path: Path, command: str) -> None:
    name = command.split()[1]
    write(tmp_path, command)

    on = objects(tmp_path, name, values=(f"charts/{name}/tests/all-on.yaml",))
    role = re.findall(r"role=(\w+)", command)[0]
    assert kinds(on) == EVERYTHING[role]
    assert objects(tmp_path, name, values=(f"charts/{name}/tests/all-off.yaml",)) == []
    assert isinstance(objects(tmp_path, name), list)


def test_image_with_digest(tmp_path: Path) -> None:
    write(tmp_path, VARIANTS[1])

    image = only(objects(tmp_path, "pages"), "Deployment")["spec"]["template"]["spec"]["containers"][0]["image"]

    assert image == "ghcr.io/acme/pages:0.1.0@sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("--set egress-ports=5432,https", "ports are numbers"),
        ("--set port=80", "a process that is not root cannot listen below 1024"),
        ("--set health-path=health", "a path begins with a slash"),
        ("--set role=cron", "one of api, web, admin, worker, migrations"),
        ("--set role=worker --set port=9000", "has a meaning only where"),
        ("--set image=ghcr.io/acme/api:latest", "an image with a tag that is not latest"),
        ("--set release-prefix=" + "x" * 55, "Helm allows 53 characters"),
        ("--preset umbrella --set umbrella=api", "a chart cannot be a part of itself"),
    ],
)
def test_wrong_answers_write_nothing(tmp_path: Path, settings: str, message: str) -> None:
    code, _, err = run(tmp_path, f"new chart api {settings} --yes")

    assert code == 2
    assert message in err
    assert not list(tmp_path.iterdir())


def test_strict_finds_nothing(tmp_path: Path) -> None:
    root = scaffold(tmp_path / "demo", *(f"new chart {role}" for role in ROLES), "new chart yab --preset umbrella")

    assert_clean(root)
