"""Plans whose annotations say what has no meaning: each is refused with its line, what is wrong, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.cli.main import main
from elysium.errors import PlanError
from elysium.plans.document.parsing import parse

_FOLDER = Path(__file__).parent / "malformed"
_CASES = {
    "annotation-not-closed": (5, "not closed", "-->"),
    "annotation-in-the-middle": (3, "not closed", "end"),
    "annotation-of-nothing": (3, "belongs to nothing", "list entry"),
    "unknown-key": (3, "no key 'colour'", "known are"),
    "unknown-heading-key": (3, "no key 'check'", "known are"),
    "quote-not-closed": (3, "a quote is not closed", "close every quote"),
    "quote-inside-not-closed": (3, "a check cannot be read", '\\"'),
    "same-id-twice": (4, "taken by line 3", "own"),
    "bad-id": (3, "is no id", "letters"),
    "id-without-value": (3, "`id` has no value", "write id="),
    "owner-twice": (3, "`owner` is given twice", "once"),
    "bad-date": (3, "is no date: 'tomorrow'", "YYYY-MM-DD"),
    "date-that-is-none": (3, "is no date", "YYYY-MM-DD"),
    "bad-date-of-a-phase": (3, "is no date", "YYYY-MM-DD"),
    "needs-nothing": (3, "`needs` has no value", "needs=ID"),
    "unknown-check": (3, "no check 'exist'", "exists"),
    "check-without-arguments": (3, "cannot be made", "for example"),
    "empty-check": (3, "a check is empty", "verb"),
    "check-outside": (3, "cannot be made", "for example"),
    "file-outside": (3, "no path of the repository", "inside"),
    "impact-without-kind": (3, "names no object", "Kind/namespace/name"),
    "attested-by-nobody": (3, "who and when", "WHO YYYY-MM-DD"),
    "attested-on-no-day": (3, "is no date", "YYYY-MM-DD"),
    "decided-on-no-day": (3, "is no date", "YYYY-MM-DD"),
    "unknown-role": (3, "no role 'chore'", "roles are"),
    "unknown-document-key": (3, "no key 'author'", "known are"),
    "document-key-twice": (3, "`kind` is given twice", "keep one"),
    "document-key-empty": (2, "`kind` has no value", "kind="),
    "relies-without-digest": (3, "no file with its digest", "sha256"),
    "component-without-name": (3, "`component` is none", "KIND/NAME"),
    "component-answer-without-value": (3, "`component` is none", "answer=value"),
    "component-no-toml": (3, "cannot be read", "elysium new --list"),
    "component-without-kind": (3, "kind", "elysium new --list"),
    "created-no-date": (3, "is no date", "YYYY-MM-DD"),
}


def test_every_document_is_tried() -> None:
    assert {path.stem for path in _FOLDER.glob("*.md")} == set(_CASES)
    assert len(_CASES) >= 30


@pytest.mark.parametrize("name", sorted(_CASES))
def test_a_malformed_plan_is_refused_with_line_and_hint(name: str) -> None:
    line, message, hint = _CASES[name]
    with pytest.raises(PlanError) as raised:
        parse((_FOLDER / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md")
    assert raised.value.subject == f"{name}.md:{line}"
    assert message in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize("command", ["lint", "verify", "status", "export", "diff", "rollback", "apply"])
def test_every_command_ends_with_2_and_says_where(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", command, str(_FOLDER / "unknown-check.md")]) == 2
    told = capsys.readouterr()
    assert "unknown-check.md:3" in told.err
    assert "hint:" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"# A plan \xff\xfe\n", "no UTF-8 at byte 9"),
        (b"x" * (4 << 20) + b"yy", "longer than 4 MiB"),
        (None, "No such file"),
    ],
)
def test_what_is_no_text_is_refused(
    data: bytes | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.md"
    if data is not None:
        path.write_bytes(data)
    assert main(["plan", "lint", str(path)]) == 2
    assert told in capsys.readouterr().err


def test_a_link_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.md").write_text("# Secret", encoding="utf-8")
    (tmp_path / "plan.md").symlink_to(tmp_path / "secret.md")
    assert main(["plan", "export", str(tmp_path / "plan.md"), "--format", "json"]) == 2
    told = capsys.readouterr()
    assert "link" in told.err
    assert "Secret" not in told.out + told.err
