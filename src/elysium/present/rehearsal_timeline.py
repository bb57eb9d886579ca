"""The timeline of a rehearsal, drawn on a terminal while it runs: phases, units, what is waiting and what is stuck."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from elysium.model import UnitId
from elysium.present.console import on_one_line
from elysium.rehearse.types import Phase, Step

__all__ = ["Timeline"]

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PER_SECOND = 10
_STYLES = {
    "applying": ("…", "cyan"),
    "applied": ("✓", "green"),
    "ready": ("✓", "green"),
    "rejected": ("✗", "bold red"),
    "waiting": ("‖", "yellow"),
    "stuck": ("✗", "bold red"),
}
_LAST = ("applied", "ready")
_URGENCY = ("stuck", "rejected", "applying", "waiting", *_LAST)
_FRAME_LINES = 4
_BAR = 24


@dataclass
class _PhaseState:
    """How far a phase is: its units in the order in which they were last heard of."""

    started: float
    ended: float = 0.0
    total: int = 0
    settling: bool = False
    units: dict[UnitId, Step] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return bool(self.ended)

    @property
    def finished(self) -> int:
        return sum(step.state not in ("applying", "waiting") for step in self.units.values())

    def counts(self) -> Counter[str]:
        """What came of the objects so far, by action."""
        found: Counter[str] = Counter()
        for step in self.units.values():
            found.update(step.counts)
        return found


class Timeline:
    """Hears the steps of a rehearsal (from any thread) and draws them. Use it in a `with`: nothing of it stays."""

    def __init__(self, target: Console) -> None:
        self._lock = Lock()
        self._began = time.monotonic()
        self._doing = Step(state="booting", message="preparing")
        self._phases: dict[Phase, _PhaseState] = {}
        self._live = Live(
            self,
            console=target,
            transient=True,
            refresh_per_second=_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def __call__(self, step: Step) -> None:
        """A unit or the whole got further."""
        with self._lock:
            if step.phase is None:
                self._doing = step
                return
            state = self._phase(step.phase)
            state.total = step.total or state.total
            if step.unit:
                state.units.pop(step.unit, None)
                state.units[step.unit] = step
            else:
                self._of_phase(state, step)

    def progress(self, what: str, done: int = 0, total: int = 0) -> None:
        """Something before the first phase got further: the render, the build of the control plane."""
        self(Step(state="booting", message=what, done=done, total=total))

    def _phase(self, phase: Phase) -> _PhaseState:
        if phase in self._phases and self._phases[phase].done:  # the next cluster begins
            self._phases.clear()
        if phase not in self._phases:
            now = time.monotonic()
            self._phases[phase] = _PhaseState(started=now)
        return self._phases[phase]

    def _of_phase(self, state: _PhaseState, step: Step) -> None:
        state.settling = step.state == "settling"
        if step.state == "done":
            state.ended = time.monotonic()
            self._doing = Step(state="booting", message="finishing")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with self._lock:
            lines = self._lines(time.monotonic(), max(4, options.size.height - _FRAME_LINES))
        for text in lines:
            text.truncate(options.max_width, overflow="ellipsis")
            text.no_wrap = True
            yield text

    def _lines(self, now: float, height: int) -> list[Text]:
        lines = []
        for phase, state in self._phases.items():
            lines.append(_phase_line(phase, state, now))
            if not state.done:
                lines += _unit_lines(state, height - len(lines))
        if all(state.done for state in self._phases.values()):
            lines.append(self._doing_line(now))
        return lines[:height]

    def _doing_line(self, now: float) -> Text:
        """What is done before the first phase, with a bar where its length is known."""
        step = self._doing
        text = Text.assemble((f"{_spinner(now)} ", "cyan"), on_one_line(step.message or step.state))
        if step.total:
            full = min(_BAR, _BAR * step.done // step.total)
            text.append(f"  {'━' * full}", style="cyan").append("━" * (_BAR - full), style="dim")
            text.append(f" {step.done:,}/{step.total:,}")
        return text.append(f"  {now - self._began:.1f} s", style="dim")


def _phase_line(phase: Phase, state: _PhaseState, now: float) -> Text:
    """`✓ base  37/37 units  412 created, 24 unchanged  4.1 s`."""
    mark, style = ("✓", "green") if state.done else (_spinner(now), "cyan")
    text = Text.assemble((f"{mark} ", style), (f"{phase.value:<9}", "bold"))
    of = f"/{state.total:,}" if state.total else ""
    text.append(f"{state.finished:,}{of} units")
    counts = ", ".join(f"{number:,} {action}" for action, number in state.counts().items() if number)
    text.append(f"  {counts}" if counts else "", style="dim")
    if state.settling and not state.done:
        text.append("  waiting for the workloads", style="cyan")
    return text.append(f"  {(state.ended or now) - state.started:.1f} s", style="dim")


def _unit_lines(state: _PhaseState, room: int) -> list[Text]:
    """The units that say most: what is stuck or rejected, what is at work or waits, then what came last."""
    newest = list(reversed(state.units.values()))
    chosen = sorted(newest, key=lambda step: _URGENCY.index(step.state) if step.state in _URGENCY else len(_URGENCY))
    shown, left = chosen[: max(0, room - 1)], len(chosen) - max(0, room - 1)
    lines = [_unit_line(step) for step in shown]
    return [*lines, Text(f"    … {left:,} more", style="dim")] if left > 0 else lines


def _unit_line(step: Step) -> Text:
    mark, style = _STYLES.get(step.state, ("·", "dim"))
    name_style = "dim" if step.state in _LAST else ""
    text = Text.assemble((f"  {mark} ", style), (f"{on_one_line(str(step.unit)):<40}", name_style))
    counts = ", ".join(f"{number:,} {action}" for action, number in step.counts.items() if number)
    text.append(f"  {counts}" if counts else "", style="dim")
    return text.append(f"  {on_one_line(step.message)}" if step.message else "", style=style)


def _spinner(now: float) -> str:
    return _FRAMES[int(now * _PER_SECOND) % len(_FRAMES)]
