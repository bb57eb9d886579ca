"""The whole example repository: its order holds, its fields can be traced, and what is broken in a copy is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.cli.main import main
from elysium.model import FieldSource

KYRION = Path(__file__).resolve().parents[2] / "examples" / "kyrion"
CHAINS = ("infra-controllers>infra-configs>apps", "monitoring-controllers>monitoring-configs")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KYRION, tmp_path / "kyrion"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rules_by_file(root: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with Workspace(root) as workspace:
        for finding in workspace.check().findings:
            found.setdefault(finding.file, set()).add(finding.rule)
    return found


def expect_chains(root: Path) -> int:
    return main(["graph", str(root), *(argument for chain in CHAINS for argument in ("--expect", chain))])


def test_the_two_chains_hold() -> None:
    assert expect_chains(KYRION) == 0


def test_a_broken_chain_is_noticed(copy: Path) -> None:
    replace(copy / "clusters/kyrion/apps.yaml", "  dependsOn:\n    - name: infra-configs\n", "")
    assert expect_chains(copy) == 1


def test_an_edge_more_than_the_chain_is_noticed(copy: Path) -> None:
    more = "    - name: infra-configs\n    - name: infra-controllers\n"
    replace(copy / "clusters/kyrion/apps.yaml", "    - name: infra-configs\n", more)
    assert expect_chains(copy) == 1


def test_waiting_for_what_a_later_tier_makes_is_a_deadlock(copy: Path) -> None:
    late = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: late\n  namespace: flux-system\ndata:\n  LATE: value\n"
    (copy / "apps/kyrion/late.yaml").write_text(late, encoding="utf-8")
    replace(copy / "apps/kyrion/kustomization.yaml", "resources:\n", "resources:\n  - late.yaml\n")
    waits = "        name: cluster-secret-vars\n      - kind: ConfigMap\n        name: late\n"
    replace(copy / "clusters/kyrion/infrastructure.yaml", "        name: cluster-secret-vars\n", waits)
    assert "deadlock" in rules_by_file(copy)["clusters/kyrion/infrastructure.yaml"]


def test_one_run_lints_builds_templates_and_validates(copy: Path) -> None:
    replace(copy / "apps/base/homepage/release.yaml", "kind: HelmRelease\n", "kind: HelmRelease\n  odd: [\n")
    replace(copy / "monitoring/configs/kustomization.yaml", "resources:\n", "resources:\n  - absent.yaml\n")
    replace(copy / "infrastructure/controllers/traefik/release.yaml", "replicas: 2\n", "replicas: many\n")
    policies = "infrastructure/configs/policies/default-deny.yaml"
    replace(copy / policies, "  podSelector: {}\n", "  podSelector: {}\n  podSelectors: {}\n")
    found = rules_by_file(copy)
    assert "yaml-syntax" in found["apps/base/homepage/release.yaml"]
    assert "build-failure" in found["monitoring/configs/kustomization.yaml"]
    assert "values-schema" in found["infrastructure/controllers/traefik/release.yaml"]
    assert "schema" in found[policies]


def test_a_field_that_a_patch_changed_names_the_patch_and_its_line() -> None:
    with Workspace(KYRION) as workspace:
        explanation = workspace.explain("hr/paperless/paperless")
    patched = {field.path: field for field in explanation.fields}["spec.driftDetection.mode"]
    assert patched.source is FieldSource.PATCH
    assert patched.file == "apps/kyrion/kustomization.yaml"
    lines = (KYRION / patched.file).read_text(encoding="utf-8").splitlines()
    assert lines[patched.line - 1 : patched.line + 1] == ["  - target:", "      kind: HelmRelease"]
