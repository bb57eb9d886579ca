"""The timeline of a rehearsal: what is drawn while it runs, and that nothing of it stays."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from rich.console import Console

from elysium.model import UnitId, UnitKind
from elysium.present.rehearsal_timeline import Timeline
from elysium.rehearse.types import Phase, Step


def unit(name: str) -> UnitId:
    return UnitId("clusters/home", UnitKind.KUSTOMIZATION, "flux-system", name)


def step(state: str, name: str = "", phase: Phase = Phase.BASE, **more: object) -> Step:
    return Step(state=state, phase=phase, unit=unit(name) if name else None, **more)  # type: ignore[arg-type]


def drawn(steps: Iterable[Step], width: int = 100, height: int = 20) -> list[str]:
    """What stands on the terminal after these steps."""
    out = io.StringIO()
    target = Console(file=out, width=width, height=height, force_terminal=True, no_color=True)
    timeline = Timeline(target)
    for item in steps:
        timeline(item)
    target.print(timeline)
    return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).splitlines()


def test_before_the_first_phase_it_says_what_is_built_and_how_far() -> None:
    lines = drawn([Step(state="booting", message="building the control plane", done=5, total=10)])
    assert len(lines) == 1
    assert "building the control plane" in lines[0]
    assert "5/10" in lines[0]


def test_a_phase_counts_its_units_and_their_objects() -> None:
    steps = [
        step("applied", "apps", counts={"created": 2}, total=3),
        step("applied", "infra", counts={"created": 1, "unchanged": 4}, total=3),
        step("applying", "last", total=3),
    ]
    lines = drawn(steps)
    assert "base     2/3 units  3 created, 4 unchanged" in lines[0]
    assert [text.split()[:2] for text in lines[1:]] == [
        ["…", "ks/flux-system/last"],
        ["✓", "ks/flux-system/infra"],
        ["✓", "ks/flux-system/apps"],
    ]


def test_what_is_stuck_or_refused_stands_above_what_went_well() -> None:
    many = [step("applied", f"u{number}", total=40) for number in range(38)]
    steps = [step("stuck", "bad"), *many, step("waiting", "late", message="waits for ks/flux-system/bad")]
    lines = drawn(steps, height=12)
    assert len(lines) <= 12
    assert lines[1].split()[:2] == ["✗", "ks/flux-system/bad"]
    assert lines[2].split()[:2] == ["‖", "ks/flux-system/late"]
    assert "waits for ks/flux-system/bad" in lines[2]
    assert re.fullmatch(r" +… \d+ more", lines[-1])


def test_a_phase_that_is_done_is_one_line() -> None:
    steps = [step("applied", "apps"), step("settling"), step("done"), step("applying", "apps", Phase.HEAD)]
    lines = drawn(steps)
    assert [text.split()[1] for text in lines] == ["base", "head", "ks/flux-system/apps"]
    assert lines[0].startswith("✓")


def test_the_next_cluster_begins_anew() -> None:
    steps = [step("applied", "apps"), step("done"), step("done", phase=Phase.HEAD), step("applying", "other")]
    lines = drawn(steps)
    assert [text.split()[1] for text in lines] == ["base", "ks/flux-system/other"]


def test_a_line_is_never_longer_than_the_terminal() -> None:
    lines = drawn([step("stuck", "bad", message="x" * 300)], width=60)
    assert max(map(len, lines)) <= 60


def test_names_and_words_cannot_steer_the_terminal() -> None:
    lines = drawn([step("stuck", "a\x1b[2Jb", message="\u202e\x07 line\nline")])
    assert len(lines) == 2
    assert not re.search("[\x00-\x1f\x7f\u202e]", "".join(lines))


def test_nothing_stays_when_it_ends() -> None:
    out = io.StringIO()
    target = Console(file=out, width=80, height=20, force_terminal=True, no_color=True)
    with Timeline(target) as timeline:
        timeline(step("applying", "apps"))
        timeline.progress("rendering", 1, 2)
    last_cleared = out.getvalue().rfind("\x1b[2K")
    assert "apps" not in out.getvalue()[last_cleared:]
