"""Surroundings that fail: the folder, the settings, the cache, the disk, and another run at the same time."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest

from tests.hostile.sandbox import Sandbox
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

GOOD = {
    f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
    **{f"apps/{number}.yaml": config_map(f"settings-{number}", "default", "{a: b}") for number in range(20)},
}


@pytest.fixture
def good(sandbox: Sandbox) -> Sandbox:
    """A sandbox with a repository that is fine."""
    write_repository(sandbox.repository, GOOD)
    return sandbox


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no Flux objects here"),
        ({"README.md": "nothing"}, "no Flux objects here"),
        ({"a.yaml": config_map("a", "b", "{}")}, "no Flux objects here"),
        ({**GOOD, "elysium.toml": "flux = \n"}, "elysium.toml"),
        ({**GOOD, "elysium.toml": "fluxx = '2.9'\n"}, "fluxx"),
        ({**GOOD, "elysium.toml": "flux = 3\n"}, "elysium.toml"),
        ({**GOOD, "elysium.toml": "kubernetes = '1.99'\n"}, "1.99"),
        ({**GOOD, "elysium.toml": "sources = ['chart-repo=https://x=absent']\n"}, "absent"),
        ({**GOOD, "elysium.toml": "\0"}, "elysium.toml"),
    ],
)
def test_what_cannot_be_checked_ends_with_2(sandbox: Sandbox, files: dict[str, str], said: str) -> None:
    write_repository(sandbox.repository, files)
    outcome = sandbox.run("check")
    assert (outcome.code, outcome.out) == (2, ""), outcome.said
    assert said in outcome.err
    assert "hint: " in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "absent"], "absent"),
        (["check", "--revision", "HEAD"], "not a git repository"),
        (["check", "--revision=--upload-pack=x"], "revision"),
        (["check", "--cluster", "nowhere"], "no such cluster"),
        (["render", "--unit", "ks/a/b"], "no unit is named"),
        (["check", "--rules", "nothing"], "nothing"),
        (["check", "--flux-version", "1.0"], "Flux 1.0 is not known"),
        (["check", "--kubernetes-version", "1.99"], "Kubernetes 1.99 is not known"),
        (["check", "--limit-seconds", "0"], "--limit-seconds"),
        (["check", "--no-such-option"], "no-such-option"),
        (["render", "--source", "a=b"], "--source"),
        (["explain", "Deployment/none/none"], "no rendered object"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_arguments_end_with_2(good: Sandbox, arguments: list[str], said: str) -> None:
    outcome = good.run(*arguments)
    assert (outcome.code, outcome.out) == (2, ""), outcome.said
    assert said in outcome.err
    assert "hint: " in outcome.err


def test_an_engine_that_is_no_engine(good: Sandbox) -> None:
    for engine in ("/bin/true", "/bin/cat", "/nowhere", "/etc/passwd"):
        good.extra["ELYSIUM_ENGINE"] = engine
        outcome = good.run("check", within=20)
        assert outcome.code == 2, (engine, outcome.said)
        assert "error: " in outcome.err


def test_a_file_that_cannot_be_read_is_named(good: Sandbox) -> None:
    (good.repository / "apps/fifo.yaml").symlink_to("/dev/zero")
    (good.repository / "apps/zero.yaml").symlink_to("/proc/self/environ")
    assert good.run("check", within=20).code in (0, 1)


@pytest.mark.parametrize("size", [0, 4096, 60_000])
def test_a_full_disk(good: Sandbox, size: int) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    expected = good.run("check", "--cache-dir", str(good.cache / "other"), "-o", "json")
    outcome = good.run("check", "-o", "json", prepare=small_files)
    assert outcome.code == 2 or outcome.out == expected.out, outcome.said
    if outcome.code == 2:
        assert "hint: " in outcome.err, outcome.err
    assert good.run("check", "-o", "json").out == expected.out


def test_a_cache_that_is_no_directory(good: Sandbox) -> None:
    good.cache.rmdir()
    good.cache.write_text("a file")
    outcome = good.run("check")
    assert outcome.code == 0 or "hint: " in outcome.err, outcome.said
    assert good.cache.read_text() == "a file"


def test_a_cache_below_a_place_that_cannot_exist(good: Sandbox) -> None:
    good.extra["ELYSIUM_CACHE"] = "/proc/elysium"
    outcome = good.run("check")
    assert outcome.code == 0 or ("hint: " in outcome.err and outcome.code == 2), outcome.said


def cached_files(sandbox: Sandbox) -> list[Path]:
    return [path for path in sorted(sandbox.cache.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("damage", ["truncated", "garbled", "emptied", "swapped"])
def test_a_damaged_cache_never_gives_a_wrong_answer(good: Sandbox, damage: str) -> None:
    subprocess.run(["git", "init", "-q"], cwd=good.repository, check=True)
    subprocess.run(["git", "add", "."], cwd=good.repository, check=True)
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "a"]
    subprocess.run(commit, cwd=good.repository, check=True)
    expected = good.run("render", "-o", "json").out
    revised = good.run("render", "-o", "json", "--revision", "HEAD").out
    assert cached_files(good)
    for file in cached_files(good):
        data = file.read_bytes()
        if "trees" in file.parts and file.name != "manifest":
            continue  # `cache verify` is for those
        half = len(data) // 2
        changed = {
            "truncated": data[:half],
            "garbled": data[:100] + bytes(255 - byte for byte in data[100:]),
            "emptied": b"",
            "swapped": data[half:] + data[:half],
        }[damage]
        file.write_bytes(changed)
    for _ in range(2):
        outcome = good.run("render", "-o", "json")
        assert (outcome.code, outcome.out) == (0, expected), outcome.err
        outcome = good.run("render", "-o", "json", "--revision", "HEAD")
        assert (outcome.code, outcome.out) == (0, revised), outcome.err


def test_two_runs_at_once_on_one_cache(good: Sandbox) -> None:
    expected = good.run("check", "-o", "json", "--cache-dir", str(good.cache / "other")).out
    runs = [subprocess_of(good) for _ in range(4)]
    for process in runs:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out.decode()) == (0, expected), err.decode()
    assert good.run("check", "-o", "json").out == expected


def subprocess_of(sandbox: Sandbox) -> subprocess.Popen[bytes]:
    return sandbox.start("check", "-o", "json").process
