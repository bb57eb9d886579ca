"""Applications: every style with every option alone and with all of them, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.repositories import files_of
from tests.scaffold.applications import cluster, copied, new, rendered, write, write_together
from tests.scaffold.harness import CLUSTER, assert_clean, findings, run, scaffold, told

IMAGE = "ghcr.io/example/page:1.4.2"
STYLES = {
    "files": f"--set style=files --set image={IMAGE}",
    "release": (
        "--set style=release --set chart=web --set chart-repository=https://charts.example.com"
        f" --set chart-version=1.2.3 --set image={IMAGE}"
    ),
    "artifact": (
        "--set style=release --set chart=web --set chart-repository=oci://ghcr.io/example/charts"
        " --set chart-version=1.2.3 --set standard-values=false"
    ),
    "kustomize": (
        "--set style=kustomize --set source-repository=https://github.com/acme/demo --set source-version=v1.0.0"
        " --set source-path=./deploy --set workload-name=demo --set container=demo --set service=demo"
        " --set selector=app.kubernetes.io/name=demo"
    ),
    "onechart": f"--set style=onechart --set image={IMAGE} --set reason='there is an image and nothing else'",
}
OPTIONS = {
    "plain": "",
    "storage": "--set storage=5Gi",
    "replicas": "--set replicas=2",
    "gpu": "--set gpu=true",
    "mount": "--set external-mount=true",
    "env": "--set env=LANG=C,TZ=${TIMEZONE}",
    "secret-env": "--set secrets=API_TOKEN,db-password",
    "secret-flux": "--set secrets=API_TOKEN --set secret-pattern=substitute",
    "tailnet": "--set expose=tailscale",
    "public": "--set expose=traefik",
    "closed": "--set network-policy=both --set destinations=monitoring --set internet=false",
    "watched": "--set monitoring=true --set metrics-path=/stats",
    "unwatched": "--set monitoring=false --set alerts=false --set dashboard=false",
    "backup": "--set storage=5Gi --set backup=true",
    "restic": "--set storage=5Gi --set backup=true --set backup-tool=restic --set network-policy=both",
    "overlay": "--set overlay=true --set overlay-replicas=3 --set overlay-memory-limit=1Gi",
    "command": "--set command=/bin/page --set args=--verbose,--level=2",
    "health": "--set health=/ready --set startup-seconds=300",
    "limits": "--set cpu=0.5 --set cpu-limit=2 --set memory=1Gi --set memory-limit=2Gi --set run-as-user=568",
    "baseline": "--set pod-security=baseline --set writable=/tmp,/run/page",
    "renamed": "--set namespace=elsewhere-{style} --set create-namespace=true",
}
EVERYTHING = (
    f"--set image={IMAGE} --set gpu=true --set external-mount=true --set storage=10Gi --set backup=true"
    " --set expose=tailscale,traefik --set secrets=A,B --set network-policy=both --set clients=monitoring"
    " --set pull-secret=true --set image-automation=true --set overlay=true --set env=A_B=c --set health=/ready"
    " --set monitoring=true --set reason=because"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return copied(tmp_path)


def words(style: str, option: str) -> str:
    """An application of a style with one option."""
    return f"{style}-{option} {STYLES[style]} {OPTIONS[option].replace('{style}', style)}"


@pytest.mark.parametrize("style", STYLES)
def test_each_option_alone_is_without_a_finding(style: str, repository: Path) -> None:
    write_together(repository, *(words(style, option) for option in OPTIONS))
    assert_clean(repository)


@pytest.mark.parametrize("style", [style for style in STYLES if style != "artifact"])
def test_all_options_together_are_without_a_finding(style: str, repository: Path) -> None:
    write(
        repository,
        f"page {STYLES[style].replace(f' --set image={IMAGE}', '')} {EVERYTHING}".replace(
            " --set reason='there is an image and nothing else'", ""
        ),
    )
    assert_clean(repository)


@pytest.mark.parametrize("style", ["release", "onechart"])
def test_secret_values_reach_a_chart_by_values_from(style: str, repository: Path) -> None:
    write(repository, f"page {STYLES[style]} --set secrets=auth.password,auth.user,token --set secret-pattern=values")
    assert_clean(repository)
    release = rendered(repository)["HelmRelease/page/page"]
    assert release["spec"]["valuesFrom"] == [{"kind": "Secret", "name": "page-values", "valuesKey": "values.yaml"}]


@pytest.mark.parametrize("style", ["files", "release", "onechart"])
def test_a_private_image_is_pulled_with_a_login(style: str, repository: Path) -> None:
    write(repository, f"page {STYLES[style]} --set pull-secret=true")
    assert_clean(repository)
    sealed = rendered(repository)["SealedSecret/page/page-registry"]["spec"]
    assert sealed["template"]["type"] == "kubernetes.io/dockerconfigjson"
    assert ".dockerconfigjson" in sealed["encryptedData"]


@pytest.mark.parametrize(("style", "workload"), [("release", "page-web"), ("kustomize", "demo")])
def test_who_talks_to_the_api_server_keeps_the_token(style: str, workload: str, repository: Path) -> None:
    write(repository, f"page {STYLES[style]} --set service-account-token=true")
    assert_clean(repository)
    pod = rendered(repository)[f"Deployment/page/{workload}"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is True


def test_a_name_is_enough(repository: Path) -> None:
    write(repository, "page")
    assert_clean(repository)


def test_a_hand_written_repository_gets_its_next_application(tmp_path: Path) -> None:
    root = Path(shutil.copytree(Path(__file__).parents[2] / "examples/kyrion", tmp_path / "kyrion"))
    asked = "--set gpu=true --set external-mount=true --set external-driver=csi-rclone --set image-automation=true"
    write(root, f"page {STYLES['files']} {asked} --set storage=5Gi --set expose=tailscale,traefik")
    assert_clean(root)
    assert "Deployment/page/page" in rendered(root)


def test_two_applications_share_a_namespace_and_a_mount(repository: Path) -> None:
    shared = f"{STYLES['files']} --set namespace=shared --set external-mount=true"
    write(repository, f"one {shared} --set create-namespace=true")
    write(repository, f"two {shared} --set external-claim=one-external --set external-remote=")
    assert_clean(repository)


def test_the_folder_has_the_shape_of_the_pattern(repository: Path) -> None:
    write(repository, f"page {STYLES['release']} --set expose=tailscale --set secrets=TOKEN")
    folder = repository / "apps/base/page"
    assert {path.name for path in folder.iterdir()} == {
        "README.md",
        "kustomization.yaml",
        "namespace.yaml",
        "network-policy.yaml",
        "page-env-sealed-secret.yaml",
        "release.yaml",
        "source.yaml",
        "ts-ingress.yaml",
    }
    assert "  - page\n" in (repository / "apps/base/kustomization.yaml").read_text()


def test_the_gpu_is_in_requests_and_limits_and_the_mount_is_waited_for(repository: Path) -> None:
    write(repository, f"page {STYLES['files']} --set gpu=true --set external-mount=true --set existing-claim=kept")
    pod = rendered(repository)["Deployment/page/page"]["spec"]["template"]["spec"]
    resources = pod["containers"][0]["resources"]
    assert resources["requests"]["gpu.intel.com/i915"] == resources["limits"]["gpu.intel.com/i915"] == "1"
    assert pod["initContainers"][0]["name"] == "wait-for-mount"
    claims = [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["volumes"]
        if len(volume) > 1 and "persistentVolumeClaim" in volume
    ]
    assert claims == ["kept", "page-external"]


def test_without_the_wait_the_check_objects(repository: Path) -> None:
    write(repository, f"page {STYLES['files']} --set external-mount=true")
    file = repository / "apps/base/page/wait-for-mount.yaml"
    file.write_text(file.read_text().replace("-ge 600", "-ge 60"))
    assert [item.rule for item in findings(repository)] == ["mount-wait"]


@pytest.mark.parametrize(
    ("style", "workload"),
    [
        ("files", "Deployment/page/page"),
        ("release", "Deployment/page/page-web"),
        ("artifact", "Deployment/page/page-web"),
        ("kustomize", "Deployment/page/demo"),
        ("onechart", "Deployment/page/page"),
    ],
)
def test_the_overlay_changes_what_it_says(style: str, workload: str, repository: Path) -> None:
    write(repository, f"page {STYLES[style]}")
    assert rendered(repository)[workload]["spec"].get("replicas", 1) == 1
    write(repository, "page --set overlay=true --set overlay-replicas=3 --set overlay-memory-limit=1Gi")
    changed = rendered(repository)[workload]["spec"]
    assert changed["replicas"] == 3
    assert changed["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"] == "1Gi"
    assert (repository / f"apps/{CLUSTER}/page-patch.yaml").is_file()


@pytest.mark.parametrize("style", STYLES)
def test_a_second_run_changes_nothing(style: str, repository: Path) -> None:
    write(repository, f"page {STYLES[style]} --set storage=1Gi --set secrets=TOKEN --set expose=tailscale")
    before = files_of(repository)
    write(repository, "page")
    assert files_of(repository) == before


def test_a_dry_run_tells_and_writes_nothing(repository: Path) -> None:
    before = files_of(repository)
    code, out, _ = run(repository, f"new app page {STYLES['files']} --dry-run -o json")
    planned = {item["path"]: item["action"] for item in json.loads(out)["files"]}
    assert code == 0
    assert planned["apps/base/page/page.yaml"] == "create"
    assert planned["apps/base/kustomization.yaml"] == "change"
    assert files_of(repository) == before


def test_a_given_secret_is_sealed_and_stands_nowhere(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("plain-as-day")
    value = f"--secret TOKEN={tmp_path / 'token'}"
    write(repository, f"page {STYLES['release']} --set secrets=TOKEN --set secret-pattern=values {value}")
    assert not [path for path, text in files_of(repository).items() if b"plain-as-day" in text]


def test_what_is_composed_of_a_given_value_is_sealed_anew(repository: Path, tmp_path: Path) -> None:
    write(repository, f"page {STYLES['release']} --set secrets=TOKEN --set secret-pattern=values")
    (tmp_path / "token").write_text("plain-as-day")
    file = repository / "apps/base/page/page-values-sealed-secret.yaml"
    before = file.read_text().splitlines()
    write(repository, f"page --secret page-values/TOKEN={tmp_path / 'token'}")
    changed = {line.split(":")[0].strip() for line in set(file.read_text().splitlines()) - set(before)}
    assert changed >= {"TOKEN", "values.yaml"}


BAD = [
    ("--set style=onechart --set image=a/b:1", "reason", "last resort"),
    ("--set style=release", "chart", "name of a chart"),
    ("--set style=release --set chart=web --set chart-version=1.2.3", "chart-repository", "address"),
    ("--set style=release --set chart=web --set chart-repository=https://x.example.com", "chart-version", "pinned"),
    ("--set style=kustomize", "source-repository", "official manifests"),
    ("--set style=helm", "style", "release, files, kustomize, onechart"),
    ("--set image=ghcr.io/example/page:latest", "image", "not latest"),
    ("--set image=ghcr.io/example/page", "image", "tag"),
    ("--set port=70000", "port", "65535"),
    ("--set expose=none,tailscale", "expose", "none does not go"),
    ("--set expose=internet", "expose", "none, tailscale, traefik"),
    ("--set storage=much", "storage", "10Gi"),
    ("--set storage=1Gi --set existing-claim=kept", "existing-claim", "volume of its own"),
    ("--set storage=1Gi --set replicas=2", "replicas", "one node only"),
    ("--set gpu=true --set replicas=2", "replicas", "one pod"),
    ("--set gpu=perhaps", "gpu", "true or false"),
    ("--set backup=true", "backup", "no volume"),
    ("--set storage=1Gi --set backup=true --set backup-schedule=daily", "backup-schedule", "five fields"),
    ("--set secrets=A --set secret-pattern=values", "secret-pattern", "env or substitute"),
    ("--set run-as-user=0", "run-as-user", "from 1"),
    ("--set chart=web", "chart", "style == 'release'"),
    ("--set external-mount=true --set external-remote=azure", "external-remote", "REMOTE:PATH"),
    ("--set create-namespace=false", "create-namespace", "nothing else makes"),
    ("--set image-automation=true --set image=a/b@sha256:" + "0" * 64, "image", "follows tags"),
    ("--set health=ready", "health", "no path"),
    ("--set writable=tmp", "writable", "absolute"),
    ("--set port-name=a-very-long-name-of-a-port", "port-name", "15 characters"),
    ("--set gpu=true --set gpu-groups=video", "gpu-groups", "numbers"),
    ("--set colour=blue", "colour", "no such parameter"),
]


@pytest.mark.parametrize(("options", "parameter", "said"), BAD, ids=[options[:60] for options, _, _ in BAD])
def test_answers_that_cannot_be_used_are_named_and_nothing_is_written(options: str, parameter: str, said: str) -> None:
    before = files_of(cluster())
    code, _, err = new(cluster(), f"page {options}")
    assert code == 2
    assert parameter in err and said in err, err
    assert files_of(cluster()) == before


@pytest.mark.parametrize(("source", "namespace"), [("chart", "traefik"), ("k3s", "kube-system")])
def test_traefik_is_let_in_from_where_it_runs(source: str, namespace: str, tmp_path: Path) -> None:
    root = scaffold(tmp_path / CLUSTER, f"new infra traefik --set source={source}")
    write(root, "page --set expose=traefik --with-needs")
    assert_clean(root)
    assert f"metadata.name: {namespace}\n" in (root / "apps/base/page/network-policy.yaml").read_text()


def test_what_is_needed_and_not_there_is_named(tmp_path: Path) -> None:
    root = scaffold(tmp_path / CLUSTER)
    code, _, err = new(root, "page --set expose=tailscale")
    assert code == 2
    assert "ingress-class/tailscale" in err and "elysium new infra tailscale" in err
    write(root, "page --set expose=tailscale --with-needs")
    assert not findings(root), told(findings(root))
