"""Of a wrong Pod Security label only what is spelled otherwise is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from tests.repositories import CLUSTER, kustomization, write_repository

NAMESPACE = """apiVersion: v1
kind: Namespace
metadata:
  name: web
  labels:
    pod-security.kubernetes.io/{label}
"""


@pytest.mark.parametrize(
    ("label", "mended"),
    [
        ("enforce: Baseline # all of it", "enforce: baseline # all of it"),
        ('warn-version: "1.30"', 'warn-version: "v1.30"'),
        ("warn-version: V1.30", "warn-version: v1.30"),
        ("enforce: strict", ""),
        ("warn-version: newest", ""),
        ("deny: baseline", ""),
    ],
)
def test_a_level_or_version_is_spelled_right(repository: Path, label: str, mended: str) -> None:
    text = NAMESPACE.format(label=label)
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/namespace.yaml": text}
    with Workspace(write_repository(repository, files), options=Options(workers=1)) as workspace:
        (finding,) = workspace.check(rules=("invalid-pod-security-label",)).findings
    expected = [f"    pod-security.kubernetes.io/{mended}\n"] if mended else []
    assert [edit.new for edit in finding.edits] == expected
    assert all(text.splitlines(keepends=True)[edit.line - 1] == edit.old for edit in finding.edits)
