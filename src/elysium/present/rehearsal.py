"""A rehearsal for a person: what is refused, what does not come up, what changes, and what nobody can know."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from elysium.present.console import line, on_one_line, plain
from elysium.present.rehearsal_parts import Folded, Trouble, fold, skips, troubles, unknowns, warnings
from elysium.present.rehearsal_table import print_changes
from elysium.present.rehearsal_words import (
    UNKNOWN_TITLES,
    listed,
    revisions,
    rollback_sentence,
    timing,
    unit_name,
    verdict,
    versions,
)
from elysium.present.verdict import Verdict as Sentence
from elysium.present.verdict import count
from elysium.rehearse.types import Phase, Rehearsal

__all__ = ["print_rehearsal"]

_SHOWN = 3
_ROWS = 15
_LINES = 6


def print_rehearsal(console: Console, rehearsal: Rehearsal, *, subject: str = "", everything: bool = False) -> None:
    """Header, refusals, what does not come up, what the head does, warnings, what is known, unknown, and the verdict.

    `everything` folds nothing.
    """
    rows, shown = (len(rehearsal.verdicts), len(rehearsal.verdicts)) if everything else (_ROWS, _SHOWN)
    _header(console, rehearsal, subject)
    found = troubles(rehearsal)
    new = [item for item in found if not item.known]
    _troubles(console, rehearsal, [item for item in new if item.refused], "refused", rows)
    _troubles(console, rehearsal, [item for item in new if not item.refused], "does not come up", rows)
    print_changes(console, rehearsal, rows)
    _folded(console, "left alone", skips(rehearsal), shown)
    _rollback(console, rehearsal, rows)
    _folded(console, "warnings of the server", warnings(rehearsal), shown)
    _known(console, [item for item in found if item.known], shown)
    _unknown(console, rehearsal, shown)
    _assumed(console, rehearsal)
    if back := rollback_sentence(rehearsal):
        _sentence(console, back)
    _sentence(console, verdict(rehearsal))


def _header(console: Console, rehearsal: Rehearsal, subject: str) -> None:
    facts = " · ".join(part for part in (revisions(rehearsal), versions(rehearsal)) if part)
    title = Text(on_one_line(subject or "rehearsal"), style="bold")
    line(console, title.append("  " + on_one_line(facts), style="dim"))
    counts = Text(f"{count(len(rehearsal.clusters), 'cluster')}, {count(rehearsal.summary.objects, 'object')}")
    took = timing(rehearsal)
    line(console, counts.append(f" in {took}" if took else "", style="dim"), 2)
    if rehearsal.server.declared:
        text = f"the settings say Kubernetes {rehearsal.server.declared}: another version may answer otherwise"
        line(console, Text.assemble(("! ", "yellow"), plain(text)), 2)
    line(console, Text())


def _troubles(console: Console, rehearsal: Rehearsal, found: Sequence[Trouble], title: str, rows: int) -> None:
    """Each with the server's own words, and what to do; what is the same for several objects stands there once."""
    if not found:
        return
    line(console, Text(title, style="bold").append(f"  {len(found):,}", style="dim"))
    said: dict[tuple[str, str, str], list[Trouble]] = {}
    for item in found:
        said.setdefault((item.word, item.message, item.hint), []).append(item)
    for (word, message, hint), items in said.items():
        for item in items[:rows]:
            head = Text.assemble(("✗ ", "bold red"), on_one_line(str(item.object)), (f"  {on_one_line(word)}", "red"))
            line(console, head.append(f"  {on_one_line(item.place)}" if item.place else "", style="cyan"), 2)
            if note := _note(item, rehearsal):
                line(console, Text(note, style="dim"), 6)
        if len(items) > rows:
            line(console, Text(f"… and {len(items) - rows:,} more (--all)", style="dim"), 4)
        line(console, Text(_capped(message)), 6)
        if hint:
            line(console, Text(f"→ {plain(hint)}", style="italic"), 6)
    line(console, Text())


def _note(item: Trouble, rehearsal: Rehearsal) -> str:
    parts = [on_one_line(unit_name(item.unit, rehearsal))] if item.unit and not _is_unit(item) else []
    parts += [f"tried {item.attempts:,} times"] if item.attempts > 1 else []
    if item.followers:
        parts.append(f"{count(item.followers, 'other object')} of it {_are(item.followers)} not applied either")
    return ", ".join(parts)


def _is_unit(item: Trouble) -> bool:
    """Whether the trouble is of the unit itself."""
    unit, found = item.unit, item.object
    return unit is not None and (unit.kind, unit.namespace, unit.name) == (found.kind, found.namespace, found.name)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _rollback(console: Console, rehearsal: Rehearsal, rows: int) -> None:
    """What is refused on the way back, and what stays otherwise than it was."""
    found = [item for item in troubles(rehearsal, Phase.ROLLBACK) if not item.known]
    _troubles(console, rehearsal, found, "refused or not coming up on the way back", rows)
    left = rehearsal.summary.leftovers
    if not left:
        return
    line(console, Text("not as before after the way back", style="bold").append(f"  {len(left):,}", style="dim"))
    for name in left[:rows]:
        line(console, Text.assemble(("! ", "yellow"), plain(name)), 2)
    if len(left) > rows:
        line(console, Text(f"… and {len(left) - rows:,} more (--all)", style="dim"), 4)
    line(console, Text())


def _folded(console: Console, title: str, found: Sequence[Folded], shown: int) -> None:
    if not found:
        return
    line(console, Text(title, style="bold"))
    for item in found:
        mark, style = ("=", "dim") if item.known else ("!", "yellow")
        text = Text.assemble(
            (f"{mark} ", style), (_capped(item.message) or "no reason given", "dim" if item.known else "")
        )
        names = on_one_line(listed(item.names, shown))
        line(console, text.append(f"  {names}", style="dim"), 2)
        if item.hint:
            line(console, Text(f"→ {plain(item.hint)}", style="italic"), 6)
    line(console, Text())


def _known(console: Console, found: Sequence[Trouble], shown: int) -> None:
    """What was the same in the base, by what is said of it: it counts for nothing, and is not passed over."""
    if not found:
        return
    line(console, Text("was so in the base already", style="bold").append(f"  {len(found):,}", style="dim"))
    folded = fold((f"{item.word}: {item.message}", "", str(item.object), True) for item in found)
    for item in folded[: 2 * shown]:
        message = (_capped(item.message).splitlines() or [""])[0]
        line(console, Text(f"= {on_one_line(listed(item.names, shown))}  {message}", style="dim"), 2)
    left = sum(len(item.names) for item in folded[2 * shown :])
    if left:
        line(console, Text(f"… and {left:,} more (--all)", style="dim"), 4)
    line(console, Text())


def _unknown(console: Console, rehearsal: Rehearsal, shown: int) -> None:
    """What a rehearsal cannot know, by its reason: a heading with the number, the first few, and what would help."""
    found = unknowns(rehearsal)
    if not found:
        return
    line(console, Text("cannot be known here", style="bold"))
    for group in found:
        title = UNKNOWN_TITLES.get(group.code, on_one_line(group.code))
        line(console, Text.assemble(("? ", "magenta"), title, (f"  {group.number:,}", "dim")), 2)
        for item in group.reasons[:shown]:
            names = on_one_line(listed(item.names, shown))
            text = f"{names}: {_capped(item.message)}" if names else _capped(item.message)
            line(console, Text(text, style="dim"), 6)
            if item.hint:
                line(console, Text(f"→ {plain(item.hint)}", style="italic"), 8)
        if len(group.reasons) > shown:
            line(console, Text(f"… and {len(group.reasons) - shown:,} more reasons (--all)", style="dim"), 6)
    line(console, Text())


def _assumed(console: Console, rehearsal: Rehearsal) -> None:
    """What was on the server beside Git."""
    if not rehearsal.assumptions:
        return
    line(console, Text("assumed", style="bold"))
    for text in rehearsal.assumptions:
        line(console, Text.assemble(("~ ", "yellow"), (plain(text), "dim")), 2)
    line(console, Text())


def _sentence(console: Console, found: Sentence) -> None:
    mark, style = ("✓", "bold green") if found.passed else ("✗", "bold red")
    title = Text.assemble((f"{mark} ", style), (found.title, style if found.passed else "bold"))
    line(console, title.append(plain(found.rest)))


def _capped(message: str) -> str:
    return "\n".join(plain(message).strip().splitlines()[:_LINES])
