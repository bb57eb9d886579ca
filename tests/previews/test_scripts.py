"""The scripts that workflows and people run."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests import programs
from tests.previews.platforms import platform

KUBECTL = """#!/bin/sh
case "$*" in
  *certificate-authority-data*) printf Y2E= ;;
  *cluster.server*) printf https://10.0.0.5:6443 ;;
  "create token preview-deployer --namespace preview-system --duration 2160h") printf short-lived ;;
  *) exit 9 ;;
esac
"""


def script(root: Path, name: str, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}"} if path else None
    return programs.run(root, root / "devops" / "scripts" / name, *arguments, environment=environment)


@pytest.mark.parametrize(
    "arguments",
    [[], ["1", "2"], ["--path"], ["--unknown", "1"], ["--expect", "many", "1"], ["--timeout", "soon", "1"]],
)
def test_the_smoke_test_says_how_it_is_used(arguments: list[str], repository: Path) -> None:
    ended = script(platform(repository), "smoke-test-preview.sh", *arguments)
    assert ended.returncode == 2
    assert "usage: smoke-test-preview.sh" in ended.stderr


def test_a_preview_that_does_not_answer_fails_the_smoke_test(repository: Path) -> None:
    ended = script(platform(repository), "smoke-test-preview.sh", "--timeout", "0", "--edge", "127.0.0.1", "123")
    assert ended.returncode == 1
    assert "failed: https://pr-123.previews.example.org/healthz" in ended.stderr
    assert "expected 200" in ended.stderr


def test_the_kubeconfig_of_the_runner_is_its_own_and_private(repository: Path) -> None:
    root = platform(repository)
    tools = root / "tools"
    tools.mkdir()
    (tools / "kubectl").write_text(KUBECTL, encoding="utf-8")
    (tools / "kubectl").chmod(0o755)
    file = root / "home" / ".kube" / "config"
    for _ in range(2):  # a token is renewed in place
        ended = script(root, "write-deployer-kubeconfig.sh", str(file), path=str(tools))
        assert ended.returncode == 0, ended.stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [path.name for path in file.parent.iterdir()] == ["config"]
    text = file.read_text(encoding="utf-8")
    assert "token: short-lived" in text
    assert "server: https://10.0.0.5:6443" in text
    assert "client-key-data" not in text
    assert "short-lived" not in ended.stdout + ended.stderr


def test_every_script_may_be_run(repository: Path) -> None:
    scripts = list((platform(repository) / "devops" / "scripts").iterdir())
    assert len(scripts) == 3
    assert all(path.stat().st_mode & stat.S_IXUSR for path in scripts)
