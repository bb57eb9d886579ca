"""The result of a check in every form, with text in it that tries to be more than text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from types import ModuleType
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from elysium.api import Comparison, Report
from elysium.check import registry, summarise
from elysium.check.checklists import LineResult
from elysium.model import (
    Edit,
    Failure,
    Finding,
    Need,
    ObjectReference,
    Render,
    Severity,
    Unit,
    UnitId,
    UnitKind,
    UnitState,
)
from elysium.present import github, html, junit, markdown, sarif
from elysium.present.run import Run

APPS = UnitId("clusters/home", UnitKind.KUSTOMIZATION, "flux-system", "apps")
MEDIA = UnitId("clusters/home", UnitKind.HELM_RELEASE, "media", "jellyfin")
NEED = Need(remedy="elysium fetch", key="index")
UNITS = (
    Unit(id=APPS, state=UnitState.RENDERED),
    Unit(id=MEDIA, state=UnitState.UNKNOWN, failure=Failure(code="source", message="the index is not here", need=NEED)),
)
NASTY = "<script>alert(1)</script> | `x` @someone [a](https://example.org) **b** \x1b[31m ]]> &amp; 100%\nsecond: line"
RUN = Run(subject="repository", seconds=0.5, prefix="deploy")


def finding(message: str = "it is wrong", **more: object) -> Finding:
    fields: dict[str, object] = {
        "rule": "schema",
        "severity": Severity.ERROR,
        "file": "apps/a b.yaml",
        "line": 3,
        "unit": APPS,
        "object": ObjectReference(api_version="v1", kind="ConfigMap", namespace="web", name="site"),
        **more,
    }
    return Finding(message=message, **fields)  # type: ignore[arg-type]


def report(*findings: Finding) -> Report:
    clusters = ("clusters/home",)
    render = Render(revision="main", digest="", flux="2.9", kubernetes="1.37", clusters=clusters, units=UNITS)
    return Report(revision="main", findings=findings, units=UNITS, summary=summarise(render, findings))


def test_sarif_names_rule_place_fix_and_what_is_unknown() -> None:
    edit = Edit(file="apps/a b.yaml", line=3, old="a: 1\nb: 2\n", new="a: 2\n")
    mended = finding(edits=(edit,), hint="write 2", folded=2)
    other = finding(rule="orphan-file", severity=Severity.WARNING)
    run = json.loads(sarif.document(report(mended, other), RUN))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    first = run["results"][0]
    assert [rule["id"] for rule in rules] == ["orphan-file", "schema"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert rules[1]["help"]["markdown"].startswith("# schema")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "deploy/apps/a%20b.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3},
    }
    assert first["occurrenceCount"] == 3
    change = first["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["deletedRegion"] == {"startLine": 3, "startColumn": 1, "endLine": 5, "endColumn": 1}
    assert change["insertedContent"] == {"text": "a: 2\n"}
    assert "the index is not here" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def fingerprints(found: Report) -> list[str]:
    results = json.loads(sarif.document(found, RUN))["runs"][0]["results"]
    return [result["partialFingerprints"]["elysiumFinding/v1"] for result in results]


def test_a_fingerprint_stays_when_lines_move() -> None:
    assert fingerprints(report(finding(line=3))) == fingerprints(report(finding(line=30)))
    assert fingerprints(report(finding())) != fingerprints(report(finding(file="apps/b.yaml")))


def test_junit_has_a_case_for_each_unit_and_for_findings_without_one() -> None:
    lone = finding(unit=None, object=None, file="README.md")
    suites = ElementTree.fromstring(junit.document(report(finding(), lone), RUN))
    cases = {case.get("name"): case for case in suites.iter("testcase")}
    assert set(cases) == {"Kustomization/flux-system/apps", "HelmRelease/media/jellyfin", "README.md"}
    assert cases["Kustomization/flux-system/apps"].find("failure") is not None
    assert cases["HelmRelease/media/jellyfin"].find("skipped") is not None
    assert [suite.get("failures") for suite in suites] == ["1", "1"]


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 0), ("warning", 1)])
def test_junit_fails_for_what_fails_the_check(fail_on: str, failures: int) -> None:
    run = Run(subject="repository", fail_on=fail_on)
    suites = ElementTree.fromstring(junit.document(report(finding(severity=Severity.WARNING)), run))
    assert len(list(suites.iter("failure"))) == failures
    assert len(list(suites.iter("system-out"))) == 1 - failures


def test_github_commands_are_one_line_each_and_escaped() -> None:
    lines = github.document(report(finding(NASTY, hint="do, this: now")), RUN).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=deploy/apps/a b.yaml,line=3,title=schema::<script>")
    assert lines[0].endswith("100%25%0Asecond: line%0Ado, this: now")
    assert lines[1] == "✗ 1 error, 1 unknown offline"


def test_markdown_shows_text_as_text() -> None:
    text = markdown.document(report(finding(NASTY, hint=NASTY)), RUN)
    assert "<script" not in text.replace("\\<script", "")
    assert "@someone" not in text
    assert "https://" not in text
    assert "\x1b" not in text
    assert "**b**" not in text


def test_markdown_stays_below_what_a_code_host_takes_and_counts_the_rest() -> None:
    many = [finding("x" * 300, file=f"apps/{number}.yaml") for number in range(600)]
    text = markdown.document(report(*many), RUN)
    assert len(text) <= markdown.LARGEST
    left = re.search(r"… and ([\d,]+) more findings that would not fit here", text)
    assert left is not None
    assert int(left[1].replace(",", "")) + text.count("- 🔴") == 600


class Tags(HTMLParser):
    """What a browser sees: elements and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(text: str) -> Tags:
    parser = Tags()
    parser.feed(text)
    return parser


def test_html_needs_nothing_else_and_shows_text_as_text() -> None:
    text = html.document(report(finding(NASTY, hint=NASTY), finding(rule="own-rule")), RUN)
    found = seen(text)
    assert found.tags.count("script") == 1
    assert not re.findall(r"(?:src|href)=\"(?!#)", text)
    assert any("<script>alert(1)</script>" in part for part in found.text)
    assert "default-src 'none'" in text


@given(message=some.text(max_size=200))
def test_any_message_gives_valid_documents(message: str) -> None:
    found = report(finding(message, severity=Severity.WARNING))
    json.loads(sarif.document(found, RUN))
    ElementTree.fromstring(junit.document(found, RUN))
    assert len(github.document(found, RUN).split("\n")) == 3
    assert seen(html.document(found, RUN)).tags.count("li") == 2
    assert "<details" in markdown.document(found, RUN)


def test_every_rule_has_a_page_to_show() -> None:
    findings = [finding(rule=name) for name in registry.identifiers()]
    rules = json.loads(sarif.document(report(*findings), RUN))["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["help"]["markdown"].startswith(f"# {rule['id']}") for rule in rules)


@pytest.mark.parametrize("form", [markdown, html])
def test_what_a_profile_checks_and_what_was_known_is_there(form: ModuleType) -> None:
    line = LineResult(title="limits", state="found", findings=2, objects=("Deployment/web/<b>shop</b>",))
    known = Comparison(against="main..x", known=3, gone=1)
    full = msgspec.structs.replace(report(), checklist=(line,), comparisons=(known,))
    text = form.document(full, RUN)
    assert "✗ limits: 2 findings" in text
    assert "3 findings known" in text
    assert "<b>shop" not in text
