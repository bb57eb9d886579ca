"""Functions for Fission and templates for Coder: valid specs, code whose tests run, a volume that stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import programs
from tests.scaffold.harness import assert_clean, run, scaffold

DEPLOYED = "new workflow functions"
"""What deploys them: without it, `undeployed-code` says that nothing does."""

TESTS = {
    "python": (Path(sys.executable), "-W", "error", "-m", "unittest"),
    "go": ("go", "test", "./..."),
}


@pytest.mark.parametrize("runtime", ["python", "node", "go"])
@pytest.mark.parametrize("trigger", ["http", "time", "none"])
def test_a_function_passes_the_strict_check(runtime: str, trigger: str, repository: Path) -> None:
    assert_clean(scaffold(repository, f"new function hello --runtime {runtime} --trigger {trigger}", DEPLOYED))


@pytest.mark.parametrize(
    "options",
    [
        "--method POST --route /a/b",
        "--trigger time --schedule '*/5 * * * *'",
        "--timeout 60 --memory 256Mi --cpu 50m",
        "--secrets token,other --namespace functions",
    ],
)
def test_its_options_pass_the_strict_check(options: str, repository: Path) -> None:
    assert_clean(scaffold(repository, f"new function hello {options}", DEPLOYED))


@pytest.mark.parametrize("runtime", sorted(TESTS))
def test_the_tests_of_its_code_pass(runtime: str, repository: Path) -> None:
    scaffold(repository, f"new function hello --runtime {runtime}")
    ended = programs.run(repository / "functions/hello", *TESTS[runtime])
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_two_functions_share_their_environment(repository: Path) -> None:
    assert_clean(scaffold(repository, "new function one", "new function two --trigger time", DEPLOYED))
    assert len(list((repository / "functions/specs").glob("env-*.yaml"))) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("function hello --trigger none --route /x", "route '/x': has a meaning only where trigger == 'http'"),
        ("function hello --route x", "route 'x': begins with / and has no space"),
        ("function hello --timeout 0", "timeout '0': allowed is a whole number from 1 to 3600"),
        ("function hello --runtime rust", "runtime 'rust': allowed is one of python, node, go"),
        ("coder-template dev --memory 9", "memory '9': is more than memory-maximum"),
        ("coder-template dev --architecture s390x", "architecture 's390x': allowed is one of amd64, arm64"),
    ],
)
def test_a_wrong_answer_is_named(arguments: str, says: str, repository: Path) -> None:
    code, _, err = run(repository, f"new {arguments} --yes")
    assert (code, says in err) == (2, True), err
    assert list(repository.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    ["", "--storage-class fast", "--memory 2 --memory-maximum 4 --disk 50", "--architecture arm64 --namespace work"],
)
def test_a_coder_template_passes_the_strict_check(options: str, repository: Path) -> None:
    assert_clean(scaffold(repository, f"new coder-template dev {options}", "new workflow coder"))


def test_the_files_of_a_workspace_stay(repository: Path) -> None:
    scaffold(repository, "new coder-template dev --storage-class fast")
    text = (repository / "coder/templates/dev/main.tf").read_text()
    volume, workload = text.split('resource "kubernetes_deployment"')
    assert 'storage_class_name = "fast"' in volume
    assert "start_count" not in volume
    assert "start_count" in workload
    assert "ghcr.io/coder/envbuilder:" in workload


def test_the_workflow_that_deploys_comes_along_once(repository: Path) -> None:
    scaffold(repository, "new function hello", "new coder-template dev")
    assert (repository / ".github/workflows/functions.yml").is_file()
    assert (repository / ".github/workflows/coder.yml").is_file()
    (repository / ".github/workflows/functions.yml").rename(repository / ".github/workflows/own.yml")
    (repository / ".elysium/workflow/functions.toml").unlink()
    (repository / ".elysium/workflow/functions.base").unlink()
    assert run(repository, "new function second --yes")[0] == 0
    assert not (repository / ".github/workflows/functions.yml").exists()
