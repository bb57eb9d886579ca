"""The rehearsal of a preview for a person: event by event, step by step, and what is wrong where it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from elysium.cluster.protocol import Action
from elysium.present.console import line, on_one_line, plain
from elysium.present.rehearsal_preview_words import counted, place, verdict
from elysium.previews.rehearsal import PreviewRehearsal, RehearsedEvent, RehearsedStep, StepEntry, StepState

__all__ = ["print_preview_rehearsal"]

_STATES = {
    StepState.DONE: ("✓", "green"),
    StepState.REFUSED: ("✗", "bold red"),
    StepState.FAILED: ("✗", "bold red"),
    StepState.SKIPPED: ("·", "dim"),
}
_MARKS = {
    Action.RECREATED: ("±", "bold magenta"),
    Action.CREATED: ("+", "green"),
    Action.CONFIGURED: ("~", "yellow"),
    Action.PRUNED: ("-", "red"),
    Action.ORPHANED: ("!", "cyan"),
    Action.REJECTED: ("✗", "bold red"),
}
_ROWS = 15
_LINES = 4
_NAME = 22


def print_preview_rehearsal(console: Console, found: PreviewRehearsal, *, everything: bool = False) -> None:
    """Header, every event with its steps, the rights that are missing, what is unknown, and the verdict.

    Steps that went well are counted, unless `everything` is to be shown.
    """
    title = Text(f"preview {found.namespace}", style="bold")
    version = found.server.version.removeprefix("v")
    line(console, title.append(f"  as {on_one_line(found.account)} · Kubernetes {version}", style="dim"))
    counts = f"{found.summary.events} events in {found.summary.seconds:.1f} s"
    line(console, Text(counts, style="dim"), 2)
    line(console, Text())
    if found.platform.in_trouble:
        _step(console, found.platform, everything=everything)
    for event in found.events:
        _event(console, event, everything=everything)
    _missing(console, found)
    _unknown(console, found)
    said = verdict(found)
    mark, style = ("✓", "bold green") if said.passed else ("✗", "bold red")
    line(console, Text.assemble((f"{mark} ", style), (said.title, style if said.passed else "bold"), plain(said.rest)))


def _event(console: Console, event: RehearsedEvent, *, everything: bool) -> None:
    mark, style = ("✓", "green") if event.passed else ("✗", "bold red")
    head = Text.assemble((f"{mark} ", style), (f"{event.number}. {event.kind.value}", "bold"))
    head.append(f"  {event.tag}" if event.tag else "").append(f"  {event.seconds:.1f} s", style="dim")
    line(console, head)
    for step in event.steps:
        _step(console, step, everything=everything)
    if event.steps and event.steps[-1].ends_the_job:
        line(console, Text("the job ends here", style="dim"), 4)
    for item in event.troubled:
        where = f"  {item.file}:{item.line}" if item.line else f"  {item.file}" if item.file else ""
        line(console, Text.assemble(("✗ ", "bold red"), f"{item.object}  {item.state.value}", (where, "cyan")), 4)
        _said(console, item.message, item.hint, 8)
    for entry in event.drift:
        line(console, Text.assemble(("✗ ", "bold red"), f"{entry.object} changes although it was sent as before"), 4)
    for identity in event.leftovers[:_ROWS]:
        line(console, Text.assemble(("✗ ", "bold red"), f"{on_one_line(str(identity))} is left"), 4)
    if len(event.leftovers) > _ROWS:
        line(console, Text(f"… and {len(event.leftovers) - _ROWS} more are left", style="dim"), 4)
    if not event.kind.deploys and not event.leftovers:
        line(console, Text("nothing is left but the platform", style="dim"), 4)


def _step(console: Console, step: RehearsedStep, *, everything: bool) -> None:
    mark, style = _STATES[step.state]
    counts = counted(Counter(entry.action.value for entry in step.entries))
    text = Text.assemble((f"{mark} ", style), f"{step.name:<{_NAME}}", (f"  {counts}" if counts else "", "dim"))
    if step.state is StepState.SKIPPED:
        text.append(f"  {on_one_line(step.message)}", style="dim")
    text.rstrip()
    line(console, text, 4)
    for entry in _shown(step, everything=everything):
        _entry(console, entry)
    if step.in_trouble:
        _said(console, step.message, step.hint, 8)
        if step.stood_in:
            line(
                console,
                Text("the rehearsal goes on as the platform, so that the next step is tried, too", style="dim"),
                8,
            )


def _shown(step: RehearsedStep, *, everything: bool) -> Sequence[StepEntry]:
    """What is refused, changed or warned of, and the order of hooks."""
    if everything:
        return step.entries
    telling = (Action.REJECTED, Action.CONFIGURED, Action.RECREATED)
    return [entry for entry in step.entries if entry.hook or entry.warnings or entry.action in telling][:_ROWS]


def _entry(console: Console, entry: StepEntry) -> None:
    mark, style = _MARKS.get(entry.action, ("=", "dim"))
    row = Text.assemble((f"{mark} ", style), on_one_line(str(entry.object)))
    if entry.hook:
        after = f", after {', '.join(map(str, entry.after))}" if entry.after else ""
        row.append("  " + on_one_line(entry.hook + after), style="dim")
    where = place(entry)
    line(console, row.append(f"  {on_one_line(where)}" if where else "", style="cyan"), 8)
    for text in entry.warnings:
        line(console, Text(f"! {plain(text)}", style="yellow"), 10)


def _said(console: Console, message: str, hint: str, indent: int) -> None:
    """The server's words, not all of them where they are many, and what to do."""
    lines = plain(message).strip().splitlines()
    if lines:
        line(console, Text("\n".join(lines[:_LINES])), indent)
    if len(lines) > _LINES:
        line(console, Text(f"… and {len(lines) - _LINES} lines more (-o json)", style="dim"), indent)
    if hint:
        line(console, Text(f"→ {plain(hint)}", style="italic"), indent)


def _missing(console: Console, found: PreviewRehearsal) -> None:
    """Every rule that the account lacks, once, as it is written in a role."""
    rules = found.summary.missing
    if not rules:
        return
    line(console, Text())
    line(console, Text(f"rights that {on_one_line(found.account)} lacks", style="bold"))
    for rule in rules:
        where = f"in {rule.namespace}" if rule.namespace else "in the whole cluster"
        line(console, Text.assemble(on_one_line(rule.rule), (f"  {on_one_line(where)}", "dim")), 2)


def _unknown(console: Console, found: PreviewRehearsal) -> None:
    line(console, Text())
    line(console, Text("cannot be known here", style="bold"))
    for item in found.unknown:
        line(console, Text.assemble(("? ", "magenta"), (plain(item.message), "dim")), 2)
        if item.remedy:
            line(console, Text(f"→ {plain(item.remedy)}", style="italic"), 6)
    line(console, Text())
