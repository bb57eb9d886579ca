"""Infrastructure: each component and option alone, what it offers and needs, and whom its policies let through."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from elysium.api import Options, Request, Scaffolder, Workspace, write_scaffold
from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.endpoints import OUTSIDE, Endpoint, endpoint_of
from elysium.evaluate.reach import network_of
from elysium.evaluate.verdicts import Verdict
from tests.repositories import files_of
from tests.scaffold.harness import assert_clean, run, scaffold, sources

SEALED = "new infra sealed-secrets"
MONITORED = (
    "traefik",
    "cert-manager",
    "csi-rclone",
    "external-dns",
    "ingress-nginx",
    "node-feature-discovery",
    "tailscale",
)
ISSUERS = "ClusterIssuer/letsencrypt-production ClusterIssuer/letsencrypt-staging ClusterIssuer/self-signed"

ALONE = [
    ("sealed-secrets", "Deployment/sealed-secrets-controller CustomResourceDefinition/sealedsecrets.bitnami.com"),
    ("cert-manager", f"{ISSUERS} IngressClass/traefik Deployment/cert-manager-webhook"),
    ("cert-manager --set issuers=self-signed", "ClusterIssuer/self-signed"),
    ("cert-manager --set issuers=letsencrypt-staging", "ClusterIssuer/letsencrypt-staging"),
    ("cert-manager --set ingress-class=nginx", f"{ISSUERS} IngressClass/nginx"),
    ("cert-manager --set solver=dns01", f"{ISSUERS} SealedSecret/dns-provider-token SealedSecret/cluster-secret-vars"),
    ("cert-manager --set solver=dns01 --set dns-provider=digitalocean", ISSUERS),
    ("traefik", "IngressClass/traefik Middleware/rate-limit Middleware/secure-headers TLSOption/default"),
    ("traefik --set redirect=false --set middlewares=false --set default-class=false", "IngressClass/traefik"),
    ("traefik --set service=NodePort --set replicas=2", "Service/traefik"),
    ("traefik --set tracing=true --set traces-service=jaeger", "NetworkPolicy/traefik-traces"),
    ("traefik --set source=k3s --set tracing=true --set monitoring=true", "HelmChartConfig/traefik PodMonitor/traefik"),
    ("traefik --set source=k3s", "HelmChartConfig/traefik Middleware/rate-limit"),
    ("traefik --set source=k3s --set service=NodePort --set middlewares=false", "HelmChartConfig/traefik"),
    ("ingress-nginx", "IngressClass/nginx Service/ingress-nginx-controller"),
    ("ingress-nginx --set service=NodePort --set default-class=true --set body-size=64m", "IngressClass/nginx"),
    ("ingress-nginx --set service=HostPort", "IngressClass/nginx"),
    ("tailscale", "IngressClass/tailscale ProxyClass/small SealedSecret/operator-oauth"),
    ("tailscale --set proxy-class=false", "IngressClass/tailscale"),
    ("tailscale --set connector=true --set routes=192.168.1.0/24,10.0.0.0/8", "Connector/connector"),
    ("tailscale --set connector=true --set exit-node=true", "Connector/connector"),
    ("csi-rclone", "CSIDriver/rclone.csi.veloxpack.io StorageClass/rclone SealedSecret/rclone-remote"),
    ("csi-rclone --set folder-per-claim=true --set storage-class=cloud", "StorageClass/cloud"),
    ("csi-rclone --set storage-class=", "CSIDriver/rclone.csi.veloxpack.io"),
    ("intel-gpu", "DaemonSet/intel-gpu-plugin"),
    ("intel-gpu --set node-features=true --set metrics-resource=true", "DaemonSet/node-feature-discovery-worker"),
    ("node-feature-discovery", "DaemonSet/node-feature-discovery-worker"),
    ("node-feature-discovery --set usb=true", "ConfigMap/node-feature-discovery-worker-conf"),
    ("local-storage", "StorageClass/local-path-retain"),
    ("local-storage --set provisioner=install", "StorageClass/local-path StorageClass/local-path-retain"),
    ("local-storage --set provisioner=install --set retain=false", "Deployment/local-path-provisioner"),
    ("image-automation", "ImageUpdateAutomation/applications"),
    ("image-automation --set images=web=ghcr.io/example/web:1.x,api=ghcr.io/example/api", "ImagePolicy/web"),
    ("image-automation --set push-branch=flux/images", "ImageUpdateAutomation/applications"),
    ("notifications", "Provider/discord Alert/failures Receiver/push SealedSecret/receiver-token"),
    ("notifications --set provider=slack --set channel=flux --set severity=info", "Provider/slack Alert/events"),
    ("notifications --set provider=webhook --set receiver=false", "Provider/webhook"),
    ("notifications --set expose=traefik --set release-namespaces=traefik", "Ingress/webhook-receiver"),
    ("notifications --set expose=nginx --set receiver-type=gitlab", "Ingress/webhook-receiver"),
    ("notifications --set expose=tailscale --set receiver-type=generic-hmac", "Ingress/webhook-receiver"),
    ("external-dns", "Deployment/external-dns SealedSecret/dns-provider-token"),
    (
        "external-dns --set provider=digitalocean --set policy=upsert-only --set sources=service,crd",
        "ClusterRole/external-dns",
    ),
    ("external-dns --set proxied=true --set ingress-classes=traefik", "Deployment/external-dns"),
]


def index_of(root: Path) -> ObjectIndex:
    """The objects that reach the cluster."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        return ObjectIndex(workspace.render().units)


def names(index: ObjectIndex) -> set[str]:
    return {f"{item.kind}/{item.name}" for items in index.kinds.values() for item in items}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as `init` leaves it, which nobody changes."""
    return scaffold(tmp_path_factory.mktemp("untouched") / "demo", SEALED)


@pytest.fixture
def fresh(untouched: Path, repository: Path) -> Path:
    """One of its own for a test."""
    return shutil.copytree(untouched, repository, dirs_exist_ok=True)


def new(root: Path, command: str) -> None:
    code, out, err = run(root, f"new infra {command} --yes")
    assert code == 0, f"{out}\n{err}"


@pytest.mark.parametrize(("command", "offered"), ALONE, ids=[command for command, _ in ALONE])
def test_alone_it_is_whole_and_what_it_offers_is_there(command: str, offered: str, fresh: Path) -> None:
    new(fresh, f"{command} --with-needs")
    assert_clean(fresh)
    assert set(offered.split()) <= names(index_of(fresh))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in a repository that has monitoring and traces."""
    root = tmp_path_factory.mktemp("everything") / "demo"
    others = (
        "intel-gpu",
        "local-storage",
        "image-automation",
        "notifications --set release-namespaces=traefik,tailscale",
    )
    return scaffold(
        root,
        SEALED,
        "new infra kube-prometheus-stack",
        "new infra tempo",
        f"{SEALED} --set monitoring=true",
        *(f"new infra {name}" for name in (*MONITORED, *others)),
    )


@pytest.fixture(scope="module")
def objects(everything: Path) -> ObjectIndex:
    return index_of(everything)


def test_together_with_monitoring_they_are_whole(everything: Path) -> None:
    assert_clean(everything, units=16)


@pytest.mark.parametrize("name", ["sealed-secrets", *MONITORED])
def test_what_prometheus_reads_stands_in_the_tier_of_monitoring(name: str, everything: Path) -> None:
    entered = (everything / "monitoring/configs/kustomization.yaml").read_text()
    assert f"  - {name}\n" in entered
    assert list((everything / "monitoring/configs" / name).glob("*.yaml"))


def test_a_second_run_writes_nothing(everything: Path) -> None:
    before = files_of(everything)
    for name in ("traefik", "cert-manager", "tailscale", "notifications"):
        assert run(everything, f"new infra {name} --yes")[0] == 0
    assert files_of(everything) == before


STRANGER = Endpoint(name="a pod of another namespace", namespace="default")
PROMETHEUS = Endpoint(name="prometheus", namespace="monitoring", labels={"app.kubernetes.io/name": "prometheus"})
YES, NO = Verdict.ALLOWED, Verdict.DENIED

POLICIES = [
    ("cert-manager/cert-manager", 9402, PROMETHEUS, YES),
    ("cert-manager/cert-manager", 9402, STRANGER, NO),
    ("cert-manager/cert-manager-webhook", 10250, OUTSIDE, YES),
    ("cert-manager/cert-manager-cainjector", 9403, PROMETHEUS, NO),
    ("traefik/traefik", 8000, OUTSIDE, YES),
    ("traefik/traefik", 8443, STRANGER, YES),
    ("traefik/traefik", 9100, PROMETHEUS, YES),
    ("traefik/traefik", 9100, STRANGER, NO),
    ("traefik/traefik", 8080, STRANGER, NO),
    ("ingress-nginx/ingress-nginx-controller", 443, OUTSIDE, YES),
    ("ingress-nginx/ingress-nginx-controller", 8443, OUTSIDE, YES),
    ("ingress-nginx/ingress-nginx-controller", 10254, PROMETHEUS, YES),
    ("ingress-nginx/ingress-nginx-controller", 10254, STRANGER, NO),
    ("tailscale/operator", 443, STRANGER, NO),
    ("external-dns/external-dns", 7979, PROMETHEUS, YES),
    ("external-dns/external-dns", 7979, STRANGER, NO),
    ("node-feature-discovery/node-feature-discovery-worker", 8080, PROMETHEUS, YES),
    ("node-feature-discovery/node-feature-discovery-worker", 8080, STRANGER, NO),
    ("intel-gpu/intel-gpu-plugin", 80, STRANGER, NO),
    ("kube-system/sealed-secrets-controller", 8081, PROMETHEUS, YES),
]


def pods(index: ObjectIndex, name: str) -> Endpoint:
    return next(endpoint_of(item) for item in workloads(index) if f"{item.item.namespace}/{item.item.name}" == name)


@pytest.mark.parametrize(("target", "port", "source", "verdict"), POLICIES)
def test_policies_let_in_what_is_needed_and_no_more(
    target: str, port: int, source: Endpoint, verdict: Verdict, objects: ObjectIndex
) -> None:
    answer = network_of(objects).ingress(source, pods(objects, target), port)
    assert answer.verdict is verdict, answer.reason


OUTGOING = [
    ("cert-manager/cert-manager", 443, YES),
    ("cert-manager/cert-manager", 5432, NO),
    ("external-dns/external-dns", 443, YES),
    ("external-dns/external-dns", 25, NO),
    ("node-feature-discovery/node-feature-discovery-master", 6443, YES),
    ("node-feature-discovery/node-feature-discovery-master", 80, NO),
    ("intel-gpu/intel-gpu-plugin", 443, NO),
    ("traefik/traefik", 6443, YES),
    ("traefik/traefik", 25, NO),
]


@pytest.mark.parametrize(("source", "port", "verdict"), OUTGOING)
def test_policies_let_out_what_is_needed_and_no_more(
    source: str, port: int, verdict: Verdict, objects: ObjectIndex
) -> None:
    answer = network_of(objects).egress(pods(objects, source), OUTSIDE, port)
    assert answer.verdict is verdict, answer.reason


@pytest.mark.parametrize("name", ["cert-manager", "traefik", "ingress-nginx", "external-dns", "tailscale"])
def test_the_cluster_answers_their_questions_for_names(name: str, objects: ObjectIndex) -> None:
    found = [endpoint_of(item) for item in workloads(objects) if item.item.namespace == name]
    assert found
    for source in found:
        assert network_of(objects).dns(source).verdict is YES, source


NEEDS = [
    ("cert-manager", "new infra traefik"),
    ("cert-manager --set ingress-class=nginx", "new infra ingress-nginx"),
    ("intel-gpu --set node-features=true", "new infra node-feature-discovery"),
    ("notifications --set expose=tailscale", "new infra tailscale"),
    ("notifications --set expose=traefik", "new infra cert-manager"),
    ("notifications --set image-updates=true", "new infra image-automation"),
    ("external-dns --set sources=ingress,traefik-proxy", "new infra traefik"),
    ("traefik --set monitoring=true", "new infra kube-prometheus-stack"),
    ("traefik --set tracing=true", "new infra tempo"),
    ("tailscale --set alerts=true", "new infra kube-prometheus-stack"),
]


@pytest.mark.parametrize(("command", "component"), NEEDS)
def test_what_it_needs_is_named_and_nothing_is_written(command: str, component: str, untouched: Path) -> None:
    before = {path for path in untouched.rglob("*") if path.is_file()}
    code, _, err = run(untouched, f"new infra {command} --yes")
    assert code == 2
    assert component in err
    assert "--with-needs" in err
    assert {path for path in untouched.rglob("*") if path.is_file()} == before


REFUSED = [
    ("cert-manager --set issuers=letsencrypt-prod", "issuers", "letsencrypt-production"),
    ("cert-manager --set ingress-class=haproxy", "ingress-class", "traefik or nginx"),
    ("cert-manager --set solver=dns01 --set ingress-class=traefik", "ingress-class", "solver"),
    ("cert-manager --set issuers=self-signed --set email=me@example.com", "email", "issuers"),
    ("cert-manager --set email=nobody", "email", "e-mail address"),
    ("traefik --set replicas=0", "replicas", "from 1 to 10"),
    ("traefik --set http-node-port=30080", "http-node-port", "service"),
    ("traefik --set service=NodePort --set http-node-port=80", "http-node-port", "from 30000 to 32767"),
    (
        "traefik --set service=NodePort --set http-node-port=31000 --set https-node-port=31000",
        "https-node-port",
        "different",
    ),
    ("ingress-nginx --set service=HostPort --set replicas=2", "replicas", "service"),
    ("tailscale --set connector=true", "connector", "routes"),
    ("tailscale --set routes=10.0.0.0/8", "routes", "connector"),
    ("csi-rclone --set cache-size=much", "cache-size", "10Gi"),
    ("csi-rclone --set remote-path=../elsewhere", "remote-path", "path"),
    ("intel-gpu --set shared=1000", "shared", "from 1 to 100"),
    ("local-storage --set retain=false", "retain", "provisioner=install"),
    ("local-storage --set provisioner=install --set directory=relative", "directory", "full path"),
    ("image-automation --set interval=soon", "interval", "duration"),
    ("image-automation --set images=web", "images", "KEY=VALUE"),
    ("notifications --set provider=teams", "provider", "slack, discord, webhook"),
    ("notifications --set provider=discord --set channel=x", "channel", "provider"),
    ("notifications --set expose=traefik --set issuer=unknown", "issuer", "self-signed"),
    ("external-dns --set provider=route53", "provider", "cloudflare, digitalocean"),
    ("external-dns --set provider=digitalocean --set proxied=true", "proxied", "provider"),
]


@pytest.mark.parametrize(("command", "parameter", "allowed"), REFUSED, ids=[command for command, _, _ in REFUSED])
def test_bad_answers_are_named_with_what_is_allowed(
    command: str, parameter: str, allowed: str, untouched: Path
) -> None:
    before = {path for path in untouched.rglob("*") if path.is_file()}
    code, _, err = run(untouched, f"new infra {command} --yes")
    assert code == 2, err
    assert parameter in err
    assert allowed in err
    assert {path for path in untouched.rglob("*") if path.is_file()} == before


def test_what_others_needed_first_takes_its_own_answers_afterwards(fresh: Path) -> None:
    with Workspace(fresh, options=Options(sources=sources())) as workspace:
        scaffolder = Scaffolder.of(workspace)
        scaffolder.add(Request(kind="infra", name="cert-manager"), needs=True)
        scaffolder.add(Request(kind="infra", name="traefik", answers={"middlewares": False, "replicas": 2}))
        assert not scaffolder.result.conflicts
        write_scaffold(scaffolder.result)
    assert "replicas: 2" in (fresh / "infrastructure/controllers/traefik/release.yaml").read_text()
    assert not (fresh / "infrastructure/configs/traefik").exists()
