"""What verifying a plan gave, as text."""

from __future__ import annotations

import re

import msgspec
import pytest

from elysium.plans.progress.verification import ItemResult, Verification
from elysium.plans.results import Result
from elysium.present.plans import print_verification
from tests.present.plans import FOUND, hostile, shown

STEERING = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e]|^::", re.MULTILINE)


def test_failures_come_first_then_unknowns_by_reason_then_what_is_put_off_and_blocked() -> None:
    assert shown(lambda target: print_verification(target, FOUND)).splitlines() == [
        "Moving the wiki  deploy-app · at main@0123456789 · 6 items",
        "",
        "fails",
        "  ✗ TLS Order a certificate  bob · due 2026-10-01 · line 11",
        "      there is no Certificate web/wiki",
        "      object Certificate web/wiki · Certificate web/wiki · exit 1",
        "",
        "unknown",
        "  nothing tells: it has no check, no attestation and no decision  2",
        "    ? DNS Point the name  bob · line 20",
        "    ? DNS.1 Lower the time  line 21",
        "  `elysium plan attest` ID says so  1",
        "    ? ASK Ask them  line 22",
        "      nobody has attested it",
        "",
        "deferred  1",
        "  z OLD Remove the old one  deferred: a month without visitors",
        "",
        "‖ phase 1: phase 0 first: TLS",
        "",
        "✗ 1 fail, 4 unknown, 1 pass",
    ]


def test_everything_shows_what_passes() -> None:
    text = shown(lambda target: print_verification(target, FOUND, everything=True))
    assert "passes\n  ✓ NS Write the namespace  alice · line 10  apps/wiki/namespace.yaml is there\n" in text


@pytest.mark.parametrize(
    ("reason", "listed"),
    [("A.1: it is not there", False), ("A.1: it is not there; itself not, either", True)],
)
def test_an_item_that_only_repeats_its_sub_items_is_not_told_again(reason: str, listed: bool) -> None:
    items = (
        ItemResult(id="A", title="Whole", result=Result.FAIL, reason=reason),
        ItemResult(id="A.1", title="Part", result=Result.FAIL, reason="it is not there", parents=("A",)),
    )
    text = shown(
        lambda target: print_verification(target, Verification(plan="", title="T", kind="", commit="", items=items))
    )
    assert ("✗ A Whole" in text) is listed
    assert "✗ A.1 Part" in text


def test_only_some_of_many_unknown_items_are_listed() -> None:
    items = tuple(ItemResult(id=f"A{n}", title="x", reason="nothing tells") for n in range(12))
    found = Verification(plan="", title="T", kind="", commit="", items=items)
    text = shown(lambda target: print_verification(target, found))
    assert text.count("? A") == 5
    assert "and 7 more" in text
    assert shown(lambda target: print_verification(target, found, everything=True)).count("? A") == 12


def test_unknown_items_stand_below_what_would_make_them_known() -> None:
    remedy = "run `elysium fetch`, or --source X=PATH"
    items = tuple(
        ItemResult(id=name, title="x", reason=f"there is no {name} in what is known; it was not fetched; {remedy}")
        for name in ("Ingress", "Secret")
    )
    text = shown(lambda target: print_verification(target, msgspec.structs.replace(FOUND, items=items, parts=())))
    assert text.splitlines()[2:8] == [
        "unknown",
        f"  {remedy}  2",
        "    ? Ingress x",
        "      there is no Ingress in what is known; it was not fetched",
        "    ? Secret x",
        "      there is no Secret in what is known; it was not fetched",
    ]


def test_a_plan_steers_neither_a_terminal_nor_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for terminal in (True, False):
        text = shown(lambda target: print_verification(target, hostile(), everything=True), terminal=terminal, width=60)
        assert not STEERING.search(re.sub(r"\x1b\[[0-9;]*m", "", text))
        assert "]0;owned" in text.replace("\n", "")


def test_lines_of_a_terminal_are_no_wider_than_it_and_without_colour_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coloured = shown(lambda target: print_verification(target, FOUND), terminal=True, width=50)
    assert "\x1b[" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    text = re.sub(
        r"\x1b\[[0-9;]*m", "", shown(lambda target: print_verification(target, FOUND), terminal=True, width=50)
    )
    assert max(map(len, text.splitlines())) <= 50
    assert "\x1b[31" not in text
