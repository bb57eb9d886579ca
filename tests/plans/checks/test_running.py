"""Commands of a plan: what they may see, how they end, and that nothing of them is left."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import elysium
from elysium.plans.commands import run_command
from tests.plans.checks.asking import ask, opened, write


def _left(mark: str) -> list[str]:
    """Processes whose arguments hold a mark."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = entry.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if mark in text:
            found.append(text)
    return found


def _seconds() -> str:
    """A length of sleep that nobody else sleeps."""
    return f"60.{secrets.randbelow(10**9):09d}"


def test_a_command_that_ends_well_passes_with_its_evidence(repository: Path) -> None:
    write(repository, {"a.txt": "x\n"})
    with opened(repository, allow_commands=True) as world:
        outcome = ask(world, "run cat a.txt")
    (evidence,) = outcome.evidence
    assert (outcome.result, outcome.reason) == ("pass", "`cat a.txt` ended well: x")
    assert (evidence.command, evidence.exit) == ("cat a.txt", 0)
    assert evidence.digest == "sha256:73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac"


def test_a_command_that_fails_fails_with_its_exit_code(repository: Path) -> None:
    with opened(repository, allow_commands=True) as world:
        outcome = ask(world, 'run sh -c "echo broken; exit 3"')
    assert (outcome.result, outcome.evidence[0].exit) == ("fail", 3)
    assert outcome.reason.endswith("exit code 3: broken")


def test_a_command_that_is_not_installed_is_unknown(repository: Path) -> None:
    with opened(repository, allow_commands=True) as world:
        outcome = ask(world, "run no-such-program --version")
    assert (outcome.result, "cannot be started" in outcome.reason) == ("unknown", True)


def test_there_is_no_shell(repository: Path) -> None:
    with opened(repository, allow_commands=True) as world:
        assert ask(world, "run echo $HOME ; touch made").reason.endswith("$HOME ; touch made")
    assert not (repository / "made").exists()


def test_secrets_of_the_surroundings_are_not_passed_on(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_hidden0000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    with opened(repository, allow_commands=True) as world:
        assert ask(world, 'run sh -c "test -z \\"$GITHUB_TOKEN$AWS_SECRET_ACCESS_KEY\\""').result == "pass"


@pytest.mark.parametrize(
    "line",
    ["password=hunter2hunter", "token: hunter2hunter", "Authorization: Bearer hunter2", "https://me:hunter2@host/",
     "ghp_hunter2hunter2hunter2", "AGE-SECRET-KEY-1HUNTER2HUNTER2"],
)  # fmt: skip
def test_what_looks_like_a_secret_is_not_kept(repository: Path, line: str) -> None:
    ended = run_command(["echo", line], repository)
    assert "hunter2" not in str(ended).lower()


def test_a_secret_of_the_repository_is_not_kept(repository: Path) -> None:
    from tests.plans.checks.asking import CLUSTER

    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: wiki}\nstringData: {k: longenoughvalue}\n"
    files = CLUSTER | {"apps/kustomization.yaml": "resources: [secret.yaml]\n", "apps/secret.yaml": secret}
    with opened(write(repository, files), allow_commands=True) as world:
        assert "longenoughvalue" not in ask(world, "run tail -c 20 apps/secret.yaml").reason


def test_the_last_line_cannot_steer_a_terminal(repository: Path) -> None:
    ended = run_command(["printf", "\\033[2Jone\\n\\033]0;x\\007two\\n\\n"], repository)
    assert "\x1b" not in ended.last
    assert ended.last.endswith("two")
    assert len(run_command(["printf", "x%.0s", *map(str, range(500))], repository).last) < 210


def test_a_command_that_hangs_is_ended(repository: Path) -> None:
    seconds = _seconds()
    started = time.monotonic()
    ended = run_command(
        ["sh", "-c", f"trap '' TERM INT HUP; sleep {seconds}; sleep {seconds}"], repository, seconds=0.5
    )
    assert (ended.exit, "longer than 0.5 seconds" in ended.problem) == (None, True)
    assert time.monotonic() - started < 3
    assert not _left(seconds)


def test_a_command_that_closes_its_output_and_hangs_is_ended(repository: Path) -> None:
    seconds = _seconds()
    ended = run_command(["sh", "-c", f"exec >&- 2>&-; sleep {seconds}"], repository, seconds=0.5)
    assert "longer" in ended.problem
    assert not _left(seconds)


def test_what_a_command_leaves_behind_is_ended(repository: Path) -> None:
    seconds = _seconds()
    ended = run_command(["sh", "-c", f"sleep {seconds} & echo begun"], repository)
    assert (ended.exit, ended.last) == (0, "begun")
    assert not _left(seconds)


def test_what_leaves_the_session_is_ended_too(repository: Path) -> None:
    seconds = _seconds()
    run_command(["sh", "-c", f"setsid sh -c 'sleep {seconds}' & setsid sleep {seconds} & echo begun"], repository)
    assert not _left(seconds)


def test_a_command_that_forks_on_and_on_is_ended(repository: Path) -> None:
    mark = secrets.token_hex(8)
    script = f"# {mark}\nn=0; while [ $n -lt 200 ]; do n=$((n+1)); (while :; do sleep 1; done) & done; wait"
    ended = run_command(["sh", "-c", script], repository, seconds=1)
    assert "longer" in ended.problem
    assert not _left(mark)


def test_a_flood_is_ended(repository: Path) -> None:
    started = time.monotonic()
    ended = run_command(["yes"], repository, seconds=30, most=1 << 20)
    assert (ended.exit, ended.problem) == (None, "it printed too much")
    assert time.monotonic() - started < 5


def test_a_command_gets_no_input(repository: Path) -> None:
    assert run_command(["cat"], repository, seconds=5).exit == 0


def test_a_time_can_be_given(repository: Path) -> None:
    with opened(repository, allow_commands=True) as world:
        outcome = ask(world, "run within=1s sleep 30")
    assert (outcome.result, "longer than 1 seconds" in outcome.reason) == ("fail", True)


def test_it_runs_at_the_root(repository: Path) -> None:
    with opened(repository, allow_commands=True) as world:
        assert ask(world, "run pwd").reason.endswith(os.path.realpath(repository))


def test_an_interruption_ends_what_runs(repository: Path) -> None:
    seconds = _seconds()
    plan = f'# Plan\n\n- It runs <!-- plan: check="run within=50s sleep {seconds}" -->\n'
    write(repository, {"PLAN.md": plan, "README.md": "x\n"})
    command = [sys.executable, "-m", "elysium", "plan", "verify", "PLAN.md", "--allow-commands"]
    environment = os.environ | {"PYTHONPATH": str(Path(elysium.__file__).parents[1])}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=repository, env=environment, stdout=quiet, stderr=quiet) as running:
        deadline = time.monotonic() + 20
        while not any(text.startswith("sleep") for text in _left(seconds)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _left(seconds), "it never began"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=10) != 0
    assert not _left(seconds)
