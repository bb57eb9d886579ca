"""Edits change what they name and nothing else."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from elysium.check.fixing import apply, plan, unified_diff
from elysium.model import Edit, Finding, Severity

WORDS = st.text(string.ascii_letters + " :#é\x0b\x85", max_size=8)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text with one kind of line end, with or without the last one."""
    lines = draw(st.lists(WORDS, min_size=1, max_size=12))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end]))


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text and edits of lines of it that do not touch each other."""
    text = draw(texts())
    lines = text.split("\n")
    count = len(lines) - (not lines[-1])
    edits = []
    for number in draw(st.sets(st.integers(1, max(count, 1)), max_size=3)):
        if number <= count:
            new = draw(st.lists(st.text("xyz", min_size=1, max_size=3), max_size=2))
            old = lines[number - 1].removesuffix("\r")
            edits.append(Edit(file="a.yaml", line=number, old=f"{old}\n", new="".join(f"{item}\n" for item in new)))
    return text, edits


@given(changes())
def test_everything_else_stays_byte_for_byte(change: tuple[str, list[Edit]]) -> None:
    text, edits = change
    lines = text.split("\n")
    replaced = {edit.line - 1: edit.new for edit in edits}
    end = "\r\n" if "\r\n" in text else "\n"
    expected = ""
    for index, line in enumerate(lines):
        whole = line + ("\n" if index < len(lines) - 1 else "")
        if index in replaced:
            new = replaced[index].replace("\n", end)
            whole = new if whole.endswith("\n") else new.removesuffix(end)
        expected += whole
    assert apply(text, edits) == expected


def finding(*edits: Edit) -> Finding:
    return Finding(rule="schema", severity=Severity.ERROR, message="wrong", edits=edits)


@given(st.sets(st.integers(1, 9)), st.sampled_from(["", "new\n", "new\nlines\n"]))
def test_applying_again_changes_nothing(numbers: set[int], new: str) -> None:
    text = "".join(f"line {number}\n" for number in range(1, 10))
    edits = [Edit(file="a.yaml", line=number, old=f"line {number}\n", new=new) for number in numbers]
    once = apply(text, edits)
    assert apply(once, edits) == once
    again = plan([finding(edit) for edit in edits], lambda _: once)
    assert (again.mended, again.after) == ((), {})


@given(texts())
def test_no_edit_is_no_change(text: str) -> None:
    assert apply(text, []) == text
    assert plan([finding()], lambda _: text).after == {}


def edit(line: int, old: str, new: str, file: str = "a.yaml") -> Edit:
    return Edit(file=file, line=line, old=old, new=new)


def test_lines_that_say_something_else_are_left() -> None:
    text = "a: 1\nb: 2\n"
    made = plan([finding(edit(2, "b: 3\n", "b: 4\n")), finding(edit(9, "c\n", ""))], lambda _: text)
    assert (made.mended, made.after) == ((), {})
    assert [item.reason for item in made.refused] == [
        "a.yaml:2 no longer reads as it did",
        "a.yaml:9 no longer reads as it did",
    ]
    assert apply(text, [edit(2, "b: 3\n", "")]) == text


def test_of_two_fixes_for_the_same_lines_the_first_counts() -> None:
    text = "a\nb\nc\n"
    first, second = finding(edit(1, "a\nb\n", "x\n")), finding(edit(2, "b\nc\n", "y\n"))
    made = plan([first, second, first], lambda _: text)
    assert made.after == {"a.yaml": "x\nc\n"}
    assert made.mended == (first, first)
    assert [item.finding for item in made.refused] == [second]


def test_the_edits_of_a_finding_are_applied_all_or_not_at_all() -> None:
    both = finding(edit(1, "a\n", "x\n"), edit(1, "not there\n", "", file="b.yaml"))
    assert plan([both], lambda _: "a\n").after == {}


def test_an_insertion_and_a_removal() -> None:
    assert apply("a\nb\n", [edit(2, "", "new\n"), edit(1, "a\n", "")]) == "new\nb\n"
    assert apply("a\r\nb\r\n", [edit(2, "", "new\n")]) == "a\r\nnew\r\nb\r\n"
    assert apply("a\nb", [edit(2, "b\n", "c\nd\n")]) == "a\nc\nd"


def test_the_diff_is_one_that_git_applies() -> None:
    made = plan([finding(edit(1, "a\n", "b\n"))], lambda _: "a")
    lines = ["--- a/a.yaml", "+++ b/a.yaml", "@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+b"]
    assert unified_diff(made).splitlines() == [*lines, "\\ No newline at end of file"]
