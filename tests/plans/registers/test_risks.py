"""Risk registers: tables, headings and lists, and what they lack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.check import registry
from elysium.plans.registers import Known, Risk, compose_risks, lint_risks, read_risks
from elysium.plans.registers.risks import with_risk_value

KNOWN = Known(
    rules=frozenset(registry.identifiers()),
    items=frozenset({"P5-2"}),
    policies=frozenset({"one-worker"}),
    refuse_check=lambda text: "" if text.startswith("exists ") else "no such verb",
)
TABLE = """\
# Risks

Looked at every month. Status: open, mitigated, accepted, closed.

| Id | Risk | Severity | Likelihood | Notes | Status | Mitigation | Watched by |
|----|:-----|---------:|------------|-------|--------|------------|------------|
| R1 | a `Secret` \\| is missing | High | low | ours | mitigated (2026-02-01) | name it | rules `missing-secret` |
|R2|The disk fills|medium|likely||open|grow it|item `P5-2`; alert `Full`|
"""
HEADINGS = """\
# Risk register

### R1: The name is late
- **Severity**: medium
- **Likelihood:** possible
- Status: accepted
- Mitigation: plain HTTP
  until it is there
- Watched by: check `exists docs/dns.md`

### R2 – Two workers
Severity: high
Likelihood: rare
Status: closed
Mitigation: one worker
"""
LIST = """\
## Known risks

- Missing secrets crash the pod: log them first.
- The queue loses its order
  - Severity: critical
  - Status: open

Tasks:
- Write the register
"""


def rules(text: str) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in lint_risks(read_risks(text, "RISKS.md"), KNOWN)]


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    first, second = read_risks(TABLE).risks
    assert (first.id, first.title, first.severity, first.likelihood) == ("R1", "a Secret | is missing", "high", "low")
    assert (first.status, first.mitigation, first.line) == ("mitigated (2026-02-01)", "name it", 7)
    assert [watcher.name for watcher in second.watchers] == ["P5-2", "alert `Full`"]
    assert rules(TABLE) == []


def test_headings_with_fields_are_risks() -> None:
    first, second = read_risks(HEADINGS).risks
    assert (first.id, first.title, first.severity) == ("R1", "The name is late", "medium")
    assert first.mitigation == "plain HTTP until it is there"
    assert (second.id, second.title, second.status) == ("R2", "Two workers", "closed")
    assert rules(HEADINGS) == []


def test_list_entries_below_a_heading_about_risks_are_risks_and_tasks_are_none() -> None:
    first, second = read_risks(LIST).risks
    assert (first.title, first.mitigation) == ("Missing secrets crash the pod", "log them first.")
    assert (second.title, second.severity, second.status) == ("The queue loses its order", "critical", "open")
    found = rules(LIST)
    assert ("risk-severity", 3) in found
    assert ("risk-status", 3) in found
    assert ("risk-unwatched", 3) in found
    assert ("risk-mitigation", 4) in found
    assert ("risk-severity", 4) not in found


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("High", "grave", "risk-severity"),
        ("mitigated (2026-02-01)", "fine", "risk-status"),
        ("likely", "yes", "risk-likelihood"),
        ("grow it", "-", "risk-mitigation"),
        ("rules `missing-secret`", "rules `missing-secret`, `missing`", "risk-watcher"),
        ("item `P5-2`", "item `P5-3`", "risk-watcher"),
        ("item `P5-2`", "policy `two-workers`", "risk-watcher"),
        ("item `P5-2`", "check `exits docs/x.md`", "risk-watcher"),
        ("item `P5-2`", "`nothing`", "risk-watcher"),
        ("item `P5-2`; ", "", "risk-unwatched"),
        ("|R2|", "|R1|", "risk-duplicate"),
    ],
)
def test_what_a_register_lacks(before: str, after: str, rule: str) -> None:
    assert before in TABLE
    found = lint_risks(read_risks(TABLE.replace(before, after), "RISKS.md"), KNOWN)
    assert [finding.rule for finding in found] == [rule]
    assert all(finding.hint and finding.file == "RISKS.md" and finding.line in (7, 8) for finding in found)


def test_a_register_without_risks_or_without_likelihood_says_so() -> None:
    assert rules("# Risks\n\nnone yet\n") == [("risk-none", 1)]
    assert rules("| Risk | Severity | Status | Mitigation | Rule |\n|-|-|-|-|-|\n|a|low|open|b|image-latest|\n") == [
        ("risk-likelihood", 3)
    ]


@pytest.mark.parametrize("text", [TABLE, HEADINGS, LIST, TABLE.replace("\n", "\r\n")])
def test_a_value_is_replaced_and_every_other_byte_stays(text: str) -> None:
    register = read_risks(text, "RISKS.md")
    number, risk = next((n, risk) for n, risk in enumerate(register.risks) if risk.status)
    changed = with_risk_value(register, number, "status", "closed | for good")
    assert changed.risks[number].status == "closed | for good"
    place = next(i for i, (a, b) in enumerate(zip(text, changed.text, strict=False)) if a != b)
    assert changed.text.startswith(text[:place])
    assert changed.text.endswith(text[place + len(risk.status) :])
    assert with_risk_value(register, number, "status", risk.status).text == text


WORDS = st.text("abcxyz |\\`*_", min_size=1, max_size=20).map(lambda text: " ".join(text.split()))


@given(st.lists(st.builds(Risk, id=st.from_regex(r"R[0-9]{1,2}", fullmatch=True), title=WORDS, mitigation=WORDS)))
def test_composed_registers_are_read_back(risks: list[Risk]) -> None:
    kept = tuple(risk for risk in risks if risk.title.strip("`*_\\ ") and not risk.mitigation.endswith("\\"))
    kept = tuple(risk for risk in kept if "\\" not in risk.title + risk.mitigation)
    found = read_risks(compose_risks(kept)).risks
    assert [(risk.id, risk.mitigation) for risk in found] == [(risk.id, risk.mitigation) for risk in kept]


@given(st.text("|-:` \\\n#*RS: severity", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    register = read_risks(text)
    assert register.text == text
    lint_risks(register, KNOWN)
