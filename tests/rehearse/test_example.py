"""`elysium rehearse BASE HEAD` on a repository with the example: what is harmless passes, what is not is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gitting import commit

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).resolve().parents[2]
KYRION = ROOT / "examples" / "kyrion"
KEYS = {"version", "base", "head", "server", "verdicts", "workloads", "unknown", "summary"}
VERDICT_KEYS = {"phase", "object", "unit", "action", "message", "hint", "warnings", "file", "line"}
SELECTOR = """\
              - op: add
                path: /spec/selector/matchLabels/tier
                value: push
              - op: add
                path: /spec/template/metadata/labels/tier
                value: push
"""
LABEL = """\
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: Deployment}
            patch: |-
              - op: add
                path: /metadata/labels/build
                value: "1.0+2"
"""


def changed(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} in {path}"
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three commits: the example, another image, and two changes that the API server refuses."""
    root = Path(shutil.copytree(KYRION, tmp_path_factory.mktemp("example") / "kyrion"))
    commit(root)
    changed(root, "apps/base/ntfy/release.yaml", "tag: v2.14.0", "tag: v2.15.0")
    commit(root)
    values = "                value: 60\n"
    changed(root, "apps/base/ntfy/release.yaml", values, values + SELECTOR)
    changed(root, "apps/base/mealie/release.yaml", "\n  values:\n", f"\n{LABEL}  values:\n")
    commit(root)
    return root


def rehearsed(root: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the document of the command, as scripts run it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "elysium", "rehearse", *words, "--repo", str(root), "-o", "json"]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def actions(document: dict[str, Any], phase: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for verdict in document["verdicts"]:
        if verdict["phase"] == phase:
            found[verdict["action"]] = found.get(verdict["action"], 0) + 1
    return found


def named(document: dict[str, Any], action: str) -> dict[str, dict[str, Any]]:
    """The verdicts of an action in the head, by kind and name."""
    found = [item for item in document["verdicts"] if item["phase"] == "head" and item["action"] == action]
    return {f"{item['object']['kind']}/{item['object']['name']}": item for item in found}


def test_another_image_passes_and_there_is_a_way_back(home: Path) -> None:
    code, document = rehearsed(home, "HEAD~2", "HEAD~1", "--rollback")
    assert code == 0
    assert document.keys() >= KEYS
    assert all(verdict.keys() >= VERDICT_KEYS for verdict in document["verdicts"])
    assert actions(document, "base").keys() == {"created"}
    configured = named(document, "configured")  # the chart writes the version into a label of all that it makes
    assert {"HelmRelease/ntfy", "Deployment/ntfy"} < set(configured)
    assert {name.partition("/")[2] for name in configured} == {"ntfy", "ntfy-data"}
    assert set(actions(document, "head")) == {"configured", "unchanged"}
    assert actions(document, "rollback") == actions(document, "head")
    assert [item for item in document["workloads"] if item["state"] != "ready"] == []
    assert (document["summary"]["new"], document["summary"]["unrestored"]) == (0, 0)
    assert list(document["summary"]["leftovers"]) == []


def test_another_selector_and_a_plus_in_a_label_are_refused(home: Path) -> None:
    code, document = rehearsed(home, "HEAD~1", "HEAD")
    assert code == 1
    refused = named(document, "rejected")
    assert set(refused) == {"Deployment/ntfy", "Deployment/recipes"}
    assert "field is immutable" in refused["Deployment/ntfy"]["message"]
    assert refused["Deployment/ntfy"]["unit"]["name"] == "ntfy"
    assert refused["Deployment/ntfy"]["hint"]
    assert "1.0+2" in refused["Deployment/recipes"]["message"]
    assert refused["Deployment/recipes"]["hint"]
    assert document["summary"]["new"] >= 2
