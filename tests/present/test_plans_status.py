"""How far a plan is, as text, JSON, Markdown and HTML."""

from __future__ import annotations

import html.parser
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.plans.progress.verification import ItemResult, Verification
from elysium.plans.types import Mark
from elysium.present import plans_records
from elysium.present.plans_groups import groups
from elysium.present.plans_html import status_html
from elysium.present.plans_json import status_json, verification_json
from elysium.present.plans_markdown import status_markdown
from elysium.present.plans_status import print_status
from tests.present.plans import CLAIMS, FOUND, HOSTILE, hostile, shown
from tests.present.test_plans import STEERING

ROOT = Path(__file__).resolve().parents[2]
EMPTY = Verification(plan="p.md", title="", kind="custom", commit="", items=())


def test_groups_deferred_overdue_claims_and_contradictions() -> None:
    assert shown(lambda target: print_status(target, FOUND, claims=CLAIMS)).splitlines() == [
        "Moving the wiki  deploy-app · at main@0123456789 · 6 items",
        "",
        "  phase         done  open  unknown  deferred  overdue",
        "◐ 0 Groundwork   1/2     1        ·         ·        1",
        "‖ 1 Go live      0/3     ·        2         1        ·  phase 0 first: TLS",
        "",
        "overdue",
        "  ! 2026-10-01 TLS Order a certificate  bob",
        "",
        "deferred  1",
        "  z OLD Remove the old one  deferred: a month without visitors",
        "",
        "typed marks that are not so  --fix-marks writes them",
        "  ✗ 11: TLS: marked complete, computed pending",
        "",
        "contradictions  1",
        "  ✗ 3, 8: phase 0 is complete here and pending there  marks",
        "",
        "registered by hand  1",
        "  ✗ 30: X.6: rotated monthly and quarterly",
        "",
        "1 complete, 1 pending, 1 deferred, 3 unknown  (1 fail, 4 unknown, 1 pass)",
        "✗ 1 typed mark, 1 contradiction, 1 overdue item",
    ]


def test_a_typed_mark_is_told_once() -> None:
    said = "TLS is marked complete, and computed pending"
    assert said not in shown(lambda target: print_status(target, FOUND, claims=CLAIMS))
    assert said in shown(lambda target: print_status(target, FOUND))
    assert said not in status_html(FOUND, claims=CLAIMS) + status_markdown(FOUND, claims=CLAIMS)


def test_groups_of_two_dimensions_and_their_open_items() -> None:
    text = shown(lambda target: print_status(target, FOUND, by=("owner", "due"), items=True))
    assert text.splitlines()[2:10] == [
        "  owner    due         done  open  unknown  deferred  overdue",
        "· bob      2026-10-01   0/1     1        ·         ·        1",
        "    · TLS Order a certificate  bob · due 2026-10-01 · there is no Certificate web/wiki",
        "✓ alice    no day       1/1     ·        ·         ·        ·",
        "? bob      no day       0/2     ·        1         1        ·",
        "    ? DNS Point the name  bob · nothing tells: it has no check, no attestation and no decision",
        "? unknown  no day       0/1     ·        1         ·        ·",
        "    ? ASK Ask them  nobody has attested it; `elysium plan attest` ASK says so",
    ]


def test_a_group_is_blocked_only_while_it_is_not_complete() -> None:
    done = msgspec.structs.replace(
        FOUND, items=(ItemResult(id="A", title="a", phase="1", owner="x", state=Mark.COMPLETE),)
    )
    (group,) = groups(done, ("phase", "owner"))
    assert (group.names, group.state) == (("1 Go live", "x"), Mark.COMPLETE)


def test_what_stands_in_no_section_is_in_no_group_of_sections() -> None:
    assert groups(FOUND, ("section",)) == ()
    assert "no item has a section" in shown(lambda target: print_status(target, FOUND, by=("section",)))


@pytest.mark.parametrize("width", [40, 60, 200])
def test_columns_stay_aligned_however_wide_the_terminal_and_the_names_are(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    wide = (msgspec.structs.replace(FOUND.parts[0], title="Groundwork 漢字 " * 10), *FOUND.parts[1:])
    found = msgspec.structs.replace(FOUND, parts=wide)
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown(lambda target: print_status(target, found), terminal=True, width=width))
    head = next(line for line in text.splitlines() if "overdue" in line)
    if width >= 60:
        assert len(head) <= width
        assert "…" in text or width == 200


def test_json_has_the_words_of_the_contract() -> None:
    document = json.loads(verification_json(FOUND))
    assert set(document) >= {"items", "summary", "phases", "overdue"}
    item = document["items"][1]
    wanted = {"id", "title", "phase", "section", "owner", "result", "reason", "evidence"}
    assert wanted <= set(item)
    assert item["evidence"] == [{"check": "object Certificate web/wiki", "object": "Certificate web/wiki", "exit": 1}]
    assert document["summary"]["items"] == 6
    assert (document["summary"]["pass"], document["summary"]["fail"], document["summary"]["unknown"]) == (1, 1, 4)
    assert document["phases"][1]["blocked_by"] == "phase 0 first: TLS"


@pytest.mark.parametrize(
    ("name", "schema"), [("plan-verify", plans_records.verify_schema), ("plan-status", plans_records.status_schema)]
)
def test_the_schemas_in_the_documentation_are_current(name: str, schema: Callable[[], dict[str, Any]]) -> None:
    committed = (ROOT / "docs" / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(committed) == json.loads(json.dumps(schema()))


def test_json_is_what_its_records_say() -> None:
    msgspec.json.decode(verification_json(hostile()), type=plans_records.VerifyRecord)
    status = msgspec.json.decode(status_json(FOUND, claims=CLAIMS), type=plans_records.StatusRecord)
    assert (status.summary.passed, status.summary.failed) == (1, 1)
    assert [group.by for group in status.groups] == [{"phase": "0 Groundwork"}, {"phase": "1 Go live"}]


def test_json_of_the_status_has_contradictions_claims_and_groups() -> None:
    document = json.loads(status_json(FOUND, by=("phase", "owner"), claims=CLAIMS))
    assert document["contradictions"][0] == {
        "kind": "marks",
        "message": "phase 0 is complete here and pending there",
        "lines": [3, 8],
        "quotes": [],
        "registered": False,
    }
    assert document["contradictions"][2]["registered"] is True
    assert document["claims"] == [{"line": 11, "about": "TLS", "said": "complete", "state": "pending"}]
    assert document["groups"][0]["by"] == {"phase": "0 Groundwork", "owner": "alice"}
    summary = document["summary"]
    assert (summary["contradictions"], summary["registered"], summary["claims"], summary["overdue"]) == (2, 1, 1, 1)


def test_markdown_has_a_table_and_what_is_wrong() -> None:
    text = status_markdown(FOUND, claims=CLAIMS)
    assert "| 🟡 | 0 Groundwork | 1/2 | 1 | 0 | 0 | 1 |" in text
    assert "- `TLS` Order a certificate (bob): there is no Certificate web/wiki" in text
    assert "- line 11: TLS is marked ✅ and is ⏳" in text
    assert "### Registered by hand: 1" in text
    assert "### Deferred: 1\n\n- `OLD` Remove the old one (bob): deferred: a month without visitors" in text


def test_long_markdown_is_cut_and_says_so() -> None:
    items = tuple(msgspec.structs.replace(FOUND.items[1], id=f"T{n}", reason="x" * 400) for n in range(500))
    text = status_markdown(msgspec.structs.replace(FOUND, items=items))
    assert len(text) < 65_536
    assert re.search(r"… and \d+ more", text)


class _Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def page(text: str) -> _Page:
    found = _Page()
    found.feed(text)
    return found


def test_html_is_one_page_without_scripts_or_addresses() -> None:
    text = status_html(FOUND, claims=CLAIMS)
    found = page(text)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("content", policy) in found.attributes
    assert not {"script", "link", "img", "iframe", "form", "a", "object"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("href", "src", "style")]
    assert "prefers-color-scheme: dark" in text
    assert "width=device-width" in text
    for words in ("Moving the wiki", "0 Groundwork", "there is no Certificate web/wiki", "phase 0 first: TLS", "X.6"):
        assert words in text


def test_html_of_a_hostile_plan_has_the_same_tags() -> None:
    found = page(status_html(hostile()))
    assert "script" not in found.tags
    assert "&lt;script&gt;" in status_html(hostile())
    assert not STEERING.search(status_html(hostile()))


def test_markdown_of_a_hostile_plan_has_no_markup_of_its_own() -> None:
    text = status_markdown(hostile())
    assert "<script>" not in text
    outside = re.sub(r"<code>.*?</code>", "", text)  # in code, nothing is a mention or a link
    assert "@everybody" not in outside
    assert "](https://" not in outside
    assert not STEERING.search(text)


def test_text_of_a_hostile_plan_steers_nothing() -> None:
    text = shown(lambda target: print_status(target, hostile(), by=("phase", "owner"), items=True))
    assert not STEERING.search(text)
    assert HOSTILE not in text


def test_a_plan_without_items_is_shown_as_such() -> None:
    assert "no items" in shown(lambda target: print_status(target, EMPTY))
    assert json.loads(status_json(EMPTY))["items"] == []
    assert "p.md" in status_markdown(EMPTY)
    assert "p.md" in status_html(EMPTY)
