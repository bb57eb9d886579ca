"""Every option of the platform and of its workflows, alone and together: nothing for a strict check to object to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.previews.platforms import ANSWERS, platform, preview
from tests.repositories import files_of
from tests.scaffold.harness import findings, run, scaffold

OPTIONS = (
    "namespace-prefix=preview-",
    "runner-label=plasma",
    "app-port=4000",
    "health-path=/status?full=1",
    "setup-command=/app/bin/oli eval 'Oli.Release.setup'",
    "environment=LOG_LEVEL=info,FEATURE_X=on",
    "database=none",
    "object-store=none",
    "buckets=uploads,exports",
    "quota-memory=6Gi",
    "quota-storage=10Gi",
    "quota-pods=20",
    "node-port=31000",
    "edge-source=10.0.0.2",
    "tls=cert-manager",
    "certificate-file=/etc/ssl/previews.pem",
    "external-dns=true",
    "ingress-namespace=traefik",
    "ingress-class=internal",
    "traefik-chart=40",
    "gitops=false",
)
TOGETHER = (
    ("tls=cert-manager", "external-dns=true", "gitops=false", "database=none", "setup-command=/app/setup"),
    ("tls=cert-manager", "cluster-issuer=letsencrypt-staging", "object-store=none", "ingress-namespace=traefik"),
    ("external-dns=true", "database=none", "object-store=none", "environment=A=1", "traefik-chart=40"),
)


@pytest.mark.parametrize("answers", [*((option,) for option in OPTIONS), *TOGETHER], ids="+".join)
def test_options_pass_the_strict_check_and_the_preview_works(answers: tuple[str, ...], repository: Path) -> None:
    root = platform(repository, *ANSWERS, *answers)
    assert findings(root) == []
    for command in ("fit 5", "edge 5", "fit 5 --twin"):
        code, out, err = preview(root, command)
        assert (code, err) == (0, ""), out
        assert "nothing needs it" not in out
        assert "✗" not in out


@pytest.mark.parametrize(
    "answers",
    [
        "",
        "runner-label=plasma",
        "pull-token-secret=BOT_TOKEN",
        "prune-schedule='0 4 * * 1'",
        "dockerfile=app/Dockerfile",
    ],
)
def test_workflows_pass_the_strict_check(answers: str, repository: Path) -> None:
    root = platform(repository, *ANSWERS)
    given = f"--set {answers}" if answers else ""
    for command in ("new workflow validate", f"new workflow preview {given}", "new workflow chart-publish"):
        code, out, err = run(root, f"{command} --yes")
        assert code == 0, out + err
    assert findings(root) == []


def test_the_workflows_need_the_platform(repository: Path) -> None:
    code, _, err = run(scaffold(repository), "new workflow preview --yes")
    assert code == 2
    assert "infra preview-platform" in err


def test_writing_again_changes_nothing(repository: Path) -> None:
    root = platform(repository, workflows=True)
    before = files_of(root)
    for command in ("new infra preview-platform", "new workflow preview", "new workflow chart-publish"):
        code, out, _ = run(root, f"{command} --yes")
        assert code == 0
        assert "changed" not in out
        assert "created" not in out
    assert files_of(root) == before
