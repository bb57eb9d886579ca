"""Environments, the laptop's cluster, make targets, runbooks, risks and names: as they are written, and together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Options, Workspace
from elysium.check import registry
from elysium.model import UnitState
from tests import programs
from tests.scaffold.harness import assert_clean, findings, run, scaffold

ENVIRONMENTS = ("local", "staging", "production")
CHARTS = ("api", "web", "admin")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is no repository of Flux, with charts, environments and a cluster for the laptop."""
    root = tmp_path_factory.mktemp("project")
    for name in (*(f"chart {chart}" for chart in CHARTS), "infra environments", "infra kind"):
        code, out, err = run(root, f"new {name} --yes")
        assert code == 0, out + err
    return root


def overlay(root: Path, name: str) -> list[dict[str, Any]]:
    with Workspace(root, options=Options()) as workspace:
        (unit,) = workspace.render_kustomize(str(root / "k8s" / "overlays" / name)).units
    assert unit.state is UnitState.RENDERED, unit.failure and unit.failure.message
    return [json.loads(item.raw) for item in unit.objects]


def chart(root: Path, environment: str, name: str) -> list[dict[str, Any]]:
    values = (str(root / f"k8s/overlays/{environment}/values/{name}.yaml"),)
    with Workspace(root, options=Options()) as workspace:
        (unit,) = workspace.render_chart(str(root / "charts" / name), values_files=values).units
    assert unit.state is UnitState.RENDERED, unit.failure and unit.failure.message
    return [json.loads(item.raw) for item in unit.objects]


def only(found: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (item,) = [item for item in found if item["kind"] == kind]
    return item


def named(found: list[dict[str, Any]], kind: str) -> set[str]:
    return {item["metadata"]["name"] for item in found if item["kind"] == kind}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_has_namespaces_and_policies(project: Path, environment: str) -> None:
    found = overlay(project, environment)

    assert named(found, "Namespace") == {"apps", "ops", "ingress", "observability"}
    assert named(found, "NetworkPolicy") == {"default-deny", "allow-dns", "allow-ingress", "allow-scraping"}
    assert named(found, "ConfigMap") == {"api-values", "web-values", "admin-values"}


def test_quota_only_in_production(project: Path) -> None:
    quotas = {
        name: {"ResourceQuota", "LimitRange"} & {item["kind"] for item in overlay(project, name)}
        for name in ENVIRONMENTS
    }

    assert quotas == {"local": set(), "staging": set(), "production": {"ResourceQuota", "LimitRange"}}


@pytest.mark.parametrize(
    ("environment", "host", "issuer"),
    [
        ("local", "app.local.dev", None),
        ("staging", "app.staging.example.dev", "letsencrypt-staging"),
        ("production", "app.example.dev", "letsencrypt-production"),
    ],
)
def test_host_and_issuer_of_each_environment(project: Path, environment: str, host: str, issuer: str | None) -> None:
    ingress = only(chart(project, environment, "web"), "Ingress")

    assert ingress["spec"]["rules"][0]["host"] == host
    assert ingress["metadata"].get("annotations", {}).get("cert-manager.io/cluster-issuer") == issuer
    assert ("tls" in ingress["spec"]) is (issuer is not None)
    assert f"host: {host}" in json.dumps(overlay(project, environment))


def test_only_production_scales_by_itself(project: Path) -> None:
    scaled = {
        name: "HorizontalPodAutoscaler" in {item["kind"] for item in chart(project, name, "api")}
        for name in ENVIRONMENTS
    }

    assert scaled == {"local": False, "staging": False, "production": True}


def test_the_ports_of_the_laptop_lead_to_the_services(project: Path) -> None:
    text = (project / "k8s/kind-config.yaml").read_text()
    ports = {int(node): int(host) for node, host in re.findall(r"containerPort: (\d+)\n\s+hostPort: (\d+)", text)}
    services = {name: only(chart(project, "local", name), "Service")["spec"] for name in CHARTS}

    assert ports == {30080: 8000, 30081: 8080, 80: 80, 443: 443}
    assert services["api"]["ports"][0]["nodePort"] == 30080
    assert services["web"]["ports"][0]["nodePort"] == 30081
    assert services["admin"]["type"] == "ClusterIP"
    assert 'ingress-ready: "true"' in text


def test_who_comes_through_the_port_of_the_laptop_may_connect(project: Path) -> None:
    policy = only(chart(project, "local", "api"), "NetworkPolicy")["spec"]["ingress"][0]["from"]

    assert {"ipBlock": {"cidr": "0.0.0.0/0"}} in policy
    assert {"ipBlock": {"cidr": "0.0.0.0/0"}} not in only(chart(project, "production", "api"), "NetworkPolicy")["spec"][
        "ingress"
    ][0]["from"]


def make(root: Path, *targets: str) -> str:
    ran = programs.run(root, "make", "-n", *targets)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_make_targets(project: Path) -> None:
    text = "".join(path.read_text() for path in (project / "make").glob("*.mk"))
    targets = re.findall(r"^([a-z][\w-]*):(?!=)", text, re.MULTILINE)
    targets += [f"render-{name}" for name in ENVIRONMENTS] + [f"deploy-local-{name}" for name in CHARTS]

    assert {"kind-up", "kind-down", "deploy-local", "kind-ingress", "helm-lint-api"} <= set(targets)
    for target in targets:
        assert make(project, target)
    deployed = make(project, "deploy-local")
    assert "apply --kustomize k8s/overlays/local" in deployed
    assert "helm upgrade --install yab-api charts/api" in deployed
    assert "--values k8s/overlays/local/values/api.yaml" in deployed
    assert "--set image.tag=edge" in make(project, "deploy-local", "LOCAL_TAG=edge")
    listed = programs.run(project, "make").stdout
    assert "deploy-local                 Install every chart on the cluster of the laptop" in listed


def test_the_laptop_alone(repository: Path) -> None:
    code, _, err = run(repository, "new infra kind --yes")

    assert (code, err) == (0, "")
    assert "kind create cluster --name yab-local --config k8s/kind-config.yaml" in make(repository, "kind-up")
    assert "create namespace apps" in make(repository, "kind-up", "kind-down", "deploy-local")
    code, out, _ = run(repository, "check k8s/kind-config.yaml --profile strict")
    assert code == 0, out


def test_the_makefile_is_one(repository: Path) -> None:
    for name in ("kind", "make --set tool=just"):
        code, _, err = run(repository, f"new infra {name} --yes")
        assert code == 0, err

    recipes = re.findall(r"^    @?make ([a-z-]+)$", (repository / "justfile").read_text(), re.MULTILINE)
    assert set(recipes) == {"help", "kind-up", "kind-down", "deploy-local"}
    assert make(repository, *recipes)


def test_a_makefile_of_ones_own_stays(repository: Path) -> None:
    (repository / "Makefile").write_text("all:\n\techo mine\n")

    code, _, err = run(repository, "new infra kind --set makefile=false --yes")

    assert code == 0, err
    assert (repository / "Makefile").read_text() == "all:\n\techo mine\n"


@pytest.mark.parametrize(
    "commands",
    [
        ("new infra environments", "new infra kind", "new infra naming", "new infra risk-register", "new runbook api"),
        ("new chart api", "new runbook api --set deploy=helm --set folder=docs", "new infra make --set tool=just"),
        ("new infra environments --set enforce-policies=false --set local-tls=true --set charts=api,worker",),
        ("new infra environments --set deploy=production --with-needs", "new runbook api", "new runbook web"),
        ("new infra environments --set deploy=staging --set charts=api,worker,migrations --with-needs",),
        (
            "new infra traefik",
            "new infra kube-prometheus-stack",
            "new infra environments --set deploy=production --with-needs",
        ),
        ("new infra environments --set deploy=staging --set enforce-policies=false --set charts=web --with-needs",),
    ],
)
def test_strict_finds_nothing(tmp_path: Path, commands: tuple[str, ...]) -> None:
    assert_clean(scaffold(tmp_path / "demo", *commands))


def test_flux_installs_what_the_environment_says(tmp_path: Path) -> None:
    root = scaffold(tmp_path / "demo", "new infra environments --set deploy=production --with-needs")

    report = assert_clean(root)

    assert {str(unit.id) for unit in report.units} >= {f"hr/apps/yab-{name}" for name in CHARTS}
    code, out, _ = run(root, "render --unit hr/apps/yab-api")
    assert code == 0
    assert "host: api.example.dev" in out
    assert "cert-manager.io/cluster-issuer: letsencrypt-production" in out
    assert "kind: SealedSecret" in (root / "k8s/overlays/production/api-env-sealed-secret.yaml").read_text()


def test_policies_of_the_risk_register_find_what_they_are_for(tmp_path: Path) -> None:
    environment = "new infra environments --set deploy=production --set charts=api,worker --with-needs"
    root = scaffold(tmp_path / "demo", "new infra risk-register", environment)
    policies = re.findall(r"```toml\n(.*?)```", (root / "RISK_REGISTER.md").read_text(), re.DOTALL)[0]
    settings = root / "elysium.toml"
    settings.write_text((settings.read_text() if settings.exists() else "") + "\n" + policies)
    values = root / "k8s/overlays/production/values/worker.yaml"
    values.write_text(values.read_text().replace("replicaCount: 1", "replicaCount: 2"))

    found = {finding.rule: str(finding.object) for finding in findings(root)}

    assert found == {
        "one-worker": "Deployment/apps/yab-worker",
        "not-by-processor-alone": "HorizontalPodAutoscaler/apps/yab-api",
    }


def test_policies_that_are_not_enforced_yet_stand_there(repository: Path) -> None:
    run(repository, "new infra environments --set enforce-policies=false --yes")

    assert named(overlay(repository, "production"), "NetworkPolicy") == set()
    assert "# - network-policies" in (repository / "k8s/base/kustomization.yaml").read_text()


def test_certificates_that_sign_themselves(repository: Path) -> None:
    for name in ("infra environments --set local-tls=true", "chart api"):
        run(repository, f"new {name} --yes")

    assert named(overlay(repository, "local"), "ClusterIssuer") == {"self-signed"}
    ingress = only(chart(repository, "local", "api"), "Ingress")
    assert ingress["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "self-signed"


@pytest.mark.parametrize("deploy", ["flux", "helm"])
@pytest.mark.parametrize("role", ["api", "worker"])
def test_runbooks_name_what_exists(project: Path, deploy: str, role: str) -> None:
    name = f"{role}-{deploy}"
    code, _, err = run(project, f"new runbook {name} --set role={role} --set deploy={deploy} --yes")
    assert code == 0, err
    text = (project / f"RUNBOOK_{role.upper()}_{deploy.upper()}.md").read_text()

    for heading in ("Deploy" if deploy == "flux" else "Install or update", "oll back", "Scale test"):
        assert re.search(rf"^## .*{heading}", text, re.MULTILINE)
    commands = set(re.findall(r"^ *(kubectl|helm|flux|elysium|git|curl|make|for) ", text, re.MULTILINE))
    assert commands >= {"kubectl", "elysium", "flux" if deploy == "flux" else "helm"}
    assert ("helm upgrade" in text) is (deploy == "helm")
    assert ("horizontalpodautoscaler" in text) is (role == "api")


@pytest.mark.parametrize(("component", "file"), [("risk-register", "RISK_REGISTER.md"), ("naming", "NAMING.md")])
def test_rules_that_documents_name_are_there(repository: Path, component: str, file: str) -> None:
    code, _, err = run(repository, f"new infra {component} --set folder=docs --yes")
    assert code == 0, err
    text = (repository / "docs" / file).read_text()

    rules = {name for line in re.findall(r"--rules (\S+)", text) for name in line.split(",")}
    known = set(registry.identifiers())
    assert rules
    assert rules <= known


def test_every_risk_has_severity_status_and_a_watch(repository: Path) -> None:
    run(repository, "new infra risk-register --yes")
    rows = re.findall(r"^\| (R\d) \|(.*)\|$", (repository / "RISK_REGISTER.md").read_text(), re.MULTILINE)

    assert [name for name, _ in rows] == ["R1", "R2", "R3", "R4", "R5"]
    for _, row in rows:
        _, severity, likelihood, status, mitigation, watch = (cell.strip() for cell in row.split("|"))
        assert likelihood in ("likely", "possible", "unlikely")
        assert severity in ("low", "medium", "high")
        assert status in ("open", "mitigated", "accepted", "closed")
        assert mitigation
        assert "`" in watch or "test" in watch


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("infra kind --set api-port=8080", "port 8080 of the laptop leads elsewhere already"),
        ("infra kind --set http-port=8000", "port 8000 of the laptop leads elsewhere already"),
        ("infra kind --set http-port=443", "port 443 of the laptop leads elsewhere already"),
        ("infra kind --set api-node-port=8000", "a whole number from 30000 to 32767"),
        ("infra environments --set web-node-port=30080", "leads to the API already"),
        ("infra environments --set namespace=ops", "the charts have a namespace of their own"),
        ("infra environments --set monitoring-namespace=ops", "are three"),
        ("infra environments --set deploy=production", "no cluster that could run an environment"),
        ("infra environments --set api-secrets=A", "has a meaning only where"),
        ("infra make --set tool=ninja", "one of make, just"),
        ("runbook api --set health-path=ready", "a path begins with a slash"),
    ],
)
def test_wrong_answers_write_nothing(repository: Path, command: str, message: str) -> None:
    code, _, err = run(repository, f"new {command} --yes")

    assert code == 2
    assert message in err
    assert not list(repository.iterdir())


def test_a_laptop_beside_a_cluster_with_node_ports_of_its_own(repository: Path) -> None:
    assert_clean(scaffold(repository, "new infra traefik --service NodePort", "new infra kind"))
