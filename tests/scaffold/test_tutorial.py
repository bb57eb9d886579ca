"""The tutorial does what it says: its script makes a repository without a finding, and edits survive what follows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from tests.repositories import files_of
from tests.scaffold.harness import assert_clean, run, sources

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
APPLICATIONS = 12

Edit = Callable[[str], str]


def commands(mark: str) -> list[str]:
    """The calls of the block of the page below the comment that begins with `mark`."""
    found = re.search(rf"<!-- {mark}: [^>]*-->\n```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, mark
    lines = found[1].replace("\\\n", " ").splitlines()
    return [line.removeprefix("elysium ") for line in lines if line and not line.startswith("#")]


def run_all(root: Path, lines: list[str]) -> None:
    for line in lines:
        code, out, err = run(root, line)
        assert code == 0, f"elysium {line}: {code}\n{out}\n{err}"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the script makes of an empty folder. The private key goes where the user's files are."""
    place = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(place / "data"))
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        (place / "home").mkdir()
        run_all(place / "home", commands("the script"))
        yield place / "home"


@pytest.fixture
def home(written: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(written, tmp_path / "home"))


def test_the_script_is_made_of_calls_of_elysium_only() -> None:
    text = PAGE.read_text(encoding="utf-8").split("<!-- the script:")[1].split("```")[1]
    said = [line for line in text.removeprefix("sh\n").replace("\\\n", " ").splitlines() if line]
    assert all(line.startswith(("elysium ", "#")) for line in said)
    assert sum(line.startswith("elysium new app ") for line in said) == APPLICATIONS


def test_a_strict_check_finds_nothing_in_what_the_script_writes(written: Path) -> None:
    assert_clean(written, units=19)


def test_each_of_the_twelve_applications_reaches_the_cluster(written: Path) -> None:
    with Workspace(written, options=Options(sources=sources())) as workspace:
        files = {item.origin.file for unit in workspace.render().units for item in unit.objects}
    applied = {file.split("/")[2] for file in files if file.startswith("apps/base/")}
    assert len(applied) == APPLICATIONS
    assert applied == {path.name for path in (written / "apps/base").iterdir() if path.is_dir()}


def test_a_second_run_changes_nothing(home: Path) -> None:
    before = files_of(home)
    run_all(home, [line for line in commands("the script") if not line.startswith("init ")])
    assert files_of(home) == before


def commented(before: str, after: str) -> Edit:
    """A person puts `after` in place of `before`, which stands there once."""

    def edit(text: str) -> str:
        assert text.count(before) == 1, f"{before!r} stands there {text.count(before)} times"
        return text.replace(before, after)

    return edit


EDITS = {
    "apps/base/kustomization.yaml": commented(
        "  - mealie\n", "  # Every day:\n  - mealie   # recipes\n\n  # now and then\n"
    ),
    "apps/base/mealie/mealie.yaml": commented("memory: 1Gi\n", "memory: 1Gi # pictures\n"),
    "apps/base/mealie/backup.yaml": commented("kind: CronJob\n", "kind: CronJob # asked for by everybody\n"),
    "apps/base/headlamp/release.yaml": commented(
        "      clusterRoleName: view\n", "      # Nobody needs more from a browser.\n      'clusterRoleName':   view\n"
    ),
    "apps/home/kustomization.yaml": commented("resources:\n", "resources: # from the base\n"),
    "clusters/home/config-map.yaml": commented("  TIMEZONE:", "  # where the node stands\n  TIMEZONE:"),
    "infrastructure/controllers/traefik/release.yaml": commented(
        "        memory: 256Mi\n", "        # Ours has many routes.\n        memory: 384Mi\n"
    ),
    "monitoring/configs/kustomization.yaml": commented("  - loki\n", "  - loki # logs\n"),
}


def edit(root: Path) -> None:
    for path, change in EDITS.items():
        (root / path).write_text(change((root / path).read_text(encoding="utf-8")), encoding="utf-8")


def test_edits_and_comments_survive_changed_answers_and_another_application(home: Path, tmp_path: Path) -> None:
    untouched = Path(shutil.copytree(home, tmp_path / "untouched"))
    edit(home)
    for root in (home, untouched):
        run_all(root, commands("the changes"))
    edit(untouched)
    assert files_of(home) == files_of(untouched)
    assert (home / "apps/base/seerr").is_dir()
    assert_clean(home)


def test_a_conflict_is_told_and_can_be_settled_as_the_page_says(home: Path) -> None:
    edit(home)
    file = home / "apps/base/mealie/mealie.yaml"
    before = file.read_bytes()
    code, out, _ = run(home, "new app mealie --memory-limit 2Gi --yes")
    assert code == 1
    told = next(line for line in out.splitlines() if line.startswith("✗ apps/base/mealie/mealie.yaml"))
    assert told in PAGE.read_text(encoding="utf-8")
    assert file.read_bytes() == before
    file.write_bytes(before.replace(b"memory: 1Gi # pictures", b"memory: 2Gi # pictures"))
    run_all(home, ["new app mealie --yes", "new --update --yes"])
    assert b"memory: 2Gi # pictures" in file.read_bytes()


def test_an_application_is_taken_away_as_the_page_says(home: Path) -> None:
    for folder in ("apps/base/ntfy", "monitoring/configs/ntfy"):
        shutil.rmtree(home / folder)
        entered = (home / folder).parent / "kustomization.yaml"
        entered.write_text(entered.read_text(encoding="utf-8").replace("  - ntfy\n", ""), encoding="utf-8")
    assert_clean(home)
    before = files_of(home)
    run_all(home, ["new --update --yes"])
    assert {path for path in files_of(home).keys() ^ before.keys() if not path.startswith(".elysium/")} == set()
    for record in (home / ".elysium/app").glob("ntfy.*"):
        record.unlink()
    before = files_of(home)
    run_all(home, ["new --update --yes"])
    assert files_of(home) == before
