"""Monitoring: each component alone, each option, all together; what they offer, and whom their policies let through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Options, Workspace
from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.endpoints import OUTSIDE, Endpoint, endpoint_of
from elysium.evaluate.operated import operated
from elysium.evaluate.reach import network_of
from elysium.evaluate.verdicts import Verdict
from tests.repositories import files_of
from tests.scaffold.harness import assert_clean, findings, run, scaffold, sources

STACK = "kube-prometheus-stack"
EVERYTHING = (
    "tailscale",
    f"{STACK} --set receiver=webhook --set node-alerts=false",
    "loki",
    "tempo",
    "jaeger --set expose=tailscale",
    "opentelemetry-collector",
    "grafana-datasources",
    "grafana-dashboards",
    "flux-monitoring",
    "node-monitoring",
    "uptime",
)
DASHBOARDS = ("applications", "cluster", "flux", "logs", "nodes")

ALONE = [
    (STACK, "Prometheus/kube-prometheus-stack-prometheus Alertmanager/kube-prometheus-stack-alertmanager"),
    (STACK, "Deployment/grafana Deployment/kube-state-metrics DaemonSet/node-exporter SealedSecret/grafana-admin"),
    (f"{STACK} --set expose=tailscale", "Ingress/grafana-tailscale IngressClass/tailscale"),
    (f"{STACK} --set expose=traefik", "Ingress/grafana IngressClass/traefik ClusterIssuer/letsencrypt-production"),
    (f"{STACK} --set expose=traefik --set issuer=letsencrypt-staging --set host=g.example.com", "Ingress/grafana"),
    (f"{STACK} --set receiver=discord", "SealedSecret/alertmanager-receiver"),
    (f"{STACK} --set receiver=slack", "SealedSecret/alertmanager-receiver"),
    (f"{STACK} --set receiver=webhook", "SealedSecret/alertmanager-receiver"),
    (f"{STACK} --set control-plane=true", "ServiceMonitor/kube-prometheus-stack-kube-scheduler"),
    (f"{STACK} --set node-exporter=false", "Deployment/grafana"),
    (f"{STACK} --set node-alerts=false", "DaemonSet/node-exporter"),
    (f"{STACK} --set flux-metrics=false --set otlp=false", "Deployment/kube-state-metrics"),
    (f"{STACK} --set default-dashboards=false --set scrape-interval=30s", "Deployment/grafana"),
    (f"{STACK} --set storage-class= --set storage=500Mi --set memory=1Gi", "PersistentVolumeClaim/grafana"),
    ("loki", "StatefulSet/loki Deployment/alloy NetworkPolicy/loki NetworkPolicy/alloy"),
    ("loki --set collector=false", "StatefulSet/loki"),
    ("loki --set events=false --set storage-class= --set retention-days=3", "Deployment/alloy"),
    ("loki --set monitoring=true", "ServiceMonitor/loki ServiceMonitor/alloy PrometheusRule/loki"),
    ("loki --set monitoring=true --set alerts=false --set collector=false", "ServiceMonitor/loki"),
    ("tempo", "StatefulSet/tempo NetworkPolicy/tempo"),
    ("tempo --set senders=apps,web --set storage-class=", "StatefulSet/tempo"),
    ("tempo --set monitoring=true", "ServiceMonitor/tempo PrometheusRule/tempo"),
    ("tempo --set monitoring=true --set alerts=false", "ServiceMonitor/tempo"),
    ("jaeger", "Deployment/jaeger PersistentVolumeClaim/jaeger"),
    ("jaeger --set backend=memory --set traces=500 --set senders=apps", "Deployment/jaeger"),
    ("jaeger --set expose=tailscale", "Ingress/jaeger-tailscale"),
    ("jaeger --set monitoring=true", "ServiceMonitor/jaeger PrometheusRule/jaeger"),
    ("jaeger --set monitoring=true --set alerts=false --set expose=tailscale", "ServiceMonitor/jaeger"),
    ("opentelemetry-collector", "Deployment/opentelemetry-collector StatefulSet/tempo"),
    ("opentelemetry-collector --set traces=jaeger --set senders=apps", "Deployment/jaeger"),
    ("opentelemetry-collector --set traces=none --set logs=true", "StatefulSet/loki"),
    ("opentelemetry-collector --set traces=none --set metrics=true", "Prometheus/kube-prometheus-stack-prometheus"),
    ("opentelemetry-collector --set monitoring=true", "ServiceMonitor/opentelemetry-collector"),
    ("opentelemetry-collector --set monitoring=true --set alerts=false", "ServiceMonitor/opentelemetry-collector"),
    ("grafana-datasources", "ConfigMap/data-source-loki Deployment/grafana StatefulSet/loki"),
    ("grafana-datasources --set loki=false --set tempo=true", "ConfigMap/data-source-tempo StatefulSet/tempo"),
    ("grafana-datasources --set loki=true --set jaeger=true", "ConfigMap/data-source-jaeger Deployment/jaeger"),
    ("grafana-dashboards", "ConfigMap/dashboard-cluster ConfigMap/dashboard-applications Deployment/grafana"),
    ("grafana-dashboards --set dashboards=logs,nodes", "ConfigMap/dashboard-logs StatefulSet/loki"),
    ("flux-monitoring", "PodMonitor/flux PrometheusRule/flux"),
    ("flux-monitoring --set suspended=false --set severity=critical --set patience=1h", "PrometheusRule/flux"),
    ("node-monitoring", "PrometheusRule/nodes DaemonSet/node-exporter"),
    ("node-monitoring --set temperature=false --set raid=false --set disk-percent=98", "PrometheusRule/nodes"),
    ("uptime", "Deployment/blackbox-exporter Probe/uptime PrometheusRule/uptime"),
    ("uptime --set targets=https://a.example.com,https://b.example.com --set patience=10m", "Probe/uptime"),
    ("node-monitoring --set celsius=70 --set nodes=3 --set memory-percent=80", "PrometheusRule/nodes"),
]


def index_of(root: Path) -> ObjectIndex:
    """The objects that reach the cluster."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        return ObjectIndex(workspace.render().units)


def body(index: ObjectIndex, kind: str, name: str) -> dict[str, Any]:
    found = [item for items in index.kinds.values() for item in items if item.kind == kind and item.name == name]
    assert len(found) == 1, f"{len(found)} of {kind}/{name}"
    return dict(index.body(found[0]))


def names(index: ObjectIndex) -> set[str]:
    return {f"{item.kind}/{item.name}" for items in index.kinds.values() for item in items}


@pytest.mark.parametrize(("command", "offered"), ALONE, ids=[command for command, _ in ALONE])
def test_alone_it_is_whole_and_what_it_offers_is_there(command: str, offered: str, repository: Path) -> None:
    root = scaffold(repository, f"new infra {command} --with-needs")
    assert_clean(root)
    assert set(offered.split()) <= names(index_of(root))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scaffold(tmp_path_factory.mktemp("monitoring") / "demo", *(f"new infra {name}" for name in EVERYTHING))


@pytest.fixture(scope="module")
def objects(everything: Path) -> ObjectIndex:
    return index_of(everything)


def test_together_they_are_whole(everything: Path) -> None:
    assert_clean(everything, units=14)


def test_a_second_run_writes_nothing(everything: Path) -> None:
    before = files_of(everything)
    for name in EVERYTHING[1:]:
        code, out, err = run(everything, f"new infra {name.partition(' ')[0]} --yes")
        assert code == 0, out + err
    assert files_of(everything) == before


def test_prometheus_reads_every_namespace_and_asks_for_no_label(objects: ObjectIndex) -> None:
    spec = body(objects, "Prometheus", f"{STACK}-prometheus")["spec"]
    for kind in ("serviceMonitor", "podMonitor", "probe", "rule", "scrapeConfig"):
        assert spec[f"{kind}Selector"] == {}, kind
        assert spec[f"{kind}NamespaceSelector"] == {}, kind


def test_metrics_leave_a_fifth_of_their_volume_free(repository: Path) -> None:
    root = scaffold(
        repository, f"new infra {STACK} --set storage=100Gi --set retention-days=30 --set storage-class=local-path"
    )
    spec = body(index_of(root), "Prometheus", f"{STACK}-prometheus")["spec"]
    assert (spec["retention"], spec["retentionSize"]) == ("30d", "80GB")
    claim = spec["storage"]["volumeClaimTemplate"]["spec"]
    assert (claim["resources"]["requests"]["storage"], claim["storageClassName"]) == ("100Gi", "local-path")


def test_what_k3s_does_not_have_is_not_scraped(objects: ObjectIndex) -> None:
    missing = ("kube-scheduler", "kube-controller-manager", "kube-proxy", "kube-etcd")
    assert not {f"ServiceMonitor/{STACK}-{name}" for name in missing} & names(objects)
    assert not {f"PrometheusRule/{STACK}-{name}" for name in ("etcd", "kube-proxy", "windows")} & names(objects)


def test_the_sidecars_of_grafana_read_the_label_that_ours_have(objects: ObjectIndex) -> None:
    pod = body(objects, "Deployment", "grafana")["spec"]["template"]["spec"]
    told = {
        item["name"]: {variable["name"]: variable.get("value") for variable in item["env"]}
        for item in pod["containers"]
        if item["name"].startswith("sidecar")
    }
    for sidecar, label, ours in (
        ("sidecar-dashboards", "grafana_dashboard", "dashboard-cluster"),
        ("sidecar-datasources", "grafana_datasource", "data-source-loki"),
    ):
        variables, metadata = told[sidecar], body(objects, "ConfigMap", ours)["metadata"]
        assert variables["LABEL"] == label
        assert variables["NAMESPACE"] == metadata["namespace"] == "monitoring"
        assert metadata["labels"][label] == variables["LABEL_VALUE"] == "1"


def test_nobody_reads_the_passwords_of_grafana_and_alertmanager_in_git(everything: Path) -> None:
    for tier, name, keys in (
        ("controllers", "grafana-admin", ("admin-user", "admin-password")),
        ("configs", "alertmanager-receiver", ("url",)),
    ):
        text = (everything / "monitoring" / tier / STACK / f"{name}-sealed-secret.yaml").read_text()
        assert "kind: SealedSecret" in text
        assert all(f"{key}: Ag" in text for key in keys)


@pytest.mark.parametrize(("kind", "field"), [("discord", "apiURL"), ("slack", "apiURL"), ("webhook", "urlSecret")])
def test_alerts_go_to_the_address_that_is_sealed(kind: str, field: str, repository: Path) -> None:
    index = index_of(scaffold(repository, f"new infra {STACK} --set receiver={kind}"))
    spec = body(index, "AlertmanagerConfig", "receiver")["spec"]
    receivers = {item["name"]: item for item in spec["receivers"]}
    assert spec["route"]["receiver"] == kind
    assert receivers[kind][f"{kind}Configs"][0][field] == {"name": "alertmanager-receiver", "key": "url"}
    assert {route["receiver"] for route in spec["route"]["routes"]} == {"silent", kind} == set(receivers)
    alertmanager = body(index, "Alertmanager", f"{STACK}-alertmanager")["spec"]
    assert alertmanager["alertmanagerConfigSelector"] == {}
    assert alertmanager["alertmanagerConfigMatcherStrategy"] == {"type": "None"}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_finds_its_data_by_variables(name: str, objects: ObjectIndex) -> None:
    board = json.loads(body(objects, "ConfigMap", f"dashboard-{name}")["data"][f"{name}.json"])
    variables = {item["name"] for item in board["templating"]["list"] if item["type"] == "datasource"}
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) >= 4
    for panel in panels:
        assert panel["targets"], panel["title"]
        for part in (panel, *panel["targets"]):
            assert part["datasource"]["uid"] in {f"${{{variable}}}" for variable in variables}, panel["title"]
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)


def test_dashboards_have_names_of_their_own(everything: Path) -> None:
    folder = everything / "monitoring/configs/grafana-dashboards"
    boards = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    assert len({board["uid"] for board in boards}) == len({board["title"] for board in boards}) == len(DASHBOARDS)


@pytest.mark.parametrize("name", [name for name in DASHBOARDS if name != "logs"])
def test_a_query_that_cannot_be_parsed_would_be_found(name: str, repository: Path) -> None:
    root = scaffold(repository, f"new infra grafana-dashboards --set dashboards={name} --with-needs")
    path = root / f"monitoring/configs/grafana-dashboards/{name}.json"
    board = json.loads(path.read_text())
    broken = [target for panel in board["panels"] for target in panel["targets"]]
    for target in broken:
        target["expr"] += " ))"
    path.write_text(json.dumps(board, indent=2) + "\n")
    found = [item for item in findings(root) if item.rule == "promql-syntax"]
    assert sum(1 + item.folded for item in found) == len(broken)


@pytest.mark.parametrize(
    ("component", "name", "least"),
    [
        ("flux-monitoring", "flux", 8),
        ("node-monitoring", "nodes", 18),
        ("loki", "loki", 4),
        ("tempo", "tempo", 3),
        ("jaeger", "jaeger", 2),
        ("opentelemetry-collector", "opentelemetry-collector", 2),
        ("uptime", "uptime", 4),
    ],
)
def test_an_alert_says_how_serious_it_is_and_what_happened(
    component: str, name: str, least: int, everything: Path, objects: ObjectIndex
) -> None:
    groups = body(objects, "PrometheusRule", name)["spec"]["groups"]
    alerts = [rule for group in groups for rule in group["rules"]]
    assert len(alerts) >= least
    assert len({rule["alert"] for rule in alerts}) == len(alerts)
    for rule in alerts:
        assert rule["labels"]["severity"] in ("info", "warning", "critical"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
    assert (everything / f"monitoring/configs/{component}/rules.yaml").is_file()


def test_flux_objects_are_counted_by_their_readiness(objects: ObjectIndex) -> None:
    text = body(objects, "ConfigMap", "kube-state-metrics-custom-resource-state")["data"]["config.yaml"]
    for kind in ("Kustomization", "HelmRelease", "GitRepository", "OCIRepository", "ImageUpdateAutomation", "Receiver"):
        assert f"kind: {kind}\n" in text
    assert "metricNamePrefix: gotk" in text
    rules = body(objects, "ClusterRole", "kube-state-metrics")["rules"]
    assert not any("secrets" in rule["resources"] for rule in rules)
    assert any(rule["apiGroups"] == ["helm.toolkit.fluxcd.io"] for rule in rules)


def test_loki_finds_itself_before_it_is_ready(objects: ObjectIndex) -> None:
    """It ends when no member answers, and nobody answers for a pod that is not ready."""
    assert body(objects, "Service", "loki-memberlist")["spec"]["publishNotReadyAddresses"] is True


def test_what_needs_definitions_waits_for_the_controllers(everything: Path) -> None:
    kinds = ("ServiceMonitor", "PodMonitor", "Probe", "PrometheusRule", "AlertmanagerConfig")
    marks = {f"kind: {kind}" for kind in kinds}
    lines = {path: marks & set(path.read_text().splitlines()) for path in (everything / "monitoring").rglob("*.yaml")}
    tiers = {path.relative_to(everything / "monitoring").parts[0] for path, found in lines.items() if found}
    assert tiers == {"configs"}


def test_data_sources_lead_from_one_to_the_other(objects: ObjectIndex) -> None:
    logs = body(objects, "ConfigMap", "data-source-loki")["data"]["loki.yaml"]
    traces = body(objects, "ConfigMap", "data-source-tempo")["data"]["tempo.yaml"]
    assert "datasourceUid: tempo" in logs
    assert "url: $${__value.raw}" in logs
    assert "datasourceUid: loki" in traces
    assert "{$$__tags}" in traces


def test_data_sources_follow_what_is_added_later(repository: Path) -> None:
    root = scaffold(repository, f"new infra {STACK}", "new infra loki", "new infra grafana-datasources")
    assert not (root / "monitoring/configs/grafana-datasources/tempo.yaml").exists()
    scaffold_more = ("new infra tempo --yes", "new infra grafana-datasources --yes")
    assert [run(root, command)[0] for command in scaffold_more] == [0, 0]
    assert (root / "monitoring/configs/grafana-datasources/tempo.yaml").is_file()
    assert_clean(root)


def test_alerts_on_nodes_are_told_once(repository: Path) -> None:
    root = scaffold(repository, f"new infra {STACK}", "new infra node-monitoring")
    release = root / "monitoring/controllers" / STACK / "release.yaml"
    assert "nodeExporterAlerting" not in release.read_text()
    assert run(root, f"new infra {STACK} --yes")[0] == 0
    assert "        nodeExporterAlerting: false\n" in release.read_text()
    assert_clean(root)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("opentelemetry-collector --set traces=none", "would send nothing"),
        ("grafana-datasources --set loki=false", "no data source"),
        ("jaeger --set expose=traefik", "one of none, tailscale"),
        ("loki --set collector=false --set events=true", "events"),
        ("node-monitoring --set disk-percent=120", "from 50 to 99"),
        ("grafana-dashboards", "grafana"),
        ("flux-monitoring", "monitoring"),
    ],
)
def test_what_makes_no_sense_is_refused(command: str, said: str, repository: Path) -> None:
    root = scaffold(repository)
    before = {path for path in root.rglob("*") if path.is_file()}
    code, out, err = run(root, f"new infra {command} --yes")
    assert code == 2
    assert said in out + err
    assert {path for path in root.rglob("*") if path.is_file()} == before


STRANGER = Endpoint(name="a pod of an application", namespace="web")
PROXY = Endpoint(name="a proxy of the tailnet", namespace="tailscale")
GRAFANA = Endpoint(name="grafana", namespace="monitoring", labels={"app.kubernetes.io/name": "grafana"})
ALLOY = Endpoint(name="alloy", namespace="monitoring", labels={"app.kubernetes.io/name": "alloy"})
YES, NO = Verdict.ALLOWED, Verdict.DENIED

INCOMING = [
    ("grafana", 3000, PROXY, YES),
    ("grafana", 3000, STRANGER, NO),
    ("grafana", 3000, OUTSIDE, NO),
    ("loki", 3100, ALLOY, YES),
    ("loki", 3100, GRAFANA, YES),
    ("loki", 3100, STRANGER, NO),
    ("tempo", 4317, STRANGER, YES),
    ("tempo", 3200, STRANGER, NO),
    ("tempo", 3200, GRAFANA, YES),
    ("jaeger", 4318, STRANGER, YES),
    ("jaeger", 16686, STRANGER, NO),
    ("jaeger", 16686, PROXY, YES),
    ("opentelemetry-collector", 4317, STRANGER, YES),
    ("opentelemetry-collector", 8888, STRANGER, NO),
    ("kube-state-metrics", 8080, STRANGER, NO),
    ("alloy", 12345, STRANGER, NO),
]
OUTGOING = [
    ("grafana", 443, YES),
    ("grafana", 25, NO),
    ("loki", 443, NO),
    ("tempo", 443, NO),
    ("jaeger", 443, NO),
    ("alloy", 6443, YES),
    ("alloy", 80, NO),
    ("opentelemetry-collector", 6443, YES),
    ("opentelemetry-collector", 25, NO),
]


def pod(index: ObjectIndex, name: str) -> Endpoint:
    return next(endpoint_of(item) for item in workloads(index) if str(item.item).endswith(f"/monitoring/{name}"))


@pytest.mark.parametrize(("target", "port", "source", "verdict"), INCOMING)
def test_policies_let_in_what_is_needed_and_no_more(
    target: str, port: int, source: Endpoint, verdict: Verdict, objects: ObjectIndex
) -> None:
    answer = network_of(objects).ingress(source, pod(objects, target), port)
    assert answer.verdict is verdict, answer.reason


@pytest.mark.parametrize(("source", "port", "verdict"), OUTGOING)
def test_policies_let_out_what_is_needed_and_no_more(
    source: str, port: int, verdict: Verdict, objects: ObjectIndex
) -> None:
    answer = network_of(objects).egress(pod(objects, source), OUTSIDE, port)
    assert answer.verdict is verdict, answer.reason


@pytest.mark.parametrize("port", [80, 8080, 9100, 10250])
def test_prometheus_scrapes_every_port_everywhere(port: int, objects: ObjectIndex) -> None:
    (prometheus,) = operated(objects, "Prometheus")
    assert network_of(objects).egress(prometheus, OUTSIDE, port).verdict is YES
