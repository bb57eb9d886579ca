"""Ctrl-C and killed workers, at any time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile.sandbox import Running, Sandbox, engines_of
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

APPS = 60


@pytest.fixture
def large(sandbox: Sandbox) -> Sandbox:
    """A repository with sixty applications and a chart for each."""
    files = {"chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"}
    files["chart/templates/a.yaml"] = config_map("{{ .Release.Name }}", "default", "{a: {{ .Values.a | quote }}}")
    for number in range(APPS):
        files[f"{CLUSTER}/app-{number}.yaml"] = kustomization(f"app-{number}", f"./apps/{number}")
        release = helm_release(f"web-{number}", "default", "./chart", f"values: {{a: '{number}'}}\n")
        files[f"apps/{number}/all.yaml"] = release + "---\n" + config_map(f"plain-{number}", "default", "{a: b}")
    write_repository(sandbox.repository, files)
    return sandbox


@pytest.fixture
def expected(large: Sandbox) -> str:
    outcome = large.run("render", "-o", "json", "--cache-dir", str(large.cache / "other"))
    assert outcome.code == 0, outcome.err
    assert outcome.out.count('"kind":"ConfigMap"') == 2 * APPS
    return outcome.out


def python_is_up(running: Running) -> None:
    """Wait until the interpreter runs our code: what happens before is Python's own affair."""
    maps = Path(f"/proc/{running.process.pid}/maps")
    while running.process.poll() is None and "_struct" not in maps.read_text() and "msgspec" not in maps.read_text():
        time.sleep(0.002)


def test_ctrl_c_at_any_time(large: Sandbox, expected: str) -> None:
    """At twelve moments of a cold run, each on a cache of its own that a second run then has to work with."""
    started = time.monotonic()
    assert large.run("render", "-o", "json", "--cache-dir", str(large.cache / "whole")).out == expected
    whole = time.monotonic() - started
    codes = set()
    for moment in range(12):
        cache = str(large.cache / str(moment))
        running = large.start("render", "-o", "json", "--cache-dir", cache)
        python_is_up(running)
        time.sleep(whole * moment / 12)
        running.signal(signal.SIGINT)
        outcome = running.finish(20)
        codes.add(outcome.code)
        if outcome.code == 0:
            assert outcome.out == expected
        else:
            assert (outcome.code, outcome.err) == (130, "error: interrupted\n"), (moment, outcome.err)
        if moment % 3 == 2:
            again = large.run("render", "-o", "json", "--cache-dir", cache)
            assert (again.code, again.out) == (0, expected), again.err
    assert 130 in codes


def test_ctrl_c_of_a_terminal_reaches_everyone(large: Sandbox, expected: str) -> None:
    """A terminal sends it to the whole group, and an impatient person twice."""
    for delay in (0.1, 0.4, 0.8):
        running = large.start("check")
        python_is_up(running)
        time.sleep(delay)
        for _ in range(2):
            if running.process.poll() is None:
                os.killpg(running.process.pid, signal.SIGINT)
        outcome = running.finish(20)
        assert outcome.code in (0, 130), outcome.said
    assert large.run("render", "-o", "json").out == expected


def test_a_kill_of_the_command_leaves_no_engine(large: Sandbox, expected: str) -> None:
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP):
        running = large.start("check")
        python_is_up(running)
        time.sleep(0.5)
        running.signal(number)
        running.finish(20)
    assert large.run("render", "-o", "json").out == expected


def children(large: Sandbox, command: int) -> list[int]:
    return [pid for pid in engines_of(large.mark) if pid != command]


@pytest.mark.parametrize("seed", range(3))
def test_a_worker_killed_in_the_middle(large: Sandbox, expected: str, seed: int) -> None:
    chance = random.Random(seed)
    running = large.start("render", "-o", "json")
    deadline = time.monotonic() + 30
    kills = 0
    while running.process.poll() is None and kills < 4 and time.monotonic() < deadline:
        time.sleep(chance.uniform(0.02, 0.25))
        for pid in children(large, running.process.pid)[:1]:
            if is_engine(pid):
                os.kill(pid, signal.SIGKILL)
                kills += 1
    outcome = running.finish(30)
    assert kills
    if outcome.code == 2:
        assert "error: " in outcome.err
        assert "hint: " in outcome.err
    elif outcome.code == 1:
        assert "the engine died while it worked on this" in outcome.err
    else:
        assert (outcome.code, outcome.out) == (0, expected)
    again = large.run("render", "-o", "json")
    assert (again.code, again.out) == (0, expected), again.err


def is_engine(pid: int) -> bool:
    try:
        return b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_reader_that_goes_away(large: Sandbox) -> None:
    command = [sys.executable, "-m", "elysium", "render"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=large.repository, env=large.environment(), stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(30) == 141, said
    assert said == ""
