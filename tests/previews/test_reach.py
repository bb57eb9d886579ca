"""Who reaches whom in a preview: exactly what is needed."""

from __future__ import annotations

from pathlib import Path

from elysium.evaluate.verdicts import Verdict
from tests.previews.platforms import ANSWERS, NAMESPACE, edit, judged, platform, preview

APP = f"Deployment/{NAMESPACE}/app"
POSTGRES = f"StatefulSet/{NAMESPACE}/postgres"
MINIO = f"StatefulSet/{NAMESPACE}/minio"
SETUP = f"Job/{NAMESPACE}/app-setup"
BUCKETS = f"Job/{NAMESPACE}/minio-buckets"
DNS = "the cluster's DNS"
EVERYBODY = (APP, POSTGRES, MINIO, SETUP, BUCKETS)


def test_every_pod_reaches_what_it_must_and_nothing_else(repository: Path) -> None:
    ways = judged(platform(repository)).connections
    opened = {(way.source, way.target, way.port, way.protocol) for way in ways if way.verdict is Verdict.ALLOWED}
    names = {(pod, DNS, 53, protocol) for pod in EVERYBODY for protocol in ("UDP", "TCP")}
    assert opened == names | {
        ("the ingress controller", APP, 8080, "TCP"),
        (APP, POSTGRES, 5432, "TCP"),
        (APP, MINIO, 9000, "TCP"),
        (SETUP, POSTGRES, 5432, "TCP"),
        (SETUP, MINIO, 9000, "TCP"),
        (BUCKETS, MINIO, 9000, "TCP"),
    }
    assert all(way.right for way in ways)


def test_the_matrix_asks_every_source_for_every_port(repository: Path) -> None:
    ways = judged(platform(repository)).connections
    sources = {*EVERYBODY, "the ingress controller", "another namespace"}
    for target, port in ((APP, 8080), (POSTGRES, 5432), (MINIO, 9000)):
        assert {way.source for way in ways if (way.target, way.port) == (target, port)} == sources - {target}
    assert {way.source for way in ways if way.target == "outside the cluster"} == set(EVERYBODY)
    assert not {way.verdict for way in ways} & {Verdict.UNKNOWN}


def test_a_policy_that_cuts_the_database_off_is_named(repository: Path) -> None:
    root = platform(repository)
    edit(root, "k8s/policies/network-policy.yaml", "port: 5432", "port: 443")
    code, out, _ = preview(root, "fit 123")
    assert code == 1
    assert f"{APP} cannot reach {POSTGRES} on TCP 5432" in out
    assert f"{SETUP} cannot reach {POSTGRES} on TCP 5432" in out


def test_what_is_open_without_need_is_shown(repository: Path) -> None:
    root = platform(repository)
    edit(
        root,
        "k8s/policies/network-policy.yaml",
        "values: [application, setup]",
        "values: [application, setup, buckets]",
    )
    code, out, _ = preview(root, "fit 123")
    assert code == 0
    assert f"{BUCKETS} can reach {POSTGRES} on TCP 5432, and nothing needs it" in out


def test_the_controller_is_where_the_platform_says(repository: Path) -> None:
    root = platform(repository, *ANSWERS, "ingress-namespace=traefik")
    assert judged(root).works
    edit(root, "platform.env", "PREVIEW_INGRESS_NAMESPACE=traefik", "PREVIEW_INGRESS_NAMESPACE=ingress")
    blocked = judged(root).blocked
    assert [(way.source, way.target) for way in blocked] == [("the ingress controller", APP)]
