"""`elysium preview render`: every object of a preview, with nothing that a strict check objects to."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.api.alone import objects_of_text
from elysium.api.versioning import lone
from tests import programs
from tests.previews.platforms import ANSWERS, NAMESPACE, bodies, edit, platform, preview, rendered, stream_findings

PLATFORMS = {
    "everything": (),
    "bare": (*ANSWERS, "database=none", "object-store=none"),
    "without-database": (*ANSWERS, "database=none", "setup-command=/app/setup"),
    "without-store": (*ANSWERS, "object-store=none", "setup-command=/app/setup"),
    "cert-manager": (*ANSWERS, "tls=cert-manager", "ingress-namespace=traefik"),
    "external-dns": (*ANSWERS, "external-dns=true"),
    "by-hand": (*ANSWERS, "gitops=false", "namespace-prefix=preview-"),
}


@pytest.mark.parametrize("answers", PLATFORMS.values(), ids=list(PLATFORMS))
def test_a_preview_passes_the_strict_check(answers: tuple[str, ...], repository: Path) -> None:
    root = platform(repository, *answers)
    for options in ("", "--twin"):
        code, out, err = preview(root, f"render 123 {options}")
        assert (code, err) == (0, "")
        assert stream_findings(out, root) == []


@pytest.mark.parametrize("options", ["--tls cert-manager", "--tls edge", "--external-dns", "--set setup.enabled=false"])
def test_every_option_passes_the_strict_check(options: str, repository: Path) -> None:
    root = platform(repository)
    code, out, err = preview(root, f"render 123 {options}")
    assert (code, err) == (0, "")
    assert stream_findings(out, root) == []


def test_the_five_manifests_of_the_platform_are_in_it(repository: Path) -> None:
    code, out, _ = preview(platform(repository), "render 123 -o name")
    assert code == 0
    for name in (
        f"Namespace/{NAMESPACE}",
        "ServiceAccount/preview-system/preview-deployer",
        f"ResourceQuota/{NAMESPACE}/preview",
        f"LimitRange/{NAMESPACE}/preview",
        f"NetworkPolicy/{NAMESPACE}/default-deny",
    ):
        assert name in out.splitlines()


def test_the_host_is_made_of_the_number(repository: Path) -> None:
    root = platform(repository)
    ingress = bodies(rendered(root, 0))["Ingress/pr-0/app"]
    assert ingress["spec"]["rules"][0]["host"] == "pr-0.previews.example.org"
    service = bodies(rendered(root, 0))["Service/pr-0/app"]["spec"]["ports"][0]
    container = bodies(rendered(root, 0))["Deployment/pr-0/app"]["spec"]["template"]["spec"]["containers"][0]
    assert service["targetPort"] == container["ports"][0]["name"] == "http"
    assert container["ports"][0]["containerPort"] == 8080


def test_a_variable_changes_only_its_key_in_the_secret(repository: Path) -> None:
    root = platform(repository)
    before, after = bodies(rendered(root)), bodies(rendered(root, variables={"LOG_LEVEL": "debug", "NEW": "1"}))
    secret = f"Secret/{NAMESPACE}/app-env"
    deployment = f"Deployment/{NAMESPACE}/app"
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {secret, deployment}  # the pods are replaced by a checksum
    shown = {key: base64.b64decode(value).decode() for key, value in before[secret]["data"].items()}
    assert shown == {"APP_ENVIRONMENT": "preview", "LOG_LEVEL": "info", "POOL_SIZE": "5"}
    changed = {key for key, value in after[secret]["data"].items() if before[secret]["data"].get(key) != value}
    assert changed == {"LOG_LEVEL", "NEW"}


def test_a_public_variable_hides_nothing_else(repository: Path) -> None:
    """Each preview has the label `preview`, and a variable of the same value."""
    for twin in (False, True):
        deployment = bodies(rendered(platform(repository), twin=twin))[f"Deployment/{NAMESPACE}/app"]
        assert deployment["metadata"]["labels"]["app.kubernetes.io/part-of"] == "preview"


def test_no_value_of_a_variable_is_printed(repository: Path) -> None:
    code, out, _ = preview(platform(repository), "render 123 --set-env TOKEN=correct-horse-battery")
    assert code == 0
    assert "correct-horse" not in out
    assert base64.b64encode(b"correct-horse-battery").decode() not in out


def test_the_script_applies_the_same_policies(repository: Path) -> None:
    root = platform(repository)
    script = root / "devops" / "scripts" / "apply-preview-policies.sh"
    printed = programs.run(root, script, "--print", NAMESPACE).stdout
    with Workspace(root) as workspace:
        applied = objects_of_text(printed.encode(), "script", workspace.pool, lone(workspace.options))
    assert bodies(applied) == bodies(rendered(root, only="policies"))


@pytest.mark.parametrize("arguments", [[], ["other-1"], ["pr-"], ["pr-1", "pr-2"], ["pr-1;id"], ["--print", "pr-x"]])
def test_the_script_takes_namespaces_of_previews_only(arguments: list[str], repository: Path) -> None:
    script = platform(repository) / "devops" / "scripts" / "apply-preview-policies.sh"
    ended = programs.run(repository, script, *arguments)
    assert ended.returncode == 2
    assert "usage:" in ended.stderr


def test_without_a_platform_the_hint_tells_how_to_get_one(repository: Path) -> None:
    code, out, err = preview(repository, "render 1")
    assert (code, out) == (2, "")
    assert "there is no preview platform" in err
    assert "elysium new infra preview-platform" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("render 12345678", "this is no number of a pull request"),
        ("render 1 --set-env 9A=1", "this is no variable"),
        ("render 1 --set-env JUSTAKEY", "this is no variable"),
        ("render 1 --twin --tls edge", "--twin takes none of"),
        ("render 1 --set nothing", "this is no assignment"),
        ("render 1 --compare missing.yml", "missing.yml"),
    ],
)
def test_what_cannot_be_meant_is_named(arguments: str, said: str, repository: Path) -> None:
    code, out, err = preview(platform(repository), arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_links_out_of_the_platform_are_not_followed(repository: Path) -> None:
    root = platform(repository)
    (root / "outside.yaml").write_text("kind: ConfigMap\n", encoding="utf-8")
    quota = root / "devops/k8s/policies/resource-quota.yaml"
    quota.unlink()
    quota.symlink_to(root / "outside.yaml")
    code, out, err = preview(root, "render 1")
    assert (code, out) == (2, "")
    assert "this is a link out of the platform" in err


def test_a_copy_of_the_variables_that_differs_is_named(repository: Path) -> None:
    root = platform(repository)
    edit(root, "default.env", "POOL_SIZE=5", "POOL_SIZE=9")
    code, _, err = preview(root, "render 1")
    assert code == 2
    assert "differs from default.env in POOL_SIZE" in err


def test_values_that_the_chart_refuses_fail_the_render(repository: Path) -> None:
    code, out, err = preview(platform(repository), "render 1 --set replicaCount=0 --only application")
    assert code == 1
    assert "replicaCount" in err
    assert "Deployment" not in out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("PREVIEW_DOMAIN=previews.example.org", "", "PREVIEW_DOMAIN is missing"),
        ("PREVIEW_NODE_PORT=30080", "PREVIEW_NODE_PORT=many", "is no port"),
        ("PREVIEW_PREFIX=pr-", "PREVIEW_PREFIX=PR_", "this is no name of a namespace"),
        ("PREVIEW_DOMAIN=previews.example.org", "PREVIEW_DOMAIN=a b", "this is no name of a host"),
    ],
)
def test_a_record_that_cannot_be_used_is_named(old: str, new: str, said: str, repository: Path) -> None:
    root = platform(repository)
    edit(root, "platform.env", old, new)
    code, _, err = preview(root, "edge 1")
    assert code == 2
    assert said in err
