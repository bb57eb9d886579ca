"""Importing adds annotations and changes nothing: ids, owners that are stated, the kind, what the words tell."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elysium.errors import PlanError
from elysium.plans.document import annotating
from elysium.plans.document.parsing import parse
from elysium.plans.importing import Imported, import_plan
from elysium.plans.types import Item, Mark, Plan, Role
from tests.plans.document.random_plans import markdown
from tests.plans.importing.documents import NAMES, bytes_of, text_of


def imported(text: str, **options: str) -> Imported:
    return import_plan(text.encode(), "plan.md", **options)  # type: ignore[arg-type]


def items(plan: Plan) -> dict[str, Item]:
    return {place.item.id: place.item for place in plan.places()}


@pytest.mark.parametrize("name", NAMES)
def test_the_document_comes_back_byte_for_byte(name: str) -> None:
    found = import_plan(bytes_of(name), name)
    assert annotating.without(found.text).encode() == bytes_of(name)
    assert found.plan.text == found.text
    assert parse(found.text) == parse(found.text, "")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", ["windows", "bom", "cut"])
def test_line_ends_byte_order_marks_and_a_missing_last_newline_stay(name: str, change: str) -> None:
    text = text_of(name)
    text = {"windows": text.replace("\n", "\r\n"), "bom": f"\ufeff{text}", "cut": text.rstrip("\n")}[change]
    found = imported(text)
    assert annotating.without(found.text) == text
    assert found.plan.kind == import_plan(bytes_of(name), name).plan.kind


@given(markdown | st.text())
@settings(max_examples=150, deadline=None)
def test_any_markdown_comes_back(text: str) -> None:
    try:
        found = imported(text)
    except PlanError:
        assert "<!-- plan:" in text
        return
    if not found.plan.repaired:
        assert annotating.without(found.text) == annotating.without(text)
    assert parse(found.text).parts == found.plan.parts


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("planning-mode", "deploy-app"),
        ("handbook", "custom"),
        ("staging-environments", "preview-environments"),
        ("platform-roadmap", "cluster-adoption"),
    ],
)
def test_the_kind_is_recognised(name: str, kind: str) -> None:
    found = import_plan(bytes_of(name), name)
    assert found.plan.kind == kind
    assert found.plan.title
    assert any(note.startswith(f"kind {kind}: ") for note in found.notes)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Deploy the wiki", "deploy-app"),
        ("Refactor the overlays", "refactoring"),
        ("Upgrade the ingress controller", "infrastructure"),
    ],
)
def test_plans_of_sections_are_told_apart_by_their_title(title: str, kind: str) -> None:
    sections = "".join(
        f"## {name}\n- one\n\n" for name in ("Overview", "Requirements", "Rollback", "Security", "Tests")
    )
    assert imported(f"# {title}\n\n{sections}").plan.kind == kind


def test_the_kind_can_be_said() -> None:
    assert imported("# Some list\n\n- [ ] one\n", kind="refactoring").plan.kind == "refactoring"


def test_every_item_gets_an_id_that_stays_when_others_come() -> None:
    found = imported("# Plan\n\n## Phase 1 – One\n\n- [ ] first\n- [ ] second\n")
    assert list(items(found.plan)) == ["P1-1", "P1-2"]
    longer = found.text.replace("- [ ] first", "- [ ] zeroth\n- [ ] first")
    again = items(parse(longer))
    assert again["P1-1"].title == "first"
    assert again["P1-2"].title == "second"


def test_owners_are_written_where_they_are_stated_and_never_invented() -> None:
    found = import_plan(bytes_of("staging-environments"), "plan.md")
    by_id = items(found.plan)
    assert by_id["P0-1"].owner == "Toolsmith"
    assert by_id["P0-2"].owner == "Site engineer"
    assert by_id["P0-3.1"].owner == "Site engineer"
    ownerless = [item for item in by_id.values() if item.title.startswith(("Confirm the runner", "Decide on TLS"))]
    assert [item.owner for item in ownerless] == ["", ""]
    assert any("have no owner" in note for note in found.notes)


def test_exit_criteria_are_items_of_their_own() -> None:
    found = items(import_plan(bytes_of("staging-environments"), "plan.md").plan)
    assert [found[f"P0-exit-{n}"].text for n in (1, 2)] == ["machine documented", "way back written down"]
    assert found["P0-exit-1"].role is Role.CRITERION
    assert found["P0-exit-1"].manual is not None


def test_typed_marks_become_claims() -> None:
    found = items(import_plan(bytes_of("platform-roadmap"), "plan.md").plan)
    assert [claim.mark for claim in found["order-3"].claims] == [Mark.COMPLETE]
    assert [claim.mark for claim in found["order-4"].claims] == [Mark.PENDING]


def test_notes_stay_text() -> None:
    found = import_plan(bytes_of("handbook"), "plan.md")
    assert "- **GitOps**: Flux\n" in found.text
    assert "├─ Is Flux well? (flux check)\n" in found.text


def test_a_quoted_example_is_imported_by_its_number() -> None:
    whole = import_plan(bytes_of("planning-mode"), "mode.md")
    assert any("quotes 1 plan" in note for note in whole.notes)
    found = import_plan(bytes_of("planning-mode"), "mode.md", block=1)
    assert found.plan.title == "Implementation Plan: Deploy the Ledger Database"
    assert (found.plan.kind, found.plan.name) == ("deploy-app", "ledger")
    assert annotating.without(found.text) in text_of("planning-mode")


@pytest.mark.parametrize(("name", "block"), [("planning-mode", 2), ("handbook", 1)])
def test_an_example_that_is_not_there_is_an_error(name: str, block: int) -> None:
    with pytest.raises(PlanError, match=f"quotes no plan {block}"):
        import_plan(bytes_of(name), name, block=block)


def test_what_is_repaired_is_said_in_the_plan() -> None:
    broken = text_of("platform-roadmap").encode().decode("mac_roman").encode()
    found = import_plan(broken, "roadmap.md")
    assert found.plan.repaired == "mac-roman"
    assert annotating.without(found.text) == text_of("platform-roadmap")


def test_a_plan_that_is_imported_again_stays_as_it_is() -> None:
    once = import_plan(bytes_of("platform-roadmap"), "roadmap.md")
    again = import_plan(once.text.encode(), "roadmap.md")
    assert again.text == once.text
    assert "a plan already" in again.notes[-1]


def test_lines_that_are_annotated_already_keep_what_they_say() -> None:
    found = imported("# Plan\n\n- [ ] one <!-- plan: id=mine owner=ada -->\n- [ ] two\n")
    assert found.text.count("id=mine owner=ada") == 1
    assert items(found.plan)["mine"].owner == "ada"


def test_front_matter_stays_in_front() -> None:
    found = import_plan(bytes_of("planning-mode"), "mode.md")
    assert found.text.startswith("---\ndescription:")
    assert "---\n<!-- plan:\nkind=deploy-app\n" in found.text


@pytest.mark.parametrize("title", ["a --> b", "a <!-- b", 'say "this"', "back\\slash", "`code`", "two\u2028lines"])
def test_a_title_may_hold_any_sign(title: str) -> None:
    text = f"# {title}\n\n- [ ] one\n"
    assert annotating.without(imported(text).text) == text


def test_a_broken_annotation_names_its_line() -> None:
    with pytest.raises(PlanError) as raised:
        imported("# Plan\n\n- [ ] one <!-- plan: colour=red -->\n")
    assert raised.value.subject == "plan.md:3"


def test_a_plan_that_would_become_too_long_says_what_it_leaves_out() -> None:
    text = "# P\n\n" + "".join(f"- [ ] {n:03} {'x' * 41_930}\n" for n in range(100))
    found = imported(text)
    assert annotating.without(found.text) == text
    assert "100 lines stay without annotation" in found.notes[0]


@pytest.mark.parametrize("entry", ["`a:" + "1" * 200_000, "`a." * 60_000, "`" * 200_000, "HelmRepository " * 12_000])
def test_a_hostile_document_takes_no_time(entry: str) -> None:
    started = time.perf_counter()
    imported(f"# Deploy {entry}\n\n## Overview\n- `apps/base/wiki/` {entry}\n")
    assert time.perf_counter() - started < 5
