"""`elysium plan status`, `plan export` and `plan registers` as they are run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from elysium.plans.exporting import archived_texts
from tests.gitting import commit, git
from tests.repositories import CLUSTER, config_map, files_of, kustomization, write_repository
from tests.scaffold.harness import run

PLAN = """\
# Wiki

## Phase 1 – Files ⏳ <!-- plan: owner=alice -->

- [ ] The folder <!-- plan: id=FOLDER check="exists apps" due=2026-01-01 -->

## Phase 2 – Names

- ✅ The name <!-- plan: id=NAME needs=FOLDER check="exists dns/wiki" due=2026-01-01 -->
"""
FILES = {
    f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
    "apps/a.yaml": config_map("a", "web", "{a: b}"),
    "plans/wiki.md": PLAN,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_repository(tmp_path, FILES)
    commit(tmp_path)
    return tmp_path


def text_of(root: Path, path: str = "plans/wiki.md") -> str:
    return (root / path).read_bytes().decode()


def test_wrong_marks_make_it_fail_and_are_fixed_once(root: Path) -> None:
    code, out, _ = run(root, "plan status plans/wiki.md")
    assert code == 1
    assert "typed marks that are not so" in out
    run(root, "plan status plans/wiki.md --fix-marks")
    fixed = text_of(root)
    assert fixed == PLAN.replace("Files ⏳", "Files ✅").replace("[ ]", "[x]").replace("✅ The name", "⏳ The name")
    assert run(root, "plan status plans/wiki.md --fix-marks")[0] == 0
    assert text_of(root) == fixed
    assert run(root, "plan status plans/wiki.md --strict")[0] == 1, "the name is overdue"


def test_what_is_archived_has_the_fixed_marks_and_the_log_keeps_its_bytes(root: Path) -> None:
    (root / "plans/CHANGES.md").write_bytes(b"# Changes\r\n\r\nOurs.\r\n\r\n## 2025-01-01: Old\r\n- Owner: bob\r\n")
    run(root, "plan status plans/wiki.md --fix-marks --archive-done")
    log = text_of(root, "plans/CHANGES.md")
    assert log.startswith("# Changes\r\n\r\nOurs.\r\n\r\n")
    assert log.endswith("## 2025-01-01: Old\r\n- Owner: bob\r\n")
    (moved,) = archived_texts(log)
    assert moved.startswith("## Phase 1 – Files ✅")
    assert "Phase 1" not in text_of(root)
    assert "- ⏳ The name <!-- plan: id=NAME check=" in text_of(root)


def test_a_change_log_that_is_a_link_is_not_followed(root: Path) -> None:
    outside = root.parent / "outside.md"
    outside.write_text("secret\n", encoding="utf-8")
    (root / "plans/CHANGES.md").symlink_to(outside)
    code, _, err = run(root, "plan status plans/wiki.md --archive-done")
    assert code == 2
    assert "CHANGES.md" in err
    assert outside.read_text(encoding="utf-8") == "secret\n"
    assert text_of(root) == PLAN


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_every_form_of_the_status_changes_no_file(root: Path, form: str) -> None:
    before = files_of(root)
    code, out, err = run(root, f"plan status plans/wiki.md --by owner,due --items -o {form}")
    assert (code, err) == (1, "")
    assert "alice" in out
    assert files_of(root) == before


def test_the_contract_for_scripts(root: Path) -> None:
    _, out, _ = run(root, "plan status plans/wiki.md -o json")
    document = json.loads(out)
    assert {"items", "summary", "contradictions"} <= set(document)
    assert {"id", "title", "phase", "section", "owner", "result", "reason", "evidence"} <= set(document["items"][0])
    _, out, _ = run(root, "plan export plans/wiki.md --format json")
    assert {"items", "summary", "plan"} <= set(json.loads(out))
    _, out, _ = run(root, "plan export plans/wiki.md --format markdown")
    assert out == "".join(line.split(" <!--")[0].rstrip("\n") + "\n" for line in PLAN.splitlines())


def test_issues_are_files_and_a_calendar_is_one(root: Path) -> None:
    assert run(root, "plan export plans/wiki.md --format issues -o out/issues/")[0] == 0
    payload = json.loads(text_of(root, "out/issues/payloads/0001-folder.json"))
    assert payload["labels"] == ["phase: 1", "owner: alice", "kind: custom"]
    assert run(root, "plan export plans/wiki.md --format calendar -o out/wiki.ics")[0] == 0
    assert text_of(root, "out/wiki.ics").count("BEGIN:VEVENT\r\n") == 2


def test_registers_are_judged_and_a_change_log_held_against_git(root: Path) -> None:
    assert run(root, "plan registers")[0] == 0
    base = git(root, "rev-parse", "HEAD")
    log = "| date | who | change | undo |\n|-|-|-|-|\n| 2026-01-01 | bob | quota | |\n"
    write_repository(root, {"devops/change-log.md": log})
    commit(root, "Add a quota")
    code, out, _ = run(root, f"plan registers --change-log devops/change-log.md --since {base} --watch apps -o json")
    assert code == 1
    assert [(item["rule"], item["line"]) for item in json.loads(out)["findings"]] == [("change-rollback", 3)]
    write_repository(root, {"apps/b.yaml": config_map("b", "web", "{a: b}")})
    commit(root, "Add b")
    code, out, _ = run(root, f"plan registers --change-log devops/change-log.md --since {base} --watch apps")
    assert "(Add b) changed apps/b.yaml, and no entry says so" in out


def test_the_register_that_is_scaffolded_waits_for_its_policies_and_then_lacks_nothing(root: Path) -> None:
    assert run(root, "new infra risk-register --yes")[0] == 0
    commit(root)
    code, out, _ = run(root, "plan registers")
    assert code == 1
    assert out.count("elysium.toml has no policy") == 2
    policies = re.findall(r"```toml\n(.*?)```", text_of(root, "RISK_REGISTER.md"), re.DOTALL)[0]
    (root / "elysium.toml").write_text(policies, encoding="utf-8")
    assert run(root, "plan registers")[:2] == (0, "✓ nothing to object to\n")
