"""Change logs: their entries, what they lack, and what git says."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from elysium.errors import RepositoryError
from elysium.plans.registers import (
    ChangeEntry,
    compose_changes,
    lint_changes,
    lint_history,
    read_changes,
    with_change,
)
from elysium.plans.registers.changes import with_change_value
from tests.gitting import commit, git

TODAY = datetime.date(2026, 11, 21)
LOG = "devops/change-log.md"
TABLE = """\
# Changes of the platform

| date | owner | change | to undo it |
|---|---|---|---|
| 2026-03-02 | bob | quota of 20 previews | revert 1a2b3c4 |
| 2026-03-01 | alice | the edge speaks TLS | `helm rollback edge` |
"""
HEADINGS = """\
# Changes

## 2026-03-02: Quota of 20 previews
- Owner: bob
- Commit: 1a2b3c4, 9f8e7d6c
- Rollback: revert the commit
  and apply it again

## [2026-03-01] The edge speaks TLS

Owner: alice
To undo it: `helm rollback edge`
"""


def test_a_table_is_read() -> None:
    first, second = read_changes(TABLE, LOG).entries
    assert (first.date, first.owner, first.summary, first.line) == ("2026-03-02", "bob", "quota of 20 previews", 5)
    assert second.rollback == "`helm rollback edge`"
    assert lint_changes(read_changes(TABLE, LOG), TODAY) == ()


def test_headings_are_read() -> None:
    first, second = read_changes(HEADINGS, LOG).entries
    assert first.rollback == "revert the commit and apply it again"
    assert first.commits == ("1a2b3c4", "9f8e7d6c")
    assert (second.date, second.summary, second.owner) == ("2026-03-01", "The edge speaks TLS", "alice")
    assert lint_changes(read_changes(HEADINGS, LOG), TODAY) == ()


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("2026-03-02", "2026-02-30", "change-date"),
        ("2026-03-02", "", "change-date"),
        ("2026-03-02", "2027-03-02", "change-date"),
        ("| bob |", "| |", "change-owner"),
        ("| quota of 20 previews |", "| - |", "change-summary"),
        ("| revert 1a2b3c4 |", "| |", "change-rollback"),
    ],
)
def test_what_an_entry_lacks(before: str, after: str, rule: str) -> None:
    assert before in TABLE
    found = lint_changes(read_changes(TABLE.replace(before, after), LOG), TODAY)
    assert [(finding.rule, finding.file, finding.line) for finding in found] == [(rule, LOG, 5)]
    assert found[0].hint


def test_composed_logs_are_read_back_and_a_value_is_replaced_in_place() -> None:
    entries = (ChangeEntry(date="2026-03-01", owner="a | b", summary="x", rollback="y", commit="1a2b3c4d"),)
    log = read_changes(compose_changes(entries), LOG)
    assert [(entry.owner, entry.commits) for entry in log.entries] == [("a | b", ("1a2b3c4d",))]
    assert with_change_value(read_changes(TABLE, LOG), 0, "summary", "a quota").text == TABLE.replace(
        "quota of 20 previews", "a quota"
    )


@pytest.mark.parametrize("text", ["", TABLE, HEADINGS])
def test_an_entry_is_added_and_what_was_there_stays(text: str) -> None:
    entry = "## 2026-04-01: New\n\n- Owner: eve\n- Rollback: none is needed\n"
    log = with_change(text, entry)
    assert text.replace(HEADINGS.partition("\n## ")[0], "") in log or text in log
    assert "New" in [one.summary for one in read_changes(log).entries]
    assert len(read_changes(log).entries) == len(read_changes(text).entries) + 1


class Repository:
    """A repository with a watched folder and a change log."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rows: list[str] = []
        self.change("README.md", "hello", "Begin")
        self.base = git(root, "rev-parse", "HEAD")

    def change(self, path: str, text: str, message: str) -> str:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")
        return commit(self.root, message)

    def log(self, *row: str, message: str = "Write it down") -> str:
        self.rows.append("| " + " | ".join(row) + " |\n")
        return self.change(LOG, self.text, message)

    @property
    def text(self) -> str:
        return "# Changes\n\n| date | owner | change | to undo it | commit |\n|---|---|---|---|---|\n" + "".join(
            self.rows
        )

    def findings(self, span: str = "") -> list[tuple[str, str]]:
        log = read_changes(self.text, LOG)
        found = lint_history(log, self.root, span or f"{self.base}..HEAD", ("devops",))
        return [(finding.rule, finding.message) for finding in found]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def today() -> str:
    return datetime.datetime.now().astimezone().date().isoformat()


def test_a_watched_change_without_an_entry_is_told(repository: Repository) -> None:
    identity = repository.change("devops/quota.yaml", "a: 1\n", "Add a quota")
    repository.change("apps/wiki.yaml", "a: 1\n", "Not watched")
    ((rule, message),) = repository.findings()
    assert rule == "change-missing"
    assert identity[:10] in message
    assert "Add a quota" in message
    assert "devops/quota.yaml" in message


def test_an_entry_covers_the_changes_since_the_entry_before(repository: Repository) -> None:
    repository.change("devops/quota.yaml", "a: 1\n", "Add a quota")
    repository.log(today(), "bob", "a quota", "revert", "")
    assert repository.findings() == []
    repository.change("devops/quota.yaml", "a: 2\n", "Raise the quota")
    assert [rule for rule, _ in repository.findings()] == ["change-missing"]


def test_an_incomplete_entry_covers_nothing(repository: Repository) -> None:
    repository.change("devops/quota.yaml", "a: 1\n", "Add a quota")
    repository.log(today(), "", "a quota", "revert", "")
    assert [rule for rule, _ in repository.findings()] == ["change-missing"]


def test_an_entry_that_names_commits_covers_only_these(repository: Repository) -> None:
    first = repository.change("devops/a.yaml", "a: 1\n", "First")
    second = repository.change("devops/b.yaml", "b: 1\n", "Second")
    repository.log(today(), "bob", "one of two", "revert", first[:10])
    ((_, message),) = repository.findings()
    assert second[:10] in message


def test_touching_the_log_without_a_new_entry_covers_nothing(repository: Repository) -> None:
    repository.log(today(), "bob", "before", "revert", "")
    base = git(repository.root, "rev-parse", "HEAD")
    repository.change("devops/quota.yaml", "a: 1\n", "Add a quota")
    repository.rows[0] = repository.rows[0].replace("| bob |", "|  bob  |")
    repository.change(LOG, repository.text, "Align the table")
    assert [rule for rule, _ in repository.findings(f"{base}..HEAD")] == ["change-missing"]


def test_a_commit_that_is_not_there_or_came_later_is_told(repository: Repository) -> None:
    identity = repository.change("devops/quota.yaml", "a: 1\n", "Add a quota")
    repository.log("2026-01-01", "bob", "long before", "revert", identity)
    repository.log(today(), "bob", "nothing", "revert", "deadbeef")
    messages = [message for rule, message in repository.findings() if rule == "change-commit"]
    assert len(messages) == 2
    assert "after 2026-01-01" in messages[0]
    assert messages[1] == "there is no commit deadbeef"


def test_a_span_without_such_a_revision_says_so(repository: Repository) -> None:
    with pytest.raises(RepositoryError, match="no revision 'nowhere'"):
        repository.findings("nowhere..HEAD")


def test_names_that_look_like_options_and_patterns_are_names(repository: Repository) -> None:
    repository.change("devops/--all", "a", "An odd name")
    repository.change("devops/a\nb", "a", "An odder one")
    found = lint_history(read_changes(repository.text, LOG), repository.root, f"{repository.base}..", ("--all", "*"))
    assert found == ()
    assert [message.count("devops/") for _, message in repository.findings()] == [1, 1]


def test_no_words_of_a_commit_forge_another(repository: Repository) -> None:
    repository.change("devops/a", "a", f"{'0' * 40}\x02\x03\x01{'1' * 40}\n\n{'2' * 40}")
    assert [rule for rule, _ in repository.findings()] == ["change-missing"]


def test_a_plan_in_a_folder_of_a_larger_repository_is_looked_at_from_there(repository: Repository) -> None:
    repository.change("deploy/devops/a.yaml", "a", "Inside")
    repository.change("devops/b.yaml", "b", "Outside")
    found = lint_history(read_changes("", LOG), repository.root / "deploy", f"{repository.base}..", ("devops",))
    assert [finding.message.split(" changed ")[1] for finding in found] == ["devops/a.yaml, and no entry says so"]
