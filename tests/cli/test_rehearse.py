"""`elysium rehearse` on a small repository: what people type, what they read, and how it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from elysium.cli.main import main
from elysium.cli.rehearsing import Announcement
from elysium.present.rehearsal_records import RehearsalRecord
from elysium.rehearse.types import Phase, Step
from tests.cli.test_asking import on_a_terminal
from tests.gitting import commit
from tests.repositories import CLUSTER, kustomization, write_repository

SOURCES = Path(__file__).resolve().parents[2] / "src"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: site, namespace: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers: [{name: site, image: "registry.example.org/site:1.0.0"}]
"""
SETTINGS = 'kubernetes = "1.36"\n'


def ended(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a repository, without a terminal; a kubeconfig that nobody may read is at hand."""
    environment = os.environ | {"PYTHONPATH": str(SOURCES), "KUBECONFIG": str(root)}
    command = [sys.executable, "-m", "elysium", "rehearse", *words]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three commits: what runs, a change that no API server takes, and a harmless one in the working tree."""
    root = tmp_path_factory.mktemp("rehearse") / "home"
    root.mkdir()
    files = {f"{CLUSTER}/web.yaml": kustomization("web", "./apps/web"), "apps/web/namespace.yaml": NAMESPACE}
    write_repository(root, {**files, "elysium.toml": SETTINGS, "apps/web/site.yaml": DEPLOYMENT})
    commit(root)
    write_repository(root, {"apps/web/site.yaml": DEPLOYMENT.replace("app: site", "app: shop")})
    commit(root)
    write_repository(root, {"apps/web/site.yaml": DEPLOYMENT.replace("replicas: 1", "replicas: 2")})
    return root


def test_a_selector_that_changes_is_refused_in_the_document_of_the_contract(home: Path) -> None:
    done = ended(home, "HEAD~1", "HEAD", "-o", "json")
    assert (done.returncode, done.stderr) == (1, "")
    found = msgspec.json.decode(done.stdout, type=RehearsalRecord)
    refused = [item for item in found.verdicts if item.action == "rejected"]
    assert [(item.phase, item.object.kind, item.cause) for item in refused] == [("head", "Deployment", "immutable")]
    assert "field is immutable" in refused[0].message
    assert (refused[0].file, refused[0].line) == ("apps/web/site.yaml", 1)
    assert refused[0].unit.name == "web"
    assert found.summary.new >= 1
    assert found.server.version.startswith("v1.")


def test_a_harmless_change_of_the_working_tree_passes_and_leads_back(home: Path) -> None:
    done = ended(home, "HEAD~1", "--rollback")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert any(text.startswith("  ~ configured  Deployment/web/site") for text in lines)
    assert lines[-2] == "✓ the way back gives every object back"
    assert lines[-1].startswith("✓ the API server accepts all of it: 1 configured")


def test_on_a_terminal_nothing_of_the_timeline_stays(home: Path) -> None:
    code, screen = on_a_terminal(home, "rehearse HEAD~1 --no-controllers", "")
    assert code == 0
    assert "applying" in screen or "base" in screen
    assert "\x1b[?25h" in screen
    last = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.rstrip().splitlines()[-1])
    assert last.startswith("✓ the API server accepts all of it")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--snapshot"], "no cluster to read"),
        (["--snapshot", "--context", "home", "a.json", "b.json"], "a snapshot is one file"),
        (["--context", "home"], "nobody is here to answer"),
        (["--context", "nowhere", "--yes"], "nowhere"),
        (["nonsense"], "there is no revision 'nonsense'"),
        (["HEAD", "nonsense"], "there is no revision 'nonsense'"),
        (["--facts", "missing.json"], "missing.json"),
        (["--cluster", "elsewhere"], "elsewhere"),
        (["-o", "yaml"], "yaml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_rehearsed_exits_with_2(
    home: Path,
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(home)
    assert main(["rehearse", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert said in told.err


def test_a_build_is_announced_once_where_nobody_sees_its_progress(capsys: pytest.CaptureFixture[str]) -> None:
    announcement = Announcement()
    announcement(Step(state="booting", message="starting the control plane"))
    announcement(Step(state="booting", message="compiling the control plane", total=900))
    announcement(Step(state="booting", message="compiling k8s.io/api", done=1, total=900))
    announcement(Step(state="applying", phase=Phase.BASE, total=3))
    assert capsys.readouterr().err == "note: compiling the control plane: this takes some minutes, once\n"


def test_a_cluster_that_is_not_ours_is_asked_for_first(home: Path) -> None:
    code, screen = on_a_terminal(home, "rehearse --context home", "n\n")
    assert code == 2
    assert "The cluster of context home is filled; throw it away afterwards." in screen
    assert "nothing was applied" in screen
