"""A rehearsal as people read it in a terminal: what stands out, what is folded, and what words of the server may do."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from rich.console import Console

from elysium.cluster.protocol import Action
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.present.console import console
from elysium.present.rehearsal import print_rehearsal
from elysium.present.rehearsal_parts import troubles
from elysium.present.rehearsal_words import rollback_sentence, verdict
from elysium.rehearse.types import Phase, Rehearsal, Summary, Unknown, WorkloadState, WorkloadVerdict
from tests.present import rehearsals
from tests.present.rehearsals import APPS, IMMUTABLE, WEB, config

NASTY = "\x1b[31mred\x1b[0m \u202egnihton\r\n::error::no"


def shown(rehearsal: Rehearsal, *, everything: bool = False) -> list[str]:
    out = io.StringIO()
    print_rehearsal(console(out), rehearsal, subject="home", everything=everything)
    return out.getvalue().splitlines()


def on_terminal(rehearsal: Rehearsal, width: int) -> list[str]:
    out = io.StringIO()
    target = Console(file=out, width=width, force_terminal=True, no_color=True, highlight=False, markup=False)
    print_rehearsal(target, rehearsal, subject="home")
    return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).splitlines()


def section(lines: list[str], title: str) -> list[str]:
    start = next(number for number, text in enumerate(lines) if text.startswith(title))
    return lines[start + 1 : lines.index("", start)]


def test_the_header_names_revisions_versions_and_time() -> None:
    lines = shown(rehearsals.full())
    assert lines[0] == "home  main@sha1:1111111111 → working tree · Kubernetes 1.36.3"
    assert lines[1] == "  1 cluster, 11 objects in 4.5 s (boot 2.9 s, base 1.2 s)"
    assert "Kubernetes 1.34" in lines[2]


def test_a_refusal_has_the_words_of_the_server_the_place_and_what_to_do() -> None:
    assert section(shown(rehearsals.full()), "refused") == [
        "  ✗ Deployment/web/site  immutable  apps/web/site.yaml:7",
        "      ks/flux-system/apps, tried 3 times, 1 other object of it is not applied either",
        f"      {IMMUTABLE}",
        "      → delete it, or give it another name",
    ]


def test_the_head_is_a_table_and_what_is_unchanged_only_counts() -> None:
    rows = section(shown(rehearsals.full()), "what the head does")
    assert rows[0] == "  ± recreated   ConfigMap/web/again    ks/flux-system/apps  apps/web/site.yaml:7"
    assert [row.split()[1] for row in rows] == ["recreated", "created", "configured", "pruned", "orphaned", "1", "1"]
    assert rows[-2:] == ["  = 1 unchanged", "  ✓ 1 workload ready"]
    assert len({row.index("ConfigMap") for row in rows[:-2]}) == 1


def test_what_was_so_in_the_base_is_apart_and_counted() -> None:
    lines = shown(rehearsals.full())
    assert section(lines, "was so in the base already") == ["  = ConfigMap/web/known  invalid: it is too long"]
    assert not any("known" in text for text in section(lines, "refused"))
    assert lines[-1].endswith(", 1 known before, 2 not known")


def test_a_unit_that_is_not_ready_since_its_object_is_refused_is_told_once() -> None:
    refused = rehearsals.verdict(WEB, Action.REJECTED, cause="schema")
    kind = ObjectId("kustomize.toolkit.fluxcd.io", "Kustomization", "flux-system", "apps")
    stuck = WorkloadVerdict(phase=Phase.HEAD, object=kind, unit=APPS, state=WorkloadState.NEVER_READY)
    waiting = msgspec.structs.replace(stuck, unit=unit("later"))
    found = troubles(rehearsals.of(refused, workloads=(stuck, waiting)))
    assert [(item.word, item.unit) for item in found] == [("schema", APPS), ("never-ready", unit("later"))]


def test_another_cause_than_in_the_base_is_new() -> None:
    before = rehearsals.verdict(WEB, Action.REJECTED, Phase.BASE, cause="schema")
    after = rehearsals.verdict(WEB, Action.REJECTED, cause="quota")
    assert [item.known for item in troubles(rehearsals.of(before, after))] == [False]


def test_a_refusal_by_a_value_that_only_the_cluster_holds_is_unknown() -> None:
    lines = shown(rehearsals.full())
    assert "      ConfigMap/web/secret: its value is known to the cluster only" in lines
    assert not any("secret" in text for text in section(lines, "refused"))


def test_warnings_are_told_once_by_their_words() -> None:
    verdicts = [rehearsals.verdict(config(f"c{number}"), warnings=("old",)) for number in range(5)]
    lines = section(shown(rehearsals.of(*verdicts)), "warnings of the server")
    assert lines == ["  ! old  ConfigMap/web/c0, ConfigMap/web/c1, ConfigMap/web/c2 and 2 more"]


def test_long_lists_are_folded_unless_everything_is_wanted() -> None:
    many = rehearsals.of(*(rehearsals.verdict(config(f"c{number}")) for number in range(40)))
    assert "    … and 25 more created (--all)" in shown(many)
    assert sum("+ created" in text for text in shown(many, everything=True)) == 40


def test_what_nobody_can_know_is_folded_by_its_reason() -> None:
    unknown = tuple(
        Unknown(phase=phase, code="suspended", message="it is suspended", unit=unit(f"u{number}"))
        for number in range(5)
        for phase in (Phase.BASE, Phase.HEAD)
    )
    lines = section(shown(rehearsals.of(unknown=unknown)), "cannot be known here")
    assert lines == [
        "  ? suspended units  5",
        "      ks/web/u0, ks/web/u1, ks/web/u2 and 2 more: it is suspended",
    ]


def unit(name: str) -> UnitId:
    return UnitId("clusters/home", UnitKind.KUSTOMIZATION, "web", name)


def test_units_have_their_cluster_where_there_are_several() -> None:
    two = msgspec.structs.replace(rehearsals.full(), clusters=("clusters/home", "clusters/work"))
    assert any("clusters/home: ks/flux-system/apps" in text for text in shown(two))


def test_a_change_without_trouble_ends_with_what_it_does() -> None:
    assert shown(rehearsals.empty())[-1] == "✓ the API server accepts all of it: 1 unchanged"
    assert str(verdict(rehearsals.of())) == "✓ the API server accepts all of it: there is nothing to apply"


@pytest.mark.parametrize(
    ("base", "words"),
    [("main@sha1:1", "1 object is refused that the base did not have"), ("", "1 object is refused")],
)
def test_the_verdict_of_a_refusal(base: str, words: str) -> None:
    refused = rehearsals.verdict(WEB, Action.REJECTED, cause="schema")
    assert str(verdict(rehearsals.of(refused, base=base))) == f"✗ {words}"


def test_the_way_back_says_what_does_not_come_back() -> None:
    back = rehearsals.verdict(WEB, Action.UNCHANGED, Phase.ROLLBACK)
    fine = rehearsals.of(back)
    assert str(rollback_sentence(fine)) == "✓ the way back gives every object back"
    left = rehearsals.of(
        back, summary=Summary(leftovers=("PersistentVolumeClaim/web/data is still there",), unrestored=1)
    )
    lines = shown(left)
    assert "  ! PersistentVolumeClaim/web/data is still there" in lines
    assert lines[-2] == "✗ the way back does not give everything back: 1 object not as before"
    assert lines[-1] == "✗ the head is accepted, and there is no way back"
    kept = rehearsals.of(back, summary=Summary(leftovers=("ConfigMap/web/kept stays: it is kept",)))
    assert str(rollback_sentence(kept)) == "✓ the way back gives back what it can, but for 1 object kept on purpose"
    assert rollback_sentence(rehearsals.of()) is None


def test_words_of_the_server_cannot_steer_the_terminal() -> None:
    bad = rehearsals.verdict(WEB, Action.REJECTED, message=NASTY, hint=NASTY, cause=NASTY, file=NASTY)
    warned = rehearsals.verdict(config("c"), warnings=(NASTY,))
    unknown = Unknown(phase=Phase.HEAD, code=NASTY, message=NASTY, unit=APPS, remedy=NASTY)
    text = "\n".join(shown(rehearsals.of(bad, warned, unknown=(unknown,), head=NASTY)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not any(row.lstrip().startswith("::") for row in text.splitlines())


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_table_fits_the_terminal(width: int) -> None:
    lines = on_terminal(rehearsals.full(), width)
    assert max(map(len, lines)) <= width
    rows = section(lines, "what the head does")
    assert ("ks/flux-system/apps" in rows[0]) == (width == 200)
