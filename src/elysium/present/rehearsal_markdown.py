"""A rehearsal as Markdown, for a comment on a pull request. Words of the server cannot become markup of the comment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from elysium.cluster.protocol import Action
from elysium.present.inert import inert, inert_code
from elysium.present.markdown import LARGEST
from elysium.present.rehearsal_parts import Folded, Trouble, changes, skips, troubles, unknowns, warnings
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
from elysium.present.verdict import count
from elysium.rehearse.types import Phase, Rehearsal, Verdict

__all__ = ["document"]

_SHOWN = 3
_MESSAGE = 2_000


def document(rehearsal: Rehearsal, subject: str = "") -> str:
    """The verdict, what is refused, then folded: what changes, warnings, what was known, what is unknown.

    It stays below what code hosts take in a comment: what does not fit is counted.
    """
    found = troubles(rehearsal)
    new = [_trouble(item, rehearsal) for item in found if not item.known]
    lines = [f"### {inert(str(verdict(rehearsal)))}", "", _subject(rehearsal, subject), ""]
    if back := rollback_sentence(rehearsal):
        lines += [inert(str(back)), ""]
    room = LARGEST - sum(len(text) + 1 for text in lines) - 2_000
    lines += [*(kept := _fitting(new, room // 2)), *([""] if kept else [])]
    room -= sum(len(text) + 1 for text in kept)
    for title, rows in _sections(rehearsal, found):
        if rows:
            section = _section(title, _fitting(rows, room // 2))
            room -= sum(len(text) + 1 for text in section)
            lines += section
    return "\n".join(lines).rstrip() + "\n"


def _sections(rehearsal: Rehearsal, found: Sequence[Trouble]) -> Iterable[tuple[str, list[str]]]:
    does = changes(rehearsal)
    back = [_trouble(item, rehearsal) for item in troubles(rehearsal, Phase.ROLLBACK) if not item.known]
    back += [f"- {inert(name)}" for name in rehearsal.summary.leftovers]
    known = [_trouble(item, rehearsal) for item in found if item.known]
    said, left, unknown = warnings(rehearsal), skips(rehearsal), unknowns(rehearsal)
    number = sum(map(len, does.values()))
    yield f"{count(number, 'object')} {'is' if number == 1 else 'are'} applied or deleted", _table(does, rehearsal)
    yield "The way back", back
    yield f"Left alone: {sum(len(item.names) for item in left):,}", [_folded(item) for item in left]
    yield f"Warnings of the server: {sum(len(item.names) for item in said):,}", [_folded(item) for item in said]
    yield f"So in the base already: {len(known):,}", known
    rows = [
        f"- {UNKNOWN_TITLES.get(one.code, inert(one.code))}: {_names(item)}" for one in unknown for item in one.reasons
    ]
    yield f"Cannot be known here: {sum(one.number for one in unknown):,}", rows


def _subject(rehearsal: Rehearsal, subject: str) -> str:
    facts = (
        inert_code(subject) if subject else "",
        inert(revisions(rehearsal)),
        versions(rehearsal),
        count(rehearsal.summary.objects, "object"),
        timing(rehearsal),
    )
    declared = rehearsal.server.declared
    other = f" (the settings say {inert(declared)})" if declared else ""
    return " · ".join(fact for fact in facts if fact) + other


def _trouble(item: Trouble, rehearsal: Rehearsal) -> str:
    place = f" {inert_code(item.place)}" if item.place else ""
    unit = f" of {inert_code(unit_name(item.unit, rehearsal))}" if item.unit else ""
    hint = f"<br>→ {inert(item.hint)}" if item.hint else ""
    mark = "=" if item.known else "🔴"
    message = inert(item.message[:_MESSAGE])
    return f"- {mark} {inert_code(str(item.object))}{unit}, **{inert(item.word)}**{place}: {message}{hint}"


def _table(does: dict[Action, tuple[Verdict, ...]], rehearsal: Rehearsal) -> list[str]:
    rows = [_row(action, item, rehearsal) for action, items in does.items() for item in items]
    return ["| | object | unit | file |", "|---|---|---|---|", *rows] if rows else []


def _row(action: Action, item: Verdict, rehearsal: Rehearsal) -> str:
    place = f"{item.file}:{item.line}" if item.line else item.file
    names = (str(item.object), unit_name(item.unit, rehearsal), place)
    cells = (inert_code(name.replace("|", "\u2223")) if name else "" for name in names)
    return f"| {action.value} | {' | '.join(cells)} |"


def _folded(item: Folded) -> str:
    hint = f"<br>→ {inert(item.hint)}" if item.hint else ""
    return f"- {inert(item.message[:_MESSAGE])}: {inert(listed(item.names, _SHOWN))}{hint}"


def _names(item: Folded) -> str:
    hint = f"<br>→ {inert(item.hint)}" if item.hint else ""
    names = f"{inert(listed(item.names, _SHOWN))}: " if any(item.names) else ""
    return f"{names}{inert(item.message[:_MESSAGE])}{hint}"


def _section(title: str, rows: Sequence[str]) -> list[str]:
    return [f"<details><summary>{title}</summary>", "", *rows, "", "</details>", ""]


def _fitting(rows: Sequence[str], room: int) -> list[str]:
    """The rows that fit, and how many do not."""
    kept: list[str] = []
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            return [*kept, "", f"… and {len(rows) - len(kept):,} more that would not fit here."]
        kept.append(row)
    return kept
