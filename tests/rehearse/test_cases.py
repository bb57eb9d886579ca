"""Every case: what `elysium check` says of the head, and what the rehearsal says."""

from __future__ import annotations

from pathlib import Path

import pytest

import rehearse_cases
from elysium.model import Finding
from elysium.rehearse.types import Phase, Rehearsal
from tests.rehearse import case_harness as harness
from tests.rehearse import case_verdicts as verdicts
from tests.rehearse.case_harness import Case

CASES = harness.load()
pytestmark = pytest.mark.timeout(600)
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One repository with every case."""
    return harness.materialise(CASES, tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="module")
def findings(together: Path) -> tuple[Finding, ...]:
    return harness.new_findings(together)


@pytest.fixture(scope="module")
def rehearsal(together: Path, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return verdicts.once(tmp_path_factory, "cases", lambda: verdicts.rehearsed(together))


def test_there_are_at_least_forty_defects_and_twenty_harmless_changes() -> None:
    assert sum(not case.harmless for case in CASES) >= 40
    assert sum(case.harmless for case in CASES) >= 20


def test_every_case_expects_something() -> None:
    assert [case.name for case in CASES if not case.expect] == []


def test_cases_keep_apart() -> None:
    names = [case.name for case in CASES]
    assert [(one, other) for one in names for other in names if other.startswith(one + "-")] == []


@EACH
def test_the_check_finds_in_the_head_what_the_case_says(case: Case, findings: tuple[Finding, ...]) -> None:
    assert {item.rule for item in harness.of_case(case, findings)} == set(case.offline)


@EACH
def test_the_rehearsal_says_what_the_case_says(case: Case, rehearsal: Rehearsal) -> None:
    said = list(verdicts.said_of(case, rehearsal))
    missing = [expected for expected in case.expect if not any(verdicts.meets(item, expected) for item in said)]
    assert (missing, verdicts.surprises(case, said)) == ([], [])


def test_the_bases_are_accepted(rehearsal: Rehearsal) -> None:
    said = (*rehearsal.verdicts, *rehearsal.workloads)
    assert [item for item in said if verdicts.bad(item, Phase.BASE)] == []


def test_what_is_refused_names_its_file(rehearsal: Rehearsal, together: Path) -> None:
    refused = [item for item in rehearsal.verdicts if verdicts.bad(item)]
    assert refused
    assert [str(item.object) for item in refused if not (together / item.file).is_file()] == []


def test_the_page_is_current() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "rehearse-cases.md"
    assert page.read_text(encoding="utf-8") == rehearse_cases.page()
