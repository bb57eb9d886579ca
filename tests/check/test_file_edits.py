"""What the rules about files mend without anybody's judgement."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.model import Edit
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

LIST = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
PATCH = config_map("a", "web", "{a: c}")


def edits(root: Path, rule: str) -> tuple[Edit, ...]:
    with Workspace(root, options=Options(workers=1)) as workspace:
        return tuple(edit for finding in workspace.check(rules=(rule,)).findings for edit in finding.edits)


def mended(root: Path, rule: str, file: str) -> str:
    """The file with every edit applied: whole lines, from below, and each still reads what the edit says."""
    lines = (root / file).read_text(encoding="utf-8").splitlines(keepends=True)
    for edit in sorted((item for item in edits(root, rule) if item.file == file), key=lambda item: -item.line):
        old = edit.old.splitlines(keepends=True)
        assert lines[edit.line - 1 : edit.line - 1 + len(old)] == old
        lines[edit.line - 1 : edit.line - 1 + len(old)] = edit.new.splitlines(keepends=True)
    return "".join(lines)


def repository_with(root: Path, listed: str) -> Path:
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/kustomization.yaml": listed,
        "apps/base/kustomization.yaml": LIST + "resources: [a.yaml]\n",
        "apps/base/a.yaml": config_map("a", "web", "{a: b}"),
        "apps/patch.yaml": PATCH,
    }
    return write_repository(root, files)


def test_bases_become_resources(repository: Path) -> None:
    root = repository_with(repository, LIST + "bases: # all of it\n  - base\n")
    assert (
        mended(root, "kustomize-deprecated", "apps/kustomization.yaml") == LIST + "resources: # all of it\n  - base\n"
    )


def test_lists_of_files_become_patches(repository: Path) -> None:
    root = repository_with(repository, LIST + "resources: [base]\npatchesStrategicMerge:\n- patch.yaml # one\n")
    expected = LIST + "resources: [base]\npatches:\n- path: patch.yaml # one\n"
    assert mended(root, "kustomize-deprecated", "apps/kustomization.yaml") == expected


@pytest.mark.parametrize(
    "listed",
    [
        "resources: []\nbases: [base]\n",
        "resources: [base]\npatches: []\npatchesStrategicMerge:\n- patch.yaml\n",
        "resources: [base]\npatchesStrategicMerge:\n- |-\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n",
        "resources: [base]\ncommonLabels: {a: b}\n",
    ],
)
def test_what_needs_judgement_has_no_edit(repository: Path, listed: str) -> None:
    assert not edits(repository_with(repository, LIST + listed), "kustomize-deprecated")


def test_style_changes_no_value(repository: Path) -> None:
    head = "apiVersion: v1\nkind: ServiceAccount{}\nmetadata:\n  name: a{}\n  namespace: web\n"
    tail = "  annotations:\n    a: |\n      x  \n    b: c"
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/a.yaml": head.format(" ", "\t") + tail}
    expected = head.format("", "") + tail + "\n"
    assert mended(write_repository(repository, files), "yaml-style", "apps/a.yaml") == expected


@pytest.mark.parametrize("last", ["  a: |\n    x", "  a: >-\n    x  ", "  - |2\n     x "])
def test_the_end_of_a_block_is_content(repository: Path, last: str) -> None:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: web}\ndata:\n"
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/a.yaml": head + last}
    assert not edits(write_repository(repository, files), "yaml-style")
