"""The five defects of the plan that previews began with: found in `original`, absent from what we write."""

from __future__ import annotations

from pathlib import Path

from elysium.api import Options, Workspace
from elysium.model import Finding
from elysium.previews import Verdict
from tests.previews.platforms import judged, platform, preview
from tests.scaffold.harness import findings

ORIGINAL = Path(__file__).parent / "original"
RULES = (
    "quota-exceeded",
    "quota-rollout",
    "policy-blocks-dependency",
    "policy-blocks-ingress",
    "kubeconfig-mode",
    "workflow-self-hosted-fork",
)


def of_preview(root: Path) -> list[str]:
    """The rules that find something in the rendered preview."""
    code, out, _ = preview(root, "render 123")
    assert code == 0
    with Workspace(root, options=Options(workers=1)) as workspace:
        return sorted({item.rule for item in workspace.check_objects(out.encode(), rules=RULES).findings})


def of_repository(root: Path) -> list[tuple[str, str, int]]:
    """What the rules find in the files."""
    with Workspace(root, options=Options(workers=1)) as workspace:
        found: tuple[Finding, ...] = workspace.check(rules=RULES).findings
    return sorted((item.rule, item.file, item.line) for item in found)


def test_one_the_quota_is_smaller_than_its_defaults() -> None:
    outcome = judged(ORIGINAL)
    assert outcome.fit.verdict is Verdict.DOES_NOT_FIT
    line = next(line for line in outcome.fit.lines if line.resource == "limits.memory")
    assert (line.allowed, line.steady, line.rollout, line.missing) == ("8Gi", "12Gi", "16Gi", "8Gi")
    assert "quota-exceeded" in of_preview(ORIGINAL)


def test_two_the_account_cannot_do_its_work() -> None:
    lacking = {item.step: item.right for item in judged(ORIGINAL).lacking}
    assert lacking["apply the policies"] == "get resourcequotas in pr-123"
    assert lacking["make the namespace"] == "patch namespaces"
    assert lacking["install and upgrade the chart"] == "get serviceaccounts in pr-123"


def test_three_the_database_is_cut_off() -> None:
    blocked = [(way.source, way.target, way.port) for way in judged(ORIGINAL).blocked]
    assert blocked == [("Deployment/pr-123/app", "StatefulSet/pr-123/postgres", 5432)]
    assert "policy-blocks-dependency" in of_preview(ORIGINAL)


def test_four_and_five_the_kubeconfig_and_the_runner() -> None:
    assert of_repository(ORIGINAL) == [
        ("kubeconfig-mode", "devops/edge/k3s-config.yaml", 1),
        ("kubeconfig-mode", "devops/node.md", 4),
        ("workflow-self-hosted-fork", ".github/workflows/preview-deploy.yml", 11),
    ]
    code, out, _ = preview(ORIGINAL, "edge 123")
    assert code == 1
    assert "the administrator's kubeconfig has mode 0644" in out
    assert "www.example.com goes to the cluster, too" in out


def test_none_of_them_is_in_ours(repository: Path) -> None:
    root = platform(repository, workflows=True)
    outcome = judged(root)
    assert outcome.works
    assert (outcome.fit.verdict, outcome.blocked, outcome.unneeded, outcome.lacking) == (Verdict.FITS, (), (), ())
    assert of_preview(root) == []
    assert of_repository(root) == []
    assert preview(root, "edge 123")[0] == 0
    assert findings(root) == []
