"""The report of a check, as text."""

from __future__ import annotations

import io
import re

import msgspec
import pytest

from elysium.api import Report
from elysium.check import summarise
from elysium.model import (
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
from elysium.present import junit, markdown
from elysium.present.console import console, plain
from elysium.present.report import print_report
from elysium.present.run import Run
from elysium.present.unknowns import fold_unknowns

CHART = Need(remedy="elysium fetch, or --source chart-repo=https://charts.example.org=PATH", key="index")


def unit(name: str, state: UnitState = UnitState.RENDERED, failure: Failure | None = None) -> Unit:
    return Unit(id=UnitId("clusters/test", UnitKind.HELM_RELEASE, "web", name), state=state, failure=failure)


def unknown(name: str) -> Unit:
    return unit(name, UnitState.UNKNOWN, Failure(code="source", message="the index is not here", need=CHART))


EMPTY = Render(revision="", digest="", flux="2.9", kubernetes="1.37", clusters=(), units=())


def report(*findings: Finding, units: tuple[Unit, ...] = (), fail_on: str = "error", terminal: bool = False) -> str:
    render = Render(
        revision="main@sha1:" + "0123456789" * 4,
        digest="",
        flux="2.9",
        kubernetes="1.37",
        clusters=("clusters/test",),
        units=units,
    )
    stream = io.StringIO()
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    run = Run(subject="repository", revision=render.revision, seconds=0.25, fail_on=fail_on)
    found = Report(revision=render.revision, findings=findings, units=units, summary=summarise(render, findings))
    print_report(console(stream), run, found)
    return stream.getvalue()


def finding(severity: Severity = Severity.ERROR, message: str = "it is wrong", **more: object) -> Finding:
    return Finding(rule="schema", severity=severity, message=message, file="apps/a.yaml", line=3, **more)  # type: ignore[arg-type]


def test_header_counts_and_shortens_the_revision() -> None:
    text = report(units=(unit("a"), unit("b", UnitState.SUSPENDED)))
    assert text.splitlines()[:3] == [
        "repository  main@sha1:0123456789 · Flux 2.9 · Kubernetes 1.37",
        "  1 cluster, 2 units, 0 objects in 0.25 s",
        "  ✓ 1 rendered   ‖ 1 suspended",
    ]


def test_a_finding_has_its_place_object_hint_and_what_was_folded() -> None:
    item = ObjectReference(api_version="v1", kind="Secret", namespace="web", name="login")
    text = report(finding(object=item, hint="mend it", folded=2))
    assert text.splitlines()[-7:] == [
        "apps/a.yaml",
        "  ✗ 3: it is wrong  schema",
        "      Secret/web/login",
        "      and 2 more with the same cause",
        "      → mend it",
        "",
        "✗ 1 error",
    ]


@pytest.mark.parametrize(
    ("severity", "fail_on", "verdict"),
    [
        (Severity.ERROR, "error", "✗ 1 error"),
        (Severity.WARNING, "error", "✓ passed with 1 warning"),
        (Severity.WARNING, "warning", "✗ 1 warning"),
        (Severity.INFO, "warning", "✓ passed with 1 note"),
    ],
)
def test_the_last_line_is_the_verdict(severity: Severity, fail_on: str, verdict: str) -> None:
    assert report(finding(severity), fail_on=fail_on).splitlines()[-1] == verdict


def test_unknowns_are_folded_by_what_would_make_them_known() -> None:
    units = tuple(unknown(name) for name in "abcde")
    text = report(units=units)
    assert "  ? hr/web/a, hr/web/b, hr/web/c and 2 more: the index is not here" in text.splitlines()
    assert text.count("→ elysium fetch") == 1
    assert text.splitlines()[-1] == "✓ passed with 5 unknown offline"
    assert report(units=units, fail_on="unknown").splitlines()[-1] == "✗ 5 unknown offline"


def test_another_reason_has_a_line_of_its_own_below_the_same_remedy() -> None:
    other = unit("b", UnitState.UNKNOWN, Failure(code="source", message="chart b is not here", need=CHART))
    text = report(units=(unknown("a"), other))
    assert {"  ? hr/web/a: the index is not here", "  ? hr/web/b: chart b is not here"} <= set(text.splitlines())
    assert text.count("→ elysium fetch") == 1


def test_units_that_wait_for_an_unknown_one_are_counted_with_it() -> None:
    follower = unit("z", UnitState.UNKNOWN, Failure(code="cascade", message="waits", cause=unknown("a").id))
    (item,) = fold_unknowns((unknown("a"), follower))
    assert (len(item.units), item.followers) == (1, 1)


def test_control_characters_of_the_repository_do_not_reach_the_terminal() -> None:
    text = report(finding(message="red \x1b[31m alert\x07 \u202e"))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert plain("a\tb\nc") == "a\tb\nc"


def test_long_lines_wrap_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    message = "word " * 40
    assert max(len(line) for line in report(finding(message=message)).splitlines()) > 150
    wrapped = re.sub(r"\x1b\[[0-9;]*m", "", report(finding(message=message), terminal=True)).splitlines()
    assert max(len(line) for line in wrapped) <= 60


def test_colours_only_on_a_terminal_and_never_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in report(finding(), terminal=True)
    assert "\x1b[" not in report(finding())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in report(finding(), terminal=True)


def test_many_warnings_of_one_rule_are_one_group_with_the_hint_once() -> None:
    many = [
        Finding(
            rule="orphan-file",
            severity=Severity.WARNING,
            message="nobody reads it",
            hint="list it",
            file=f"{name}.yaml",
        )
        for name in "abcd"
    ]
    text = report(finding(), *many)
    assert "orphan-file  4 findings" in text
    assert text.count("→ list it") == 1
    assert "apps/a.yaml\n  ✗ 3: it is wrong" in text


@pytest.mark.parametrize("form", ["text", "markdown", "junit"])
def test_no_name_begins_a_line_that_a_service_takes_for_a_command(form: str) -> None:
    named = msgspec.structs.replace(
        finding(),
        file="apps/a\n::error::b.yaml",
        message="Pod/web/a\n::stop-commands::x is wrong",
        hint="do\n::debug::x",
    )
    found = Report(revision="", findings=(named,), units=(), summary=summarise(EMPTY, (named,)))
    run = Run(subject="repository", revision="", seconds=0.25, fail_on="error")
    forms = {"markdown": markdown.document, "junit": junit.document}
    text = forms[form](found, run) if form in forms else report(named)
    assert not re.search(r"(?m)^\s*::", text)
