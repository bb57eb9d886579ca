"""`elysium new` that is killed, interrupted, run twice at a time, or finds no place to write."""

from __future__ import annotations

import random
import resource
import signal
import time
from pathlib import Path

import pytest

from tests.hostile.sandbox import Sandbox

FILES = 60
THING = (
    'summary = "x"\nversion = "<version>"\n[[files]]\npath = "things/<%= name %>/<%= item %>.txt"\n'
    'template = "a.jinja"\neach = "range(60)"\n[[files]]\npath = "things/<%= name %>/only-<version>.txt"\n'
    'template = "b.jinja"\n[[entries]]\npath = "shared/kustomization.yaml"\nvalue = "<%= name %>"\n'
)
LINE = "<%= name %> <%= item %> <version>\n"


def of_version(sandbox: Sandbox, version: str) -> None:
    folder = sandbox.repository / "components" / "thing"
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "component.toml").write_text(THING.replace("<version>", version))
    (folder / "templates" / "a.jinja").write_text((LINE * 2000).replace("<version>", version))
    (folder / "templates" / "b.jinja").write_text("only\n")
    (sandbox.repository / "elysium.toml").write_text('components = ["components"]\n')


@pytest.fixture
def writing(sandbox: Sandbox) -> Sandbox:
    """A repository with a component of sixty files."""
    sandbox.writes = True
    of_version(sandbox, "1")
    return sandbox


def assert_whole(sandbox: Sandbox, name: str, version: str) -> None:
    folder = sandbox.repository / "things" / name
    assert len(list(folder.iterdir())) == FILES + 1, sorted(path.name for path in folder.iterdir())
    for number in range(FILES):
        assert (folder / f"{number}.txt").read_text() == f"{name} {number} {version}\n" * 2000
    left = [path for path in sandbox.repository.rglob("*") if "elysium-new" in path.name or path.suffix == ".tmp"]
    assert left == []


def assert_no_part_of_a_file(sandbox: Sandbox, name: str) -> None:
    whole = [f"{name} {number} {version}\n" * 2000 for number in range(FILES) for version in "12"]
    for path in (sandbox.repository / "things" / name).glob("[0-9]*.txt"):
        assert path.read_text() in whole, path


def begins_to_write(sandbox: Sandbox, name: str) -> bool:
    folder = sandbox.repository / "things" / name
    return folder.is_dir() and any(folder.iterdir())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_kill_at_any_moment_leaves_whole_files_and_the_next_run_ends_it(
    writing: Sandbox, number: signal.Signals
) -> None:
    """Some moments are while it writes: waiting for the first file hits them."""
    chance = random.Random(number)
    for turn in range(3):
        name = f"t{turn}"
        running = writing.start("new", "thing", name, "--yes")
        deadline = time.monotonic() + 30
        first = writing.repository / "things" / name / "0.txt"
        while running.process.poll() is None and time.monotonic() < deadline:
            if first.exists() if turn else begins_to_write(writing, name):
                break
        time.sleep(0 if turn else chance.uniform(0, 0.03))
        running.signal(number)
        running.finish(20)
        assert_no_part_of_a_file(writing, name)
        again = writing.run("new", "thing", name, "--yes")
        assert again.code == 0, again.said
        assert_whole(writing, name, "1")


def test_a_kill_of_an_update_leaves_nothing_that_has_to_be_mended(writing: Sandbox) -> None:
    """Every kill is a little later; the next update says no conflict, and what is gone is gone."""
    names = [f"t{turn}" for turn in range(5)]
    assert writing.run("new", "thing", ",".join(names), "--yes").code == 0
    of_version(writing, "2")
    for turn, name in enumerate(names):
        running = writing.start("new", "thing", name, "--yes")
        first = writing.repository / "things" / name / "0.txt"
        deadline = time.monotonic() + 30
        while running.process.poll() is None and time.monotonic() < deadline and first.read_text().endswith("1\n"):
            time.sleep(0.0005)
        time.sleep(0.004 * turn)
        running.signal(signal.SIGKILL)
        running.finish(20)
        assert_no_part_of_a_file(writing, name)
        again = writing.run("new", "thing", name, "--yes")
        assert again.code == 0, again.said
        assert_whole(writing, name, "2")
        assert not (writing.repository / "things" / name / "only-1.txt").exists()


def test_runs_at_the_same_time_lose_nothing(writing: Sandbox) -> None:
    """Each either writes all, or says that something changed, writes nothing, and does it when run again."""
    names = [f"t{number}" for number in range(4)]
    running = {name: writing.start("new", "thing", name, "--yes") for name in names}
    for name, one in running.items():
        outcome = one.finish(120)
        assert outcome.code in (0, 2), outcome.said
        if outcome.code == 2:
            assert "somebody changed this in the meantime" in outcome.err
            assert not begins_to_write(writing, name)
            assert writing.run("new", "thing", name, "--yes").code == 0
    for name in names:
        assert_whole(writing, name, "1")
    shared = (writing.repository / "shared/kustomization.yaml").read_text()
    assert [line.strip(" -") for line in shared.splitlines()[3:]] == names


def test_what_a_person_writes_meanwhile_is_not_written_over(writing: Sandbox) -> None:
    """Between the reading and the writing, here while a template takes its time."""
    slow = "<% for a in range(1000) %><% for b in range(1000) %><% endfor %><% endfor %>x"
    folder = writing.repository / "components" / "thing"
    (folder / "templates" / "n.jinja").write_text(slow)
    described = (folder / "component.toml").read_text()
    (folder / "component.toml").write_text('notes = "n.jinja"\n' + described)
    assert writing.run("new", "thing", "one", "--yes").code == 0
    shared = writing.repository / "shared/kustomization.yaml"
    running = writing.start("new", "thing", "two", "--yes")
    while running.process.poll() is None and "- mine" not in shared.read_text():
        shared.write_text(shared.read_text() + "  - mine\n")
    outcome = running.finish(60)
    assert "- mine" in shared.read_text()
    assert "- one" in shared.read_text()
    assert outcome.code == 0 or not begins_to_write(writing, "two")


@pytest.mark.parametrize("size", [0, 4096, 10_000])
def test_a_full_disk_leaves_nothing(writing: Sandbox, size: int) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    outcome = writing.run("new", "thing", "a", "--yes", prepare=small_files)
    assert outcome.code == 2, outcome.said
    assert "hint: " in outcome.err
    assert sorted(path.name for path in writing.repository.iterdir()) == ["components", "elysium.toml"]


def test_a_folder_in_the_place_of_a_file(writing: Sandbox) -> None:
    (writing.repository / "things/a/7.txt").mkdir(parents=True)
    outcome = writing.run("new", "thing", "a", "--yes")
    assert outcome.code == 2, outcome.said
    assert [path.name for path in (writing.repository / "things/a").iterdir()] == ["7.txt"]


def test_a_file_in_the_place_of_a_folder(writing: Sandbox) -> None:
    (writing.repository / "things").write_text("mine")
    outcome = writing.run("new", "thing", "a", "--yes")
    assert outcome.code == 2, outcome.said
    assert "hint: " in outcome.err
    assert (writing.repository / "things").read_text() == "mine"


def test_what_a_kill_left_beside_a_file_goes(writing: Sandbox) -> None:
    left = Path(writing.repository / "things/a/.0.txt.0123456789ab.elysium-new")
    left.parent.mkdir(parents=True)
    left.write_text("half")
    assert writing.run("new", "thing", "a", "--yes").code == 0
    assert_whole(writing, "a", "1")
