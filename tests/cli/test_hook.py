"""The git hook, run by git itself."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from elysium.api import hook_state
from elysium.cli.main import main
from tests.gitting import commit, git
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

ROOT = Path(__file__).resolve().parents[2]
SECRET = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: default}\nstringData:\n  password: correct-horse\n"
)


@pytest.fixture
def checkout(repository: Path) -> Path:
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/settings.yaml": config_map("settings", "default", "{a: b}"),
    }
    write_repository(repository, files)
    commit(repository)
    return repository


def try_to_commit(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """With no `elysium` on the path: the interpreter that installed the hook runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = kept | {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")}
    command = ["git", "-c", "user.name=T", "-c", "user.email=t@e", "commit", "--quiet", "-m", "Change", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_a_commit_with_a_finding_does_not_happen(checkout: Path) -> None:
    assert main(["hook", "install", str(checkout)]) == 0
    write_repository(checkout, {"apps/login.yaml": SECRET})
    git(checkout, "add", "--all")
    refused = try_to_commit(checkout)
    assert refused.returncode == 1
    assert "plaintext-secret" in refused.stdout + refused.stderr
    git(checkout, "rm", "--quiet", "--force", "apps/login.yaml")
    write_repository(checkout, {"apps/settings.yaml": config_map("settings", "default", "{a: c}")})
    assert try_to_commit(checkout, "--all").returncode == 0


def test_what_a_commit_takes_along_by_itself_is_checked(checkout: Path) -> None:
    write_repository(checkout, {"apps/login.yaml": config_map("login", "default", "{a: b}")})
    commit(checkout)
    main(["hook", "install", str(checkout)])
    write_repository(checkout, {"apps/login.yaml": SECRET})
    assert try_to_commit(checkout, "--all").returncode == 1
    assert try_to_commit(checkout, "--", "apps/login.yaml").returncode == 1


def test_what_is_not_staged_does_not_matter(checkout: Path) -> None:
    main(["hook", "install", str(checkout)])
    write_repository(checkout, {"apps/settings.yaml": config_map("settings", "default", "{a: c}")})
    git(checkout, "add", "--all")
    write_repository(checkout, {"apps/login.yaml": SECRET})
    assert try_to_commit(checkout).returncode == 0


def test_a_foreign_hook_is_left_alone(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = checkout / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    assert main(["hook", "install", str(checkout)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["hook", "remove", str(checkout)]) == 2
    assert main(["hook", "status", str(checkout)]) == 1
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert main(["hook", "install", str(checkout), "--force"]) == 0
    assert main(["hook", "install", str(checkout)]) == 0
    assert main(["hook", "status", str(checkout)]) == 0
    assert main(["hook", "remove", str(checkout)]) == 0
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"


def test_the_directory_that_git_is_told_of_is_used(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "config", "core.hooksPath", ".githooks")
    assert main(["hook", "install", str(checkout)]) == 0
    text = (checkout / ".githooks/pre-commit").read_text()
    assert sys.executable not in text
    git(checkout, "config", "core.hooksPath", str(tmp_path / "shared"))
    assert main(["hook", "install", str(checkout)]) == 2
    assert main(["hook", "install", str(checkout), "--force"]) == 0
    assert (tmp_path / "shared/pre-commit").stat().st_mode & 0o111


def test_a_directory_of_a_checkout_is_what_the_hook_checks(tmp_path: Path) -> None:
    root = tmp_path / "monorepo"
    inner = root / "deploy it"
    inner.mkdir(parents=True)
    write_repository(inner, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/login.yaml": SECRET})
    commit(root)
    assert main(["hook", "install", str(inner)]) == 0
    assert "'deploy it'" in (root / ".git/hooks/pre-commit").read_text()
    git(root, "commit", "--quiet", "--allow-empty", "--no-verify", "-m", "Another")
    assert "plaintext-secret" in try_to_commit(root, "--allow-empty").stderr


def test_a_worktree_shares_the_hook(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert main(["hook", "install", str(tmp_path / "tree")]) == 0
    assert hook_state(checkout).state == "installed"
    write_repository(tmp_path / "tree", {"apps/login.yaml": SECRET})
    git(tmp_path / "tree", "add", "--all")
    assert try_to_commit(tmp_path / "tree").returncode == 1


def test_no_checkout_is_a_mistake(tmp_path: Path) -> None:
    assert main(["hook", "install", str(tmp_path)]) == 2
    assert main(["hook", "status", str(tmp_path / "absent")]) == 2


def test_the_hook_of_the_framework_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from elysium.engine import EnginePool

    with EnginePool(workers=1) as pool:
        text = (ROOT / ".pre-commit-hooks.yaml").read_text()
        hooks = pool.call("yaml.decode", {"text": text})["documents"][0]
    assert [(hook["id"], hook["language"], hook["pass_filenames"]) for hook in hooks] == [
        ("elysium-check", "python", False)
    ]
    program, *arguments = shlex.split(hooks[0]["entry"])
    assert program == "elysium"
    monkeypatch.chdir(checkout)
    assert main(arguments) == 0
    write_repository(checkout, {"apps/login.yaml": SECRET})
    assert main(arguments) == 0
    git(checkout, "add", "--all")
    assert main(arguments) == 1
