"""The request of a device follows its limit, and nothing else of the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from tests.repositories import CLUSTER, kustomization, write_repository

POD = """apiVersion: v1
kind: Pod
metadata: {{name: app, namespace: web}}
spec:
  containers:
    - name: main
      image: registry.example.org/app:1.0.0
      resources:
        requests:
          {request}
        limits:
          {limit}
"""


@pytest.mark.parametrize(
    ("request_", "limit", "new"),
    [
        ("gpu.intel.com/i915: 1", 'gpu.intel.com/i915: "2"', '          gpu.intel.com/i915: "2"\n'),
        ('"nvidia.com/gpu": 2', "nvidia.com/gpu: 1", "          nvidia.com/gpu: 1\n"),
        ("nvidia.com/gpu: 2 # two cards", "nvidia.com/gpu: 1", ""),
        ("{nvidia.com/gpu: 2, cpu: 1}", "nvidia.com/gpu: 1", ""),
    ],
)
def test_only_a_line_of_its_own_is_changed(repository: Path, request_: str, limit: str, new: str) -> None:
    text = POD.format(request=request_, limit=limit)
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/pod.yaml": text}
    with Workspace(write_repository(repository, files), options=Options(workers=1)) as workspace:
        (finding,) = workspace.check(rules=("extended-resource-mismatch",)).findings
    assert [edit.new for edit in finding.edits] == ([new] if new else [])
    assert all(text.splitlines(keepends=True)[edit.line - 1] == edit.old for edit in finding.edits)
