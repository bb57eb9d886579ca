"""A rehearsal for programs and code hosts: JSON by its schema, Markdown that stays text, SARIF on the lines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

import output_schemas
import refresh_docs
from elysium.cluster.protocol import Action
from elysium.present import rehearsal_markdown, rehearsal_sarif
from elysium.present.markdown import LARGEST
from elysium.present.rehearsal_forms import write_rehearsal
from elysium.present.rehearsal_records import RehearsalRecord, rehearsal_json
from elysium.present.run import Run
from tests.present import rehearsals
from tests.present.rehearsals import WEB, config

ROOT = Path(__file__).resolve().parents[2]
RUN = Run(subject="home", prefix="deploy")
NASTY = "<script>alert(1)</script> | `x` @someone [a](https://example.org) **b** \x1b[31m"


def sarif(rehearsal: rehearsals.Rehearsal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rehearsal_sarif.document(rehearsal, RUN))["runs"][0]
    return found


def test_json_has_the_keys_of_the_contract() -> None:
    found = json.loads(rehearsal_json(rehearsals.full()))
    assert set(found) >= {"version", "base", "head", "server", "verdicts", "workloads", "unknown", "summary"}
    assert found["version"] == 1
    assert found["server"]["version"] == "v1.36.3"
    refused = next(item for item in found["verdicts"] if item["action"] == "rejected" and item["cause"] == "immutable")
    assert refused["object"] == {
        "apiVersion": "apps/v1",
        "group": "apps",
        "kind": "Deployment",
        "namespace": "web",
        "name": "site",
    }
    assert refused["unit"] == {
        "cluster": "clusters/home",
        "kind": "Kustomization",
        "namespace": "flux-system",
        "name": "apps",
    }
    assert (refused["phase"], refused["file"], refused["line"]) == ("head", "apps/web/site.yaml", 7)
    assert {"message", "hint", "warnings", "field", "attempts", "unknown"} <= set(refused)
    assert found["workloads"][0]["state"] == "unschedulable"
    assert found["unknown"][0]["object"]["kind"] == "ValidatingWebhookConfiguration"


def test_json_can_be_read_back_by_its_record() -> None:
    full = rehearsals.full()
    record = msgspec.json.decode(rehearsal_json(full), type=RehearsalRecord)
    assert [item.action for item in record.verdicts] == [item.action.value for item in full.verdicts]
    assert record.summary.new == full.summary.new


def test_the_schema_in_the_documentation_is_current() -> None:
    committed = (ROOT / "docs" / "schemas" / "rehearse.json").read_text(encoding="utf-8")
    assert refresh_docs.as_text(output_schemas.schemas()["rehearse"]) == committed


def test_sarif_has_a_result_for_each_new_trouble_and_warning_on_its_line() -> None:
    run = sarif(rehearsals.full())
    results = {item["ruleId"]: item for item in run["results"]}
    assert set(results) == {"rehearse/immutable", "rehearse/unschedulable", "rehearse/warning"}
    assert results["rehearse/immutable"]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "deploy/apps/web/site.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 7},
    }
    assert results["rehearse/warning"]["level"] == "warning"
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in run["results"])
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 2


def test_sarif_leaves_out_what_the_base_had() -> None:
    text = json.dumps(sarif(rehearsals.full()))
    assert "it is too long" not in text


def test_markdown_begins_with_the_verdict_and_folds_the_rest() -> None:
    text = rehearsal_markdown.document(rehearsals.full(), "home")
    assert text.startswith("### ✗ 1 object is refused and 1 object does not come up that the base did not have")
    before, _, folded = text.partition("<details>")
    assert "**immutable**" in before
    assert "it is too long" in folded
    assert "| recreated | `ConfigMap/web/again` |" in folded
    assert text.count("<details>") == text.count("</details>")


def test_markdown_shows_words_of_the_server_as_text() -> None:
    bad = rehearsals.verdict(WEB, Action.REJECTED, message=NASTY, hint=NASTY, cause=NASTY, file=NASTY)
    changed = rehearsals.verdict(rehearsals.ObjectId("", NASTY, "web", NASTY), file=NASTY, warnings=(NASTY,))
    text = rehearsal_markdown.document(rehearsals.of(bad, changed), NASTY)
    assert "<script" not in text.replace("\\<script", "")
    outside = re.sub(r"`[^`]*`|<code>.*?</code>", "", text)
    for active in ("@someone", "[a](", "**b**", "https://"):
        assert active not in outside
    assert "\x1b" not in text


def test_markdown_stays_below_what_a_code_host_takes_and_counts_the_rest() -> None:
    many = [rehearsals.verdict(config(f"c{number}"), Action.REJECTED, message="x" * 3_000) for number in range(200)]
    more = [rehearsals.verdict(config(f"d{number}"), warnings=("y" * 900 + str(number),)) for number in range(900)]
    text = rehearsal_markdown.document(rehearsals.of(*many, *more))
    assert len(text) <= LARGEST
    assert text.count("more that would not fit here") == 3
    assert text.count("<details>") == text.count("</details>")


@given(message=some.text(max_size=200))
def test_any_words_of_the_server_give_valid_documents(message: str) -> None:
    found = rehearsals.of(
        rehearsals.verdict(WEB, Action.REJECTED, message=message, hint=message, warnings=(message,), unknown=""),
        rehearsals.verdict(config("c"), Action.SKIPPED, message=message),
    )
    json.loads(rehearsal_json(found))
    assert len(sarif(found)["results"]) == 2
    assert rehearsal_markdown.document(found, message).startswith("### ✗")


@pytest.mark.parametrize(
    ("form", "start"), [("text", "home"), ("json", "{\n"), ("sarif", "{\n"), ("markdown", "### ✗")]
)
def test_every_form_is_written(form: str, start: str, capfd: pytest.CaptureFixture[str]) -> None:
    write_rehearsal(form, rehearsals.full(), RUN)
    assert capfd.readouterr().out.startswith(start)
