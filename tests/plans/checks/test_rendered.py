"""Checks of what the repository becomes, on the example and on a cluster that is not wholly known."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from elysium.api.plan_world import PlanWorld
from elysium.plans import checks
from tests.plans.checks.asking import CLUSTER, ask, copied, opened, result, write

_PASS = (
    "render",
    "render ks/flux-system/apps",
    "unit hr/arkham/plex ks/flux-system/apps",
    "unit ks/flux-system/infra-*",
    'chain "infra-controllers>infra-configs>apps"',
    'chain "infra-controllers > infra-configs"',
    "latency 10m",
    "latency 10m hr/arkham/plex",
    "manifest apps/base/arkham clusters/kyrion",
    "check",
    "check apps/base/arkham profile=strict fail-on=warning",
    "check rules=schema,flux",
    "object Deployment/arkham/plex",
    "object Deployment/arkham/* spec.replicas>=1",
    "object Deployment/arkham/plex spec.template.spec.containers[0].image~1.42 contains PLEX_ADVERTISE_URL",
    "object Deployment.apps/arkham/plex metadata.labels[app.kubernetes.io/name]=plex",
    "object Namespace//arkham",
    "object Namespace/arkham",
    "object PersistentVolumeClaim/arkham/plex-config spec.resources.requests.storage>=40Gi",
    "no-object Deployment/arkham/jellyfin Deployment.batch/arkham/plex",
    "count NetworkPolicy/*/* >= 5",
    "count Namespace//arkham = 1",
    "count Deployment/nowhere/* < 1",
    "secret arkham/vpn-credentials",
    "secret immich/immich-database password",
    "variable CLUSTER_DOMAIN",
    "variable CLUSTER_DOMAIN=kyrion.example.com ks/flux-system/apps",
    "source GitRepository/flux-system/flux-system ref.branch=main",
    "image-pinned",
    "image-pinned Deployment/arkham/*",
    "service arkham/plex:32400 arkham/plex:http",
    "claim arkham/plex-config size=51200Mi class=local-path mode=ReadWriteOnce",
    "claim arkham/plex-config size>=50Gi",
    "claim database/data",
    "schedule immich/* daily",
    'schedule immich/immich-database-backup "0 3 * * *"',
    "alert PostgresqlDown",
    "alert *Down* labels.severity=critical",
    'dashboard PostgreSQL panel "Connections"',
    "ci",
    "reach Deployment/miniflux/miniflux database/database-primary:5432",
    "reach Deployment/arkham/plex database/database-primary:5432 denied",
    "reach outside arkham/plex:32400 denied",
    "can arkham/default create pods arkham denied",
    "can prometheus-operator/none get secrets denied",
    "can monitoring/grafana watch configmaps monitoring",
    "chart charts/service set=image.repository=example/wiki set=image.tag=1.0",
    "chart charts/service set=image.repository=a set=image.tag=b Deployment/* spec.replicas=1 contains a:b",
    "overlay apps/kyrion",
    "overlay apps/base/arkham HelmRelease/arkham/plex spec.interval=1h",
)

_FAIL = {
    "render ks/flux-system/nothing": "no unit is ks/flux-system/nothing",
    "unit hr/arkham/jellyfin": "no unit is hr/arkham/jellyfin",
    'chain "apps>infra-configs"': "does not depend on",
    'chain "infra-controllers>nothing"': "no unit is named nothing",
    "latency 1s hr/arkham/plex": "takes 1m at worst",
    "latency 1h hr/a/b": "no unit is hr/a/b",
    "manifest apps/base/missing.yaml": "there is no manifest",
    "check apps/base/missing": "there is no apps/base/missing",
    "object Deployment/arkham/jellyfin": "nothing in the render is Deployment/arkham/jellyfin",
    "object Deployment/arkham/plex spec.replicas>=2": "spec.replicas is 1, not >=2",
    "object Deployment/arkham/plex spec.nothing": "there is no spec.nothing",
    "object Deployment/arkham/* contains jellyfin": "none of the",
    "no-object Deployment/arkham/plex": "Deployment/arkham/plex is in the render",
    "count Namespace//arkham = 2": "1 of Namespace//arkham",
    "count Namespace//* <= 2": "not <= 2",
    "secret arkham/nothing": "nothing in the render is Secret/arkham/nothing",
    "secret immich/immich-database colour": "will have no key colour",
    "variable NOTHING": "no Kustomization defines NOTHING",
    "variable CLUSTER_DOMAIN=example.com": "by another value",
    "variable CLUSTER_DOMAIN ks/flux-system/nothing": "no Kustomization defines CLUSTER_DOMAIN",
    "source GitRepository/flux-system/flux-system ref.branch=dev": "ref.branch is main, not dev",
    "source HelmRepository/a/b": "nothing in the render is HelmRepository/a/b",
    "image-pinned Deployment/arkham/plex digest": "has no digest",
    "image-pinned Deployment/arkham/jellyfin": "nothing in the render",
    "image-pinned Namespace//arkham": "has no image",
    "service arkham/plex:80": "has no port 80",
    "service arkham/jellyfin:80": "nothing in the render is Service/arkham/jellyfin",
    "claim arkham/plex-config size>=1Ti": "size is 50Gi, not >=1Ti",
    "claim arkham/plex-config class=nfs": "class is local-path, not nfs",
    "claim arkham/nothing": "nothing in the render is PersistentVolumeClaim/arkham/nothing",
    "schedule immich/* weekly": "runs at 0 3 * * *, not weekly",
    "schedule immich/nothing": "nothing in the render",
    "alert NoSuchAlert": "no alert is NoSuchAlert",
    "alert PostgresqlDown labels.severity=info": "labels.severity is critical",
    'dashboard PostgreSQL panel "Nothing"': "has no panel Nothing",
    "dashboard Nothing": "nothing holds the dashboard Nothing",
    "reach Deployment/arkham/plex database/database-primary:5432": "is denied",
    "reach outside arkham/nothing:80": "nothing in the render is Service/arkham/nothing",
    "reach Deployment/arkham/nothing arkham/plex:32400": "nothing in the render is Deployment/arkham/nothing",
    "can arkham/default create pods arkham": "is denied to create pods in arkham",
    "can monitoring/grafana watch configmaps monitoring denied": "is allowed",
    "quota arkham": "arkham has no quota",
    "chart charts/service": "does not render: values don't meet",
    "chart charts/nothing": "there is no file charts/nothing/Chart.yaml",
    "chart charts/service values=missing.yaml": "there is no file missing.yaml",
    "chart charts/service set=image.repository=a set=image.tag=b CronJob/*": "renders no CronJob/*",
    "overlay docs": "no kustomization in docs",
    "overlay apps/kyrion Deployment/a/b": "renders no Deployment/a/b",
}

_UNKNOWN = (
    "render",
    "unit hr/wiki/wiki",
    "object Deployment/wiki/wiki",
    "object ClusterRole//wiki",
    "object Deployment/*/wiki",
    "no-object Deployment/wiki/wiki",
    "count Deployment/wiki/* = 1",
    "secret wiki/wiki",
    "image-pinned",
    "service wiki/wiki:80",
    "reach outside wiki/wiki:80",
    "can wiki/default get pods wiki",
    "quota wiki",
    "claim wiki/data",
    "schedule wiki/backup",
    "alert WikiDown",
    "dashboard Wiki",
    "preview 1",
    "preview-fit 1",
)

_KNOWN_ANYHOW = {
    "object Deployment/other/wiki": "fail",
    "object Namespace//wiki": "pass",
    "no-object Deployment/other/wiki": "pass",
    "count Namespace//* >= 1": "pass",
    "count Namespace//* < 1": "fail",
    "variable NOTHING": "fail",
    "unit ks/flux-system/apps": "pass",
    "source HelmRepository/wiki/wiki url=https://charts.example.com": "pass",
}


@pytest.mark.parametrize("text", _PASS)
def test_what_is_so_passes(kyrion: PlanWorld, text: str) -> None:
    outcome = ask(kyrion, text)
    assert outcome.result == "pass", outcome.reason


@pytest.mark.parametrize(("text", "reason"), _FAIL.items())
def test_what_is_not_so_fails_with_the_reason(kyrion: PlanWorld, text: str, reason: str) -> None:
    outcome = ask(kyrion, text)
    assert (outcome.result, reason in outcome.reason) == ("fail", True), outcome.reason


@pytest.mark.parametrize("text", _UNKNOWN)
def test_what_an_unknown_release_may_hold_is_unknown_and_says_what_helps(dim: PlanWorld, text: str) -> None:
    outcome = ask(dim, text)
    assert outcome.result == "unknown", outcome.reason
    assert "elysium fetch" in outcome.reason or "elysium new" in outcome.reason


@pytest.mark.parametrize(("text", "expected"), _KNOWN_ANYHOW.items())
def test_what_an_unknown_release_does_not_touch_is_known(dim: PlanWorld, text: str, expected: str) -> None:
    assert result(dim, text) == expected


def test_the_place_of_an_object_is_told(kyrion: PlanWorld) -> None:
    (evidence,) = ask(kyrion, "object Namespace//arkham").evidence
    assert (evidence.object, evidence.path, evidence.line) == (
        "Namespace/arkham",
        "apps/base/arkham/namespace.yaml",
        1,
    )


def test_a_value_that_only_the_cluster_holds_decides_nothing(kyrion: PlanWorld) -> None:
    sealed = ask(kyrion, "variable WEBHOOK_DOMAIN=example.com")
    assert sealed.result in ("unknown", "fail")
    assert result(kyrion, "object SealedSecret/arkham/vpn-credentials spec.encryptedData") == "pass"


_LIMITED = {
    "apps/limits.yaml": """\
apiVersion: v1
kind: ResourceQuota
metadata: {name: limits, namespace: wiki}
spec: {hard: {pods: "2"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: wiki}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.29"}]}
""",
    "apps/kustomization.yaml": "resources: [namespace.yaml, limits.yaml]\n",
}


def test_a_quota(repository: Path) -> None:
    with opened(write(repository, CLUSTER | _LIMITED)) as world:
        assert ask(world, "quota wiki").reason == "wiki fits its quota, while it is rolled out, too"
        (repository / "apps/limits.yaml").write_text(_LIMITED["apps/limits.yaml"].replace("replicas: 1", "replicas: 2"))
    with opened(repository) as world:
        outcome = ask(world, "quota wiki")
        assert (outcome.result, "except during a rollout" in outcome.reason) == ("fail", True)


_BROKEN = CLUSTER | {
    "apps/kustomization.yaml": "resources: [namespace.yaml, bad.yaml, secret.yaml, web.yaml]\n",
    "apps/bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: wiki}\ndate: {}\n",
    "apps/orphan.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: wiki}\n",
    "apps/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: wiki}\n"
    "stringData: {k: hunter22}\n",
    "apps/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: wiki}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:latest"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: wiki}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: lost, namespace: wiki}
spec: {selector: {app: lost}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: manual, namespace: wiki}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: wiki}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: kustom.example.com/v1
kind: Unheard
metadata: {name: x, namespace: wiki}
""",
}


def test_what_is_wrong_with_a_repository_is_found(repository: Path) -> None:
    with opened(write(repository, _BROKEN)) as world:
        for text, expected, reason in (
            ("manifest apps/bad.yaml", "fail", "date"),
            ("manifest apps/orphan.yaml", "unknown", "no unit applies"),
            ("manifest apps/web.yaml", "unknown", "no schema is known of kustom.example.com/v1 Unheard"),
            ("check apps/bad.yaml", "fail", "[schema]"),
            ("image-pinned Deployment/wiki/web", "fail", "whatever is newest"),
            ("service wiki/web:80", "fail", "port named http"),
            ("service wiki/lost:80", "fail", "no pods are behind"),
            ("service wiki/manual:80", "unknown", "selects no pods"),
            ("claim wiki/data class=fast", "unknown", "default class"),
            ("claim wiki/data size=1024Mi", "pass", ""),
            ("secret wiki/s k", "pass", ""),
            ("object Secret/wiki/s data.k=x", "unknown", "only the cluster holds"),
        ):
            outcome = ask(world, text)
            assert (outcome.result, reason in outcome.reason) == (expected, True), (text, outcome)
            assert "hunter22" not in str(outcome)


def test_a_unit_that_fails_is_told(repository: Path) -> None:
    files = CLUSTER | {"apps/kustomization.yaml": "resources: [missing.yaml]\n"}
    with opened(write(repository, files)) as world:
        assert "ks/flux-system/apps fails" in ask(world, "unit ks/flux-system/apps").reason
        assert "ks/flux-system/apps fails" in ask(world, "object Namespace//wiki").reason
        assert result(world, "render") == "fail"


def test_a_suspended_unit_does_nothing(repository: Path) -> None:
    files = dict(CLUSTER)
    files["clusters/demo/apps.yaml"] = files["clusters/demo/apps.yaml"].replace("prune: true", "suspend: true")
    with opened(write(repository, files)) as world:
        assert ask(world, "unit ks/flux-system/apps").reason == "ks/flux-system/apps is suspended"


def test_without_any_cluster_nothing_is_rendered(repository: Path) -> None:
    with opened(write(repository, {"README.md": "# Code\n"})) as world:
        assert ask(world, "render").reason == "there is no unit to render"
        assert result(world, "object Deployment/a/b") == "fail"
        assert result(world, "exists README.md") == "pass"


def test_two_hundred_checks_render_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from elysium.api import Workspace

    renders: list[int] = []
    render = Workspace.render
    monkeypatch.setattr(Workspace, "render", lambda workspace: renders.append(1) or render(workspace))
    example = Path(__file__).parents[3] / "examples" / "kyrion"
    with opened(copied(example, tmp_path / "kyrion")) as world:
        items = [item for unit in world.render().units for item in unit.objects][::4][:100]
        started = time.monotonic()
        for item in items:
            for words in (("exists", item.origin.file or "."), ("object", f"{item.kind}/{item.namespace}/{item.name}")):
                checks.run(checks.read(words, "PLAN.md:1"), world)
        assert time.monotonic() - started < 1
    assert (len(items), len(renders)) == (100, 1)
