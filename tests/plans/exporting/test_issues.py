"""Issues that mirror a plan, as values and as files."""

from __future__ import annotations

import json
import re

from elysium.plans.exporting import issue_files, issues_by_item, issues_by_phase
from elysium.plans.types import Item, ItemList, Mark, Part, PartKind, Plan
from tests.plans.exporting.plans import plan


def test_every_item_outside_of_others_is_an_issue() -> None:
    found = issues_by_item(plan())
    assert [issue.key for issue in found] == ["NS", "SEAL", "P0-exit-1", "P0-exit-2", "DNS", "OLD", "P1-exit-1"]
    first = found[0]
    assert first.title == "Write the namespace"
    assert first.labels == ("phase: 0", "owner: Platform team", "kind: custom")
    assert first.milestone == "Phase 0: Groundwork ⏳"
    assert first.due == "2026-11-01"
    assert "- [ ] `exists apps/base/wiki/namespace.yaml`" in first.body
    assert "- the namespace is there" in first.body


def test_sub_items_code_attestations_needs_and_triggers_stand_in_the_body() -> None:
    bodies = {issue.key: issue.body for issue in issues_by_item(plan())}
    assert "```sh\nkubeseal < secret.yaml\n```" in bodies["SEAL"]
    assert "- [ ] attestation: who has it (nobody yet)" in bodies["SEAL"]
    assert "- [ ] lower the time to live" in bodies["DNS"]
    assert "- `NS`\n- `SEAL`" in bodies["DNS"]
    assert "comes back when: nobody asked for it for a month" in bodies["OLD"]


def test_deferred_items_and_roles_have_labels() -> None:
    labels = {issue.key: issue.labels for issue in issues_by_item(plan())}
    assert "deferred" in labels["OLD"]
    assert "role: criterion" in labels["P0-exit-1"]


def test_what_is_complete_needs_no_issue() -> None:
    assert "NS" not in [issue.key for issue in issues_by_item(plan(), {"NS": Mark.COMPLETE})]
    done = dict.fromkeys(("NS", "SEAL"), Mark.COMPLETE)
    assert [issue.key for issue in issues_by_phase(plan(), done)] == ["Phase 1: Go live / Alice Ötzi"]


def test_an_issue_of_a_phase_has_the_tasks_of_one_owner_and_the_exit_criteria() -> None:
    first, second = issues_by_phase(plan(), {"NS": Mark.COMPLETE})
    assert first.title == "Phase 0: Groundwork ⏳: Platform team"
    assert first.labels == ("phase: 0", "owner: Platform team", "kind: custom")
    assert "- [x] Write the namespace" in first.body
    assert "### Exit criteria\n\n- [ ] the namespace is there\n- [ ] the secret is sealed" in first.body
    assert second.due == "2026-12-24"


def test_files_are_payloads_milestones_and_an_index() -> None:
    files = issue_files(issues_by_item(plan()))
    payload = json.loads(files["payloads/0001-ns.json"])
    assert set(payload) == {"title", "body", "labels"}
    assert files["0001-ns.md"].startswith("# Write the namespace\n")
    milestones = [json.loads(text) for path, text in files.items() if path.startswith("milestones/")]
    assert milestones[0] == {"title": "Phase 0: Groundwork ⏳", "state": "open", "due_on": "2026-11-01T12:00:00Z"}
    assert "due_on" not in milestones[1], "an item of the phase is due on no day"
    index = json.loads(files["index.json"])
    assert index[0] == {"payload": "payloads/0001-ns.json", "key": "NS", "milestone": "Phase 0: Groundwork ⏳"}


def test_a_hostile_plan_names_no_other_place_and_breaks_no_limit() -> None:
    text = "word " * 30_000 + "--> <!-- ```\n"
    items = (Item(id="../../etc/passwd", text=text, owner="a,b" * 40), Item(id="..", text="`x"))
    hostile = Plan(
        text="", name="--><b>", parts=(Part(kind=PartKind.PHASE, number="1", content=(ItemList(items=items),)),)
    )
    issues = issues_by_item(hostile)
    assert all(len(issue.title) <= 256 and len(issue.body) <= 65_536 for issue in issues)
    assert all(len(label) <= 50 and "," not in label for issue in issues for label in issue.labels)
    for path in issue_files(issues):
        assert re.fullmatch(r"(?:(?:payloads|milestones)/)?[a-z0-9][a-z0-9.-]*", path)
        assert ".." not in path
