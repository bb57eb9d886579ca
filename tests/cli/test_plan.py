"""`elysium plan` on small plans: what people type, what is written, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.cli.main import main

ROADMAP = """# Roadmap of the shop

## Progress snapshot

- Phase 0: ✅ complete
- Phase 1: ⏳ pending

## Phase 0 – Begin

**Platform**
- Write `README.md` ✅ <!-- plan: id=readme check="exists README.md" due=2026-01-05 -->

Exit criteria: it is there. <!-- plan: id=x0 check="exists README.md" -->

## Phase 1 – Go on

**Shop team**
- [ ] Write `docs/shop.md` <!-- plan: id=shop check="exists docs/shop.md" due=2026-02-05 -->
- Decide on TLS <!-- plan: id=tls decision -->
- Try it <!-- plan: id=try manual="an order goes through" -->

Exit criteria: orders go through. <!-- plan: id=x1 manual="an order goes through" -->
"""


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan in a folder with a README; the commands are called from there."""
    (tmp_path / "README.md").write_text("# Shop\n", encoding="utf-8")
    path = tmp_path / "roadmap.md"
    path.write_text(ROADMAP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return path


def called(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    ended = main(["plan", *words])
    told = capsys.readouterr()
    assert ended == code, told.out + told.err
    return told.out


def results(text: str) -> dict[str, str]:
    return {item["id"]: item["result"] for item in json.loads(text)["items"]}


def test_verify_prints_the_contract(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = called(capsys, "verify", "roadmap.md", "-o", "json", code=1)
    found = json.loads(out)
    item = next(item for item in found["items"] if item["id"] == "shop")
    wanted = {"phase": "1", "section": "", "owner": "Shop team", "result": "fail", "reason": "there is no docs/shop.md"}
    assert wanted.items() <= item.items()
    assert item["evidence"][0]["check"] == "exists docs/shop.md"
    assert results(out)["readme"] == "pass"
    assert found["summary"]["fail"] == 2


def test_only_a_part_is_verified(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(results(called(capsys, "verify", "roadmap.md", "--phase", "0", "-o", "json"))) == {"readme", "x0"}
    assert set(results(called(capsys, "verify", "roadmap.md", "--item", "tls", "-o", "json", code=1))) == {"tls"}
    assert called(capsys, "verify", "roadmap.md", "--item", "x1", "--fail-on", "unknown", code=1)


def test_what_a_person_says_is_written_beside_the_item(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "attest", "roadmap.md", "try", "--by", "bob", "--reference", "order 7", "--on", "2026-11-20")
    called(capsys, "attest", "roadmap.md", "try", "--by", "eve", "--reference", "order 8", "--on", "2026-11-21")
    called(capsys, "decide", "roadmap.md", "tls", "at the edge", "--by", "bob", "--because", "one certificate > two")
    changed = plan.read_text(encoding="utf-8").splitlines()
    before = ROADMAP.splitlines()
    different = [line for line, old in zip(changed, before, strict=True) if line != old]
    assert [line.split(" <!--")[0] for line in different] == ["- Decide on TLS", "- Try it"]
    assert 'attested="eve 2026-11-21 order 8"' in different[1]
    found = results(called(capsys, "verify", "roadmap.md", "-o", "json", code=1))
    assert (found["tls"], found["try"]) == ("pass", "pass")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("attest", "roadmap.md", "tri", "--by", "bob"), "there is no item 'tri'"),
        (("attest", "roadmap.md", "try", "--by", "Bob B"), "this is one word"),
        (("attest", "roadmap.md", "try", "--by", "bob", "--on", "today"), "YYYY-MM-DD"),
        (("decide", "roadmap.md", "tls", "a; b", "--by", "bob"), "without semicolons"),
        (("attest", "-", "try", "--by", "bob"), "standard input cannot be written"),
        (("status", "roadmap.md", "--by", "colour"), "items have no 'colour'"),
        (("verify", "roadmap.md", "--phase", "0,9"), "the plan has no phase '9'"),
        (("verify", "roadmap.md", "--section", "no"), "the plan has no section 'no'"),
        (("verify", "roadmap.md", "--item", "tri"), "the plan has no item 'tri'"),
        (("verify", "--phases", "roadmap.md"), "no"),
        (("diff", "roadmap.md"), "does not say from which commit"),
        (("apply", "roadmap.md", "--yes"), "names no component"),
        (("new", "deployment", "wiki", "--yes"), "deploy-app"),
        (("new", "deploy-app", "Wiki!", "--image", "a/b:1", "--yes"), "allowed"),
        (("import", "gone.md"), "No such file"),
        (("export", "roadmap.md", "--format", "issues"), "files in a folder"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    words: tuple[str, ...], told: str, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = main(["plan", *words])
    err = capsys.readouterr().err
    assert ended == 2
    assert told in err
    assert "Traceback" not in err
    assert plan.read_text(encoding="utf-8") == ROADMAP


def test_status_lists_marks_that_are_not_so_and_writes_those_that_are(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (plan.parent / "README.md").unlink()
    out = called(capsys, "status", "roadmap.md", "-o", "json", code=1)
    claims = json.loads(out)["claims"]
    assert {claim["line"] for claim in claims} >= {5, 11}
    called(capsys, "status", "roadmap.md", "--fix-marks")
    fixed = plan.read_text(encoding="utf-8")
    assert "- Phase 0: ⏳ complete" in fixed
    assert "- Write `README.md` ⏳ <!--" in fixed
    assert "the word beside it" in called(capsys, "status", "roadmap.md", "--fix-marks", code=1)  # a person's to mend
    assert plan.read_text(encoding="utf-8") == fixed


def test_status_has_every_form(plan: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "Platform" in called(capsys, "status", "roadmap.md", "--by", "phase,owner")
    assert called(capsys, "status", "roadmap.md", "-o", "markdown").startswith("## ")
    html = called(capsys, "status", "roadmap.md", "-o", "html")
    assert html.startswith("<!doctype html>")
    assert "<script" not in html
    called(capsys, "status", "roadmap.md", "--calendar", "due.ics")
    calendar = (tmp_path / "due.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20260205\r\n" in calendar
    assert b"20260105" not in calendar  # done
    assert called(capsys, "status", "roadmap.md", "--strict", code=1)


def test_finished_phases_move_to_the_change_log(plan: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    called(capsys, "status", "roadmap.md", "--archive-done")
    assert "## Phase 0" not in plan.read_text(encoding="utf-8")
    log = (tmp_path / "CHANGES.md").read_text(encoding="utf-8")
    moved = ROADMAP[ROADMAP.index("## Phase 0") : ROADMAP.index("## Phase 1")]
    assert moved in log


def test_import_and_export_lose_nothing(plan: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [
        "# Moving",
        "",
        "## Phase 1 – Go",
        "",
        "**Team**",
        "- Write `README.md`  ",
        "",
        "Exit criteria: it is; it was.",
    ]
    text = "\r\n".join(lines)
    (tmp_path / "moving.md").write_bytes(text.encode())
    called(capsys, "import", "moving.md", "-o", "plans/moving.md")
    assert "plan:" in (tmp_path / "plans/moving.md").read_text(encoding="utf-8")
    called(capsys, "export", "plans/moving.md", "--format", "markdown", "-o", "back.md")
    assert (tmp_path / "back.md").read_bytes() == text.encode()
    assert main(["plan", "import", "moving.md", "-o", "plans/moving.md"]) == 2
    assert "there already" in capsys.readouterr().err


def test_a_plan_is_exported_in_every_form(plan: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = json.loads(called(capsys, "export", "roadmap.md", "--format", "json"))
    assert {item["id"] for item in found["items"]} >= {"readme", "shop", "tls"}
    assert "BEGIN:VCALENDAR" in called(capsys, "export", "roadmap.md", "--format", "calendar")
    assert "Shop team" in called(capsys, "export", "roadmap.md", "--format", "checklist")
    called(capsys, "export", "roadmap.md", "--format", "issues", "-o", "issues")
    assert len(list((tmp_path / "issues").iterdir())) > 3
    assert "<!-- plan" not in called(capsys, "export", "roadmap.md")


def test_standard_input_is_a_plan(
    plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ROADMAP.encode())))
    assert results(called(capsys, "verify", "-", "-o", "json", code=1))["readme"] == "pass"


def test_a_plan_of_somebody_else_runs_nothing(plan: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plan.write_text('# P\n- x <!-- plan: id=x check="run touch made" -->\n', encoding="utf-8")
    assert results(called(capsys, "verify", "roadmap.md", "-o", "json")) == {"x": "unknown"}
    assert not (tmp_path / "made").exists()
    assert results(called(capsys, "verify", "roadmap.md", "--allow-commands", "-o", "json")) == {"x": "pass"}
    assert (tmp_path / "made").exists()
