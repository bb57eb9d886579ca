"""Plans as Markdown and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from elysium.plans.exporting import as_json, as_markdown
from elysium.plans.exporting.documents import schema
from elysium.plans.types import Mark, Plan
from tests.plans.exporting.plans import PLAN, plan

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_markdown_is_what_people_wrote_byte_for_byte(newline: str) -> None:
    said = PLAN.replace("\n", newline)
    written = as_markdown(plan(said))
    assert "<!-- plan:" not in written
    assert "<!-- not ours -->" in written
    assert [line.split(" <!-- plan:")[0] for line in said.split(newline)] == written.split(newline)


def test_json_gives_back_the_typed_plan() -> None:
    document = json.loads(as_json(plan()))
    assert msgspec.convert(document["plan"], Plan) == plan()
    assert document["plan"]["text"] == PLAN


def test_json_lists_items_in_the_words_of_verify() -> None:
    document = json.loads(as_json(plan(), {"NS": Mark.COMPLETE}))
    items = {item["id"]: item for item in document["items"]}
    assert items["NS"]["phase"] == "0"
    assert items["NS"]["owner"] == "Platform team"
    assert items["NS"]["checks"] == ["exists apps/base/wiki/namespace.yaml"]
    assert items["NS"]["state"] == "complete"
    assert items["DNS"]["state"] == "unknown"
    assert items["DNS"]["needs"] == ["NS", "SEAL"]
    assert {"id", "title", "phase", "section", "owner", "result", "reason", "evidence"} <= set(items["DNS"])
    assert document["summary"]["items"] == len(items)
    assert document["summary"]["owners"]["Alice Ötzi"] == 3
    assert document["summary"]["checked"] == 1


def test_the_schema_in_the_documentation_is_that_of_the_export() -> None:
    committed = json.loads((ROOT / "docs" / "schemas" / "plan.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(schema()))
