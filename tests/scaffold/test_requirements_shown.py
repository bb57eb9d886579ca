"""Whole requirements about repositories: the commands of the row, and the check that fails when something is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.scaffold.applications import rendered
from tests.scaffold.commands import MAPPED, check, edit, found, new, replaced
from tests.scaffold.harness import run, scaffold

IMAGE = "ghcr.io/example/page:1.4.2"


@pytest.fixture
def kyrion(tmp_path: Path) -> Path:
    """What `elysium init kyrion` writes."""
    return scaffold(tmp_path / "kyrion", cluster="kyrion")


# 1.1: the layout

PARTS = (
    "clusters/kyrion/apps.yaml",
    "clusters/kyrion/infrastructure.yaml",
    "clusters/kyrion/monitoring.yaml",
    "clusters/kyrion/sealed-secrets.yaml",
    "clusters/kyrion/config-map.yaml",
    "clusters/kyrion/flux-system",
    "apps/base",
    "apps/kyrion",
    "infrastructure/controllers",
    "infrastructure/configs",
    "monitoring/controllers",
    "monitoring/configs",
    "coder/templates",
    "functions",
    "etc/certs",
    "scripts",
)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_place(part: str, kyrion: Path, tmp_path: Path) -> None:
    assert found(kyrion, "--rules layout") == set()
    for place in (kyrion / "elsewhere" / Path(part).name, tmp_path / "away"):
        place.parent.mkdir(exist_ok=True)
        (kyrion / part).rename(place)
        _, out = check(kyrion, "--rules layout -o json")
        said = [finding["message"] + " " + finding["hint"] for finding in json.loads(out)["findings"]]
        assert said and all(part in text for text in said), said
        place.rename(kyrion / part)


# 1.2: the stack

STACK = (
    "infra sealed-secrets",
    "infra kube-prometheus-stack",
    "infra image-automation",
    "infra traefik",
    "infra cert-manager",
    "infra tailscale",
    "infra loki",
    "infra tempo",
    "infra jaeger",
    "infra local-storage",
    "infra csi-rclone",
    "infra grafana-datasources",
    "infra grafana-dashboards",
)


def test_every_component_of_the_stack_can_be_added_and_nothing_is_found(kyrion: Path) -> None:
    code, out, _ = run(kyrion, "new --list")
    listed = [" ".join(line.split()[:2]) for line in out.splitlines()]
    assert (code, [name for name in STACK if name not in listed]) == (0, [])
    for name in STACK:
        new(kyrion, name)
    assert check(kyrion, "--profile strict --fail-on unknown")[0] == 0
    kinds = {name.partition("/")[0] for name in rendered(kyrion)}
    assert kinds >= {"GitRepository", "HelmRelease", "SealedSecret", "ClusterIssuer", "Prometheus", "StorageClass"}


# 1.4d: substitution

TOKEN = "ghp_" + "0a1b2c3d4e5f6g7h8i9j" * 2


def test_variables_have_a_source_a_use_and_the_right_place(kyrion: Path) -> None:
    rules = "--rules undefined-variable,unused-variable,secret-in-substitution"
    for name in ("apps", "infrastructure", "monitoring"):
        text = (kyrion / f"clusters/kyrion/{name}.yaml").read_text(encoding="utf-8")
        assert "kind: ConfigMap\n        name: cluster-vars" in text
        assert "kind: Secret\n        name: cluster-secret-vars" in text
    new(kyrion, f"app page --image {IMAGE} --env NOTE=hello")
    assert found(kyrion, rules) == set()
    variables = "clusters/kyrion/config-map.yaml"
    edit(kyrion, variables, replaced("\ndata:\n", f"\ndata:\n  NOBODY_USES: x\n  API_TOKEN: {TOKEN}\n"))
    said = messages(kyrion, rules)
    assert any(f"{variables}: unused-variable" in text and "NOBODY_USES" in text for text in said), said
    assert any(f"{variables}: secret-in-substitution" in text and "API_TOKEN" in text for text in said), said
    assert not [text for text in said if TOKEN in text]
    edit(kyrion, "apps/base/page/page.yaml", replaced("hello", "${NOBODY_KNOWS}"))
    said = messages(kyrion, rules)
    assert any("page.yaml: undefined-variable" in text and "NOBODY_KNOWS" in text for text in said), said
    assert check(kyrion, rules)[0] == 1


def messages(root: Path, arguments: str) -> list[str]:
    """What is said of which file."""
    _, out = check(root, f"{arguments} -o json")
    return [f"{item['file']}: {item['rule']}: {item['message']}" for item in json.loads(out)["findings"]]


# 1.13, 1.14, 1.16: what workflows deploy


def test_a_template_for_coder_is_read_and_keeps_its_files(kyrion: Path, tmp_path: Path) -> None:
    new(kyrion, "coder-template dev", "workflow coder")
    assert check(kyrion, "coder/ --profile strict")[0] == 0
    main = "coder/templates/dev/main.tf"
    for change, rule in (
        (replaced("coder_agent.main.token", "coder_agent.other.token"), "coder-template"),
        (lambda text: text + "resource {", "coder-template"),
        (replaced("  wait_until_bound = false", "  count = data.coder_workspace.me.start_count"), "coder-persistence"),
        (
            lambda text: text.replace(text[text.index("envbuilder:") :].split('"')[0], "envbuilder:latest"),
            "coder-image",
        ),
    ):
        root = Path(shutil.copytree(kyrion, tmp_path / "broken"))
        edit(root, main, change)
        assert check(root, "coder/ --profile strict")[0] == 1
        assert (rule, main) in found(root, "coder/ --profile strict")
        shutil.rmtree(root)


@pytest.mark.parametrize("runtime", ["python", "node", "go"])
def test_functions_are_valid_and_a_workflow_deploys_them(runtime: str, kyrion: Path) -> None:
    new(kyrion, f"function hello --runtime {runtime}")
    assert check(kyrion, "functions/")[0] == 0
    assert check(kyrion, "functions/ --profile strict")[0] == 0
    workflow = ".github/workflows/functions.yml"
    assert "fission spec apply -n default --delete --wait" in (kyrion / workflow).read_text(encoding="utf-8")
    assert "- functions/**" in (kyrion / workflow).read_text(encoding="utf-8")
    edit(kyrion, workflow, lambda text: text.replace("- functions/**", "- function/**"))
    assert ("undeployed-code", workflow) in found(kyrion)
    edit(kyrion, "functions/specs/function-hello.yaml", replaced(f"name: {runtime}", "name: nothing"))
    code, out = check(kyrion, "functions/")
    assert (code, "nothing" in out) == (1, True), out


def test_three_workflows_are_as_they_should_be(kyrion: Path) -> None:
    new(kyrion, "function hello", "coder-template dev")
    new(kyrion, "workflow flux-update", "workflow functions", "workflow coder")
    code, out, err = run(kyrion, "ci check")
    assert code == 0, out + err
    folder = kyrion / ".github/workflows"
    texts = {
        name: (folder / f"{name}.yml").read_text(encoding="utf-8") for name in ("update-flux", "functions", "coder")
    }
    assert "schedule:" in texts["update-flux"] and "cron: " in texts["update-flux"]
    for name in ("functions", "coder"):
        assert texts[name].count(f"- {name}/**") == 2
    for name, text in texts.items():
        assert "permissions: {}" in text or "permissions:\n  contents: read" in text
        for change in (
            replaced("jobs:", "jobz:"),
            lambda text: text.replace("permissions: {}", "permissions: write-all").replace(
                "permissions:\n  contents: read", "permissions: write-all"
            ),
        ):
            edit(kyrion, f".github/workflows/{name}.yml", change)
            assert run(kyrion, "ci check")[0] == 1, name
            (folder / f"{name}.yml").write_text(text, encoding="utf-8")


# 1.15a, 1.30: infrastructure


def test_core_services_one_after_the_other(kyrion: Path) -> None:
    for name in ("tailscale", "traefik", "cert-manager", "sealed-secrets", "csi-rclone"):
        new(kyrion, f"infra {name}")
        assert check(kyrion, "--profile strict --fail-on unknown")[0] == 0


@pytest.mark.parametrize("provider", ["slack", "discord", "webhook"])
def test_notifications_go_to_a_sealed_address(provider: str, kyrion: Path, tmp_path: Path) -> None:
    new(kyrion, f"infra notifications --provider {provider} --with-needs")
    assert check(kyrion, "--profile strict --fail-on unknown")[0] == 0
    objects = rendered(kyrion)
    kinds = {"Provider": "address", "Receiver": "token"}
    for kind, key in kinds.items():
        (body,) = (body for name, body in objects.items() if name.startswith(f"{kind}/flux-system/"))
        secret = body["spec"]["secretRef"]["name"]
        assert key in objects[f"SealedSecret/flux-system/{secret}"]["spec"]["encryptedData"]
        assert "address" not in body["spec"]
    for file, change, rule in (
        ("alerts.yaml", replaced("providerRef:\n    name: ", "providerRef:\n    name: no-"), "notification"),
        ("receiver.yaml", replaced("secretRef:\n    name: ", "secretRef:\n    name: no-"), "missing-secret"),
        ("provider.yaml", replaced("secretRef:\n    name: ", "secretRef:\n    name: no-"), "missing-secret"),
    ):
        root = Path(shutil.copytree(kyrion, tmp_path / "broken"))
        edit(root, f"infrastructure/configs/notifications/{file}", change)
        assert check(root)[0] == 1
        assert rule in {name for name, _ in found(root, "")}
        shutil.rmtree(root)


# 3.0.5c, 3.0.5d: images


def make(root: Path, *targets: str) -> str:
    ended = subprocess.run(["make", "-n", *targets], cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_places_of_an_image_and_what_its_context_must_not_hold(kyrion: Path) -> None:
    new(kyrion, "image api --lang python --placement colocate", "image web --lang node-static --placement central")
    new(kyrion, "infra make")
    assert (kyrion / "packages/api/Dockerfile").is_file() and (kyrion / "docker/web/Dockerfile").is_file()
    out = make(kyrion, "build-api", "push-api", "build-web", "push-web")
    for part in ("docker build --file packages/api/Dockerfile", "docker build --file docker/web/Dockerfile"):
        assert part in out
    assert out.count("docker push") == 2
    assert check(kyrion, "--profile strict")[0] == 0
    (kyrion / "packages/api/.env").write_text("LEVEL=info\n", encoding="utf-8")
    assert check(kyrion, "--profile strict")[0] == 0
    ignored = kyrion / "packages/api/.dockerignore"
    ignored.write_text("tests\n.git\n", encoding="utf-8")
    code, out = check(kyrion, "--profile strict")
    assert (code, "packages/api/.env" in out or ".env" in out) == (1, True), out


def test_the_variables_of_an_image_agree_and_its_page_says_what_it_needs(kyrion: Path, tmp_path: Path) -> None:
    new(kyrion, "image api --lang python --version 3.11 --secrets DATABASE_URL,REDIS_URL")
    new(kyrion, "chart api --secrets DATABASE_URL,REDIS_URL")
    folder = kyrion / "packages/api"
    dockerfile = (folder / "Dockerfile").read_text(encoding="utf-8")
    for part in ("python:3.11-slim", "poetry.lock", "USER "):
        assert part in dockerfile
    entrypoint = (folder / "entrypoint.sh").read_text(encoding="utf-8")
    page = (folder / "IMAGE.md").read_text(encoding="utf-8")
    for name in ("GUNICORN_WORKERS", "GUNICORN_BIND", "DATABASE_URL", "REDIS_URL"):
        assert name in entrypoint and f"`{name}`" in page
    headings = [line.lower() for line in page.splitlines() if line.startswith("#")]
    assert {"## variables", "## what is kept", "## when it does not start"} <= set(headings)
    rules = "--rules image-variables --fail-on warning"
    assert check(kyrion, rules)[0] == 0
    for file in ("packages/api/entrypoint.sh", "packages/api/IMAGE.md", "charts/api/README.md"):
        root = Path(shutil.copytree(kyrion, tmp_path / "broken"))
        edit(root, file, lambda text: text.replace("REDIS_URL", "REDIS_ADDRESS"))
        code, out = check(root, rules)
        assert (code, "REDIS_" in out) == (1, True), out
        shutil.rmtree(root)


# 1.33: how long a push takes


def test_a_push_is_applied_within_five_minutes_or_the_graph_says_why_not(kyrion: Path) -> None:
    assert run(kyrion, "graph --latency 5m")[0] == 0
    edit(kyrion, "clusters/kyrion/flux-system/kustomization.yaml", replaced("interval: 1m\n", "interval: 1h\n"))
    code, out, err = run(kyrion, "graph --latency 5m")
    assert code == 1
    assert "GitRepository/flux-system/flux-system is fetched every 1h" in out
    assert "ks/flux-system/apps is applied up to 1h1m after a push, the goal is 5m" in err
    new(kyrion, "infra notifications --with-needs")
    code, out, err = run(kyrion, f"graph --latency 5m {MAPPED}")
    assert (code, "a Receiver announces a push" in out) == (0, True), err
    assert run(kyrion, "graph --latency soon")[0] == 2


# 3.0.5e: sizes, build and scan

DOCKER = '#!/bin/sh\nif [ "$2" = inspect ]; then echo "$SIZE"; fi\n'
"""What docker says of an image that is `SIZE` large; building one needs a daemon."""


def test_sizes_are_recorded_and_compared_and_the_workflow_builds_and_scans(kyrion: Path) -> None:
    new(kyrion, "image api --lang python --maximum-size 300", "infra make")
    docker = kyrion / "docker.sh"
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)

    def made(target: str, size: int) -> subprocess.CompletedProcess[str]:
        command = ["make", target, f"DOCKER=SIZE={size} {docker}", "GIT_SHA=0123abc"]
        return subprocess.run(command, cwd=kyrion, capture_output=True, text=True, check=False)

    assert "recorded are none" in made("size-api", 200_000_000).stdout
    assert made("record-size-api", 200_000_000).returncode == 0
    assert (kyrion / "docker/sizes/api.txt").read_text(encoding="utf-8") == "200000000\n"
    ended = made("size-api", 250_000_000)
    assert (ended.returncode, "250000000 bytes, recorded are 200000000" in ended.stdout) == (0, True), ended.stderr
    assert made("size-api", 400_000_000).returncode != 0
    assert "docker run" in make(kyrion, "run-api")
    page = (kyrion / "packages/api/IMAGE.md").read_text(encoding="utf-8")
    deferred = page.partition("## Worker")[2].partition("##")[0]
    assert "queue" in deferred and "number of workers" in deferred

    (kyrion / "packages/api/poetry.lock").write_text("", encoding="utf-8")
    new(kyrion, "workflow ci --registry ghcr.io/team --deploy none")
    text = (kyrion / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    built, scanned = text.index("docker/build-push-action@"), text.index("aquasecurity/trivy-action@")
    assert built < scanned < text.index("  push:", scanned)
    assert run(kyrion, "ci check")[0] == 0


# 1.4a: bootstrap


@pytest.mark.parametrize("flux", ["bootstrap", "instance"])
def test_the_bootstrap_script_and_the_manifests_of_flux_agree(flux: str, tmp_path: Path) -> None:
    kyrion, key = tmp_path / "kyrion", tmp_path / "key.yaml"
    command = f"init {kyrion} --cluster kyrion --flux {flux} --sealing-key {key} --yes"
    assert run(tmp_path, f"{command} --url ssh://git@github.com/me/kyrion")[0] == 0
    script = "scripts/bootstrap_flux.sh"
    dry = subprocess.run(["bash", script, "--dry-run"], cwd=kyrion, capture_output=True, text=True, check=False)
    assert (dry.returncode, "flux" in dry.stdout) == (0, True), dry.stderr
    assert check(kyrion, "--profile strict")[0] == 0
    changes = [
        (replaced("cluster=kyrion", "cluster=other"), "there is no clusters/other"),
        (replaced("github.com/me/kyrion", "github.com/you/kyrion"), "url is ssh://git@github.com/you/kyrion, and"),
        (replaced("branch='main'", "branch='master'"), "branch is master, and"),
    ]
    text = (kyrion / script).read_text(encoding="utf-8")
    for change, said in changes[: 3 if flux == "bootstrap" else 2]:  # only the bootstrap has a branch of its own
        edit(kyrion, script, change)
        code, out = check(kyrion)
        assert (code, said in " ".join(out.split())) == (1, True), out
        (kyrion / script).write_text(text, encoding="utf-8")
    file = {"bootstrap": "gotk-sync", "instance": "flux-instance"}[flux]
    edit(
        kyrion,
        f"clusters/kyrion/flux-system/{file}.yaml",
        lambda text: text.replace("path: ./clusters/", "path: ./not/").replace("path: clusters/", "path: not/"),
    )
    assert check(kyrion)[0] == 1
