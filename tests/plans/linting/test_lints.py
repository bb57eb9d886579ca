"""Each lint: a sound plan has no finding, and one changed thing is found where it is, with what to do."""

from __future__ import annotations

import datetime

import msgspec
import pytest

from elysium.errors import PlanError
from elysium.model import Severity
from elysium.plans.document.parsing import parse
from elysium.plans.linting import LINTS, PlanFinding, lint
from elysium.plans.types import Check, Item, ItemList, Part, PartKind, Plan, Role
from tests.plans.linting.sound import APPLICATION, CASES, PHASES, Case

TODAY = datetime.date(2026, 11, 21)
_ONLY_BY_HAND = {"duplicate-id", "unreadable-check", "bad-date"}
"""The parser refuses these; a plan that a program made can have them."""


def found(text: str, *, strict: bool = True) -> tuple[PlanFinding, ...]:
    return lint(parse(text, "PLAN.md"), strict=strict, today=TODAY, exists=lambda path: path == "docs/wiki.md")


@pytest.mark.parametrize("text", [APPLICATION, PHASES])
def test_a_sound_plan_has_no_finding(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.lint}-{number}" for number, case in enumerate(CASES)])
def test_what_is_wrong_is_found_where_it_is(case: Case) -> None:
    findings = [finding for finding in found(case.text) if finding.lint == case.lint]
    (finding,) = [finding for finding in findings if case.message in finding.message]
    lines = case.text.splitlines()
    assert case.at in lines[finding.line - 1] if case.at else finding.line == 1
    assert finding.hint
    assert finding.file == "PLAN.md"
    assert str(finding) == f"PLAN.md:{finding.line}: {finding.message} [{case.lint}]"


def test_every_lint_is_shown() -> None:
    assert {case.lint for case in CASES} | _ONLY_BY_HAND == {each.name for each in LINTS}


def test_practices_are_asked_for_by_strict_alone() -> None:
    practices = [each for each in LINTS if each.strict]
    assert len(practices) == 7
    assert all(each.name.startswith("practice-") for each in practices)
    for case in CASES:
        if case.lint.startswith("practice-"):
            assert not any(finding.lint.startswith("practice-") for finding in found(case.text, strict=False))


def test_findings_come_in_the_order_of_the_document() -> None:
    findings = found(CASES[0].text + "\n- TBD\n- [ ] do it: ???\n")
    assert [finding.line for finding in findings] == sorted(finding.line for finding in findings)


def test_no_finding_shows_a_secret() -> None:
    case = next(case for case in CASES if case.lint == "plaintext-secret" and "export TOKEN" in case.text)
    secret = case.text.split("export TOKEN=")[1].split("\n")[0]
    assert not any(secret in msgspec.json.encode(finding).decode() for finding in found(case.text))


def _made(*items: Item) -> Plan:
    content = (ItemList(items=items, line=2),)
    part = Part(kind=PartKind.HEADING, title="Work", level=2, content=content, line=1, end=9)
    return Plan(text="## Work\n\nIt is rolled back by hand.\n", parts=(part,))


def _names(plan: Plan) -> dict[str, PlanFinding]:
    return {finding.lint: finding for finding in lint(plan, today=TODAY)}


def test_ids_checks_and_dates_of_a_plan_that_no_parser_read() -> None:
    one = Item(id="a", text="One", role=Role.TASK, owner="alice", line=2, checks=(Check(verb="exist"),), due="soon")
    other = Item(id="a", text="Other", role=Role.TASK, owner="alice", line=3, checks=(Check(verb="exists"),))
    findings = _names(_made(one, other))
    assert "there twice, first in line 2" in findings["duplicate-id"].message
    assert findings["unreadable-check"].hint
    assert "'soon' is no date" in findings["bad-date"].message
    assert all(findings[name].severity is Severity.ERROR for name in _ONLY_BY_HAND)


@pytest.mark.parametrize("words", ["id=S0.trust id=S0.source", "check=exist", "due=soon"])
def test_what_only_programs_can_get_wrong_the_parser_refuses(words: str) -> None:
    with pytest.raises(PlanError):
        parse(f"- One <!-- plan: {words} check=no-such -->\n- Two <!-- plan: id=S0.trust -->\n")


def test_a_decision_or_a_word_from_git_is_no_command() -> None:
    text = APPLICATION.replace(
        "**Revert**: the commits.", "**Revert**: `git revert`, then `flux reconcile kustomization apps`."
    )
    assert found(text) == ()


def test_words_that_only_sound_unfinished_are_left_alone() -> None:
    text = APPLICATION.replace(
        "a wiki for the family.", "a wiki for the family; `TBD` is no page; files to be written are few."
    )
    assert found(text) == ()


def test_a_dry_run_and_tests_may_name_commands() -> None:
    text = APPLICATION.replace("**Revert**: the commits.", "**Revert**: `kubectl apply --dry-run=server -f x.yaml`.")
    text = text.replace("a page opens", "`kubectl -n wiki delete pod --all` is survived")
    assert found(text) == ()


def test_a_preview_plan_may_deploy_by_hand() -> None:
    text = PHASES.replace("Everything renders.", "`helm upgrade --install pr-1 chart` ends.")
    assert found(text) == ()
    assert {finding.lint for finding in found(text.replace("kind=custom", "kind=infrastructure"))} >= {
        "imperative-command"
    }


def test_links_to_files_are_judged_where_files_are_known() -> None:
    plan = parse(APPLICATION.replace("(#step-1-prepare-the-base)", "(docs/none.md)"), "PLAN.md")
    assert lint(plan, today=TODAY) == ()
    assert [finding.lint for finding in lint(plan, today=TODAY, exists=lambda _: False)] == ["dead-link"]
    assert lint(plan, today=TODAY, exists=lambda path: path == "docs/none.md") == ()
