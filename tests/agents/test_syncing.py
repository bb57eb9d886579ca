"""What happens to each file: generated parts follow the source, and nothing that a person wrote is lost."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.agents import Act, Format, Step, Sync, Wanted, composed, sync_steps
from elysium.agents.regions import END, find_region

ROLE = Wanted(
    path=".github/agents/planner.agent.md",
    format=Format.AGENT,
    name="planner",
    text="# Planner\n\nPlan.\n",
    head='description: "Plans"\ntools: ["read"]\n',
)
RULES = Wanted(path="AGENTS.md", format=Format.AGENTS_MD, name="agents-md", text="Rules.\n", opening="# Rules")
POINTER = Wanted(path="CLAUDE.md", format=Format.CLAUDE_MD, name="claude-md", text="@AGENTS.md\n")


def step(wanted: Wanted, before: str | None, *, force: bool = False) -> Step:
    (only,) = sync_steps([wanted], Sync(files=(), read=lambda _: before, force=force))
    return only


def left(before: str, *, force: bool = False) -> tuple[Step, ...]:
    return sync_steps([], Sync(files=("AGENTS.md", "README.md"), read=lambda _: before, force=force))


def newer(wanted: Wanted, **fields: str) -> Wanted:
    return msgspec.structs.replace(wanted, **fields)


@pytest.mark.parametrize("wanted", [ROLE, RULES, POINTER])
def test_a_file_that_is_as_it_would_be_is_kept(wanted: Wanted) -> None:
    assert step(wanted, None).act is Act.CREATE
    again = step(wanted, composed(wanted))
    assert (again.act, again.text) == (Act.KEEP, composed(wanted))


@pytest.mark.parametrize("wanted", [ROLE, RULES])
def test_a_newer_text_replaces_an_older_one_and_nothing_else(wanted: Wanted) -> None:
    region = find_region(composed(wanted))
    assert region is not None
    before = (
        composed(wanted)[: region.start] + "above\n\n" + composed(wanted)[region.start :] + "\nbelow, without an end"
    )
    found = step(newer(wanted, text="New.\n"), before)
    assert found.act is Act.CHANGE
    assert found.text is not None
    assert "above\n\n<!-- elysium agents: " in found.text
    assert found.text.endswith(f"New.\n{END}\n\nbelow, without an end")
    assert wanted.text not in found.text


def test_a_part_that_somebody_changed_stays_unless_it_is_forced() -> None:
    before = composed(ROLE).replace("Plan.", "Plan well.")
    found = step(newer(ROLE, text="New.\n"), before)
    assert (found.act, found.text, found.line) == (Act.CONFLICT, before, 5)
    assert "--force" in found.hint
    assert step(ROLE, before).act is Act.CONFLICT
    forced = step(newer(ROLE, text="New.\n"), before, force=True)
    assert forced.act is Act.CHANGE
    assert forced.text == composed(newer(ROLE, text="New.\n"))


def test_a_change_by_hand_to_what_would_be_generated_is_taken() -> None:
    before = composed(ROLE).replace("Plan.", "New.")
    found = step(newer(ROLE, text="# Planner\n\nNew.\n"), before)
    assert (found.act, found.text) == (Act.CHANGE, composed(newer(ROLE, text="# Planner\n\nNew.\n")))


def test_front_matter_of_a_person_stays_while_the_source_is_the_same() -> None:
    before = composed(ROLE).replace('tools: ["read"]', 'tools: ["read"]\nmodel: Large')
    assert step(ROLE, before).act is Act.KEEP
    found = step(newer(ROLE, text="New.\n"), before)
    assert found.act is Act.CHANGE
    assert found.text is not None
    assert "model: Large" in found.text
    assert "New." in found.text
    assert step(newer(ROLE, text="New.\n"), found.text).act is Act.KEEP


def test_front_matter_that_both_changed_is_a_conflict() -> None:
    before = composed(ROLE).replace('"Plans"', '"Mine"')
    source = newer(ROLE, head='description: "Plans much"\n')
    assert step(source, before).act is Act.CONFLICT
    assert step(source, before, force=True).text == composed(source)
    assert step(source, composed(source).replace("Plan.", "Plan.")).act is Act.KEEP


@pytest.mark.parametrize("end", ["", f"{END}\n{END}\n"])
def test_a_part_without_one_end_is_a_conflict(end: str) -> None:
    before = composed(RULES).replace(END, end)
    assert step(RULES, before).act is Act.CONFLICT
    assert step(RULES, before, force=True).act is Act.CONFLICT


def test_a_file_with_front_matter_that_a_person_wrote_is_left_alone() -> None:
    found = step(ROLE, "---\ndescription: mine\n---\nMine.\n")
    assert (found.act, found.reason) == (Act.KEEP, "written by hand: it stays")


def test_a_part_is_added_to_rules_that_a_person_wrote() -> None:
    found = step(RULES, "# Mine\n\nBe kind.")
    assert found.act is Act.CHANGE
    assert found.text is not None
    assert found.text.startswith("# Mine\n\nBe kind.\n\n<!-- elysium agents: agents-md ")
    assert step(RULES, found.text).act is Act.KEEP


@pytest.mark.parametrize(("before", "act"), [("See @AGENTS.md\n", Act.CHANGE), ("Mine.\n@AGENTS.md\n", Act.KEEP)])
def test_a_file_that_imports_the_rules_needs_no_other_import(before: str, act: Act) -> None:
    assert step(POINTER, before).act is act


def test_ends_of_lines_stay_as_they_are() -> None:
    before = composed(ROLE).replace("\n", "\r\n")
    assert step(ROLE, before).act is Act.KEEP
    found = step(newer(ROLE, text="New.\n"), before)
    assert found.text == composed(newer(ROLE, text="New.\n")).replace("\n", "\r\n")


def test_what_nothing_generates_any_more_goes_if_it_is_as_it_was() -> None:
    (gone,) = left(composed(RULES))
    assert (gone.act, gone.path, gone.text) == (Act.DELETE, "AGENTS.md", None)
    (kept,) = left(composed(RULES).replace("Rules.\n", "My rules.\n"))
    assert kept.act is Act.CONFLICT
    (forced,) = left(composed(RULES).replace("Rules.\n", "My rules.\n"), force=True)
    assert forced.act is Act.DELETE
    (shared,) = left(composed(RULES) + "Mine.\n")
    assert (shared.act, shared.text) == (Act.CHANGE, "# Rules\nMine.\n")
    assert left("Mine alone.\n") == ()


def test_a_mark_inside_of_front_matter_is_no_generated_part() -> None:
    before = "---\na: |\n" + composed(POINTER).replace("\n", "\n  ") + "\n---\nbody\n"
    assert step(ROLE, before).text == before


def test_a_link_to_another_file_stays() -> None:
    sync = Sync(files=("CLAUDE.md",), read=lambda _: None, links=("CLAUDE.md",))
    (found,) = sync_steps([POINTER], sync)
    assert (found.act, found.text, found.reason) == (Act.KEEP, None, "this is a link: it stays")
    assert sync_steps([], sync) == ()


WORDS = st.lists(st.sampled_from(["Mine.", "", "# Head", "---", "- a", "<!-- note -->", "```"]), max_size=6).map(
    "\n".join
)


@given(above=WORDS, below=WORDS, first=WORDS, second=WORDS)
def test_whatever_stands_around_a_part_survives_every_sync(above: str, below: str, first: str, second: str) -> None:
    old, new = (newer(RULES, text=f"{text}\n") for text in (first, second))
    before = f"# Mine\n{above}\n" + composed(newer(old, opening="")) + below
    text = before
    for wanted in (old, new, old):
        found = step(wanted, text)
        assert found.act in (Act.KEEP, Act.CHANGE)
        assert found.text is not None
        text = found.text
    assert text == before
