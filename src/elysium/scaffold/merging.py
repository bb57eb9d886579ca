"""A three-way merge of texts: what was written, what a person has now, what the new version proposes.

Changes of both sides are applied where they do not meet. Where they meet, they are merged when both did the same, when
both changed lines one by one, when `ours` has what is proposed already, or when the text is YAML and what comes out
says exactly what both changes say together (see `structures`). Everything else is a conflict, which is told and never
written into a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from elysium.scaffold import structures
from elysium.scaffold.differences import Hunk, hunks

__all__ = ["Conflict", "Merged", "merge"]

_SHOWN = 3


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that both sides changed, each in its own way.

    `first` and `last` count the lines of `ours`, from 1. Where `last` is less than `first`, `ours` has no line there.
    """

    first: int
    last: int
    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    reason: str = ""

    def __str__(self) -> str:
        place = f"line {self.first}" if self.last <= self.first else f"lines {self.first} to {self.last}"
        if self.reason:
            return f"{place}: {self.reason}"
        return f"{place}: here {_quoted(self.ours)}, proposed {_quoted(self.theirs)}, before {_quoted(self.base)}"


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """The merged text, or None and the conflicts."""

    text: str | None
    conflicts: tuple[Conflict, ...] = ()


def merge(base: str, ours: str, theirs: str) -> Merged:
    """`ours` with the changes that lead from `base` to `theirs`."""
    if theirs in (ours, base):
        return Merged(text=ours)
    if ours == base:
        return Merged(text=theirs)
    texts = _Texts.of(base, ours, theirs)
    stretches = list(_stretches(texts))
    if not any(stretch.conflict for stretch in stretches):
        text = texts.joined([line for stretch in stretches for line in stretch.choices[0]])
        return _unbroken(texts, text)
    for choice in (0, 1):
        text = texts.joined([line for stretch in stretches for line in stretch.choices[choice % len(stretch.choices)]])
        if structures.agree(base, ours, theirs, text):
            return Merged(text=text)
    return Merged(text=None, conflicts=tuple(stretch.conflict for stretch in stretches if stretch.conflict))


class _Texts(msgspec.Struct, frozen=True, kw_only=True):
    """Three texts as lines, with what is decided for whole texts: the line break, and whether the last line has one."""

    whole: tuple[str, ...]
    base: list[str]
    ours: list[str]
    theirs: list[str]
    newline: str
    final: bool

    @classmethod
    def of(cls, *whole: str) -> _Texts:
        """Texts that end all their lines in one way are compared without it; the side that changed the way has it."""
        breaks = [_line_break(text) for text in whole]
        newline, texts = "\n", whole
        if "mixed" not in breaks:
            texts = tuple(text.replace("\r\n", "\n") for text in whole)
            known = next(filter(None, breaks), "\n")
            before, here, proposed = (mark or known for mark in breaks)
            newline = proposed if here == before else here
        finals = [text.endswith("\n") for text in texts]
        final = finals[2] if finals[1] == finals[0] else finals[1]
        base, ours, theirs = (text.removesuffix("\n").split("\n") if text else [] for text in texts)
        return cls(whole=whole, base=base, ours=ours, theirs=theirs, newline=newline, final=final)

    def joined(self, lines: Sequence[str]) -> str:
        """Merged lines as a text."""
        return self.newline.join(lines) + (self.newline if self.final and lines else "")


class _Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the result: what it can be, and the conflict that it is when the choices do not prove right."""

    choices: tuple[tuple[str, ...], ...]
    conflict: Conflict | None = None


class _Meeting(msgspec.Struct, kw_only=True):
    """Hunks of both sides that overlap or touch each other."""

    ours: list[Hunk]
    theirs: list[Hunk]

    @property
    def start(self) -> int:
        return min(hunk.start for hunk in [*self.ours, *self.theirs])

    @property
    def end(self) -> int:
        return max(hunk.end for hunk in [*self.ours, *self.theirs])


def _line_break(text: str) -> str:
    """How all lines end; empty for a text of one line."""
    total, carriages = text.count("\n"), text.count("\r\n")
    if carriages in (0, total):
        return "" if not total else "\r\n" if carriages else "\n"
    return "mixed"


def _stretches(texts: _Texts) -> Iterator[_Stretch]:
    position = moved = 0
    for meeting in _meetings(hunks(texts.base, texts.ours), hunks(texts.base, texts.theirs)):
        yield _Stretch(choices=(tuple(texts.base[position : meeting.start]),))
        yield _resolved(texts.base, meeting, moved)
        moved += sum(len(hunk.lines) - (hunk.end - hunk.start) for hunk in meeting.ours)
        position = meeting.end
    yield _Stretch(choices=(tuple(texts.base[position:]),))


def _meetings(ours: Sequence[Hunk], theirs: Sequence[Hunk]) -> list[_Meeting]:
    found: list[_Meeting] = []
    ordered = sorted([*((hunk, True) for hunk in ours), *((hunk, False) for hunk in theirs)], key=_order)
    for hunk, is_ours in ordered:
        last = found[-1] if found else None
        opposite = (last.theirs if is_ours else last.ours) if last else []
        if last is None or not any(hunk.start <= other.end and other.start <= hunk.end for other in opposite):
            last = _Meeting(ours=[], theirs=[])
            found.append(last)
        (last.ours if is_ours else last.theirs).append(hunk)
    return found


def _order(entry: tuple[Hunk, bool]) -> tuple[int, int]:
    """By place; lines that are put in come before the lines that they are put in front of."""
    return entry[0].start, entry[0].end


def _resolved(base: Sequence[str], meeting: _Meeting, moved: int) -> _Stretch:
    """What a meeting becomes: clear when one side is alone or lines agree one by one, else choices to prove."""
    start, end = meeting.start, meeting.end
    before = tuple(base[start:end])
    here, proposed = _applied(base, meeting.ours, start, end), _applied(base, meeting.theirs, start, end)
    if here == before or proposed in (here, before):
        return _Stretch(choices=(proposed if here == before else here,))
    if len(before) == len(here) == len(proposed) and (lines := _line_by_line(before, here, proposed)) is not None:
        return _Stretch(choices=(lines,))
    if _has_all_of(before, here, proposed):
        return _Stretch(choices=(here,))
    first = start + moved + 1
    last = first + len(here) - 1
    conflict = Conflict(first=first, last=last, base=before, ours=here, theirs=proposed)
    if any(one.start < two.end and two.start < one.end for one in meeting.ours for two in meeting.theirs):
        adds_nothing = set(here) <= {*before, *proposed}
        has_all = (here, proposed) if adds_nothing else (here,)  # right when one side has done what the other did
        return _Stretch(choices=has_all, conflict=conflict)
    choices = tuple(
        _applied(base, sorted(both, key=lambda hunk: (hunk.start, hunk.end)), start, end)
        for both in ([*meeting.ours, *meeting.theirs], [*meeting.theirs, *meeting.ours])
    )
    return _Stretch(choices=choices, conflict=conflict)


def _applied(base: Sequence[str], changes: Sequence[Hunk], start: int, end: int) -> tuple[str, ...]:
    lines: list[str] = []
    for hunk in changes:
        lines += [*base[start : hunk.start], *hunk.lines]
        start = hunk.end
    return (*lines, *base[start:end])


def _has_all_of(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether `ours` has the new lines of `theirs`, in order and with the lines around them, and none that it removes.

    So it is when a person solved a conflict by hand; without this, the same conflict would be told for ever.
    """
    rest = iter(ours)
    has_lines = all(line in rest for line in theirs)
    return has_lines and bool(set(theirs) - set(base)) and not (set(base) - set(theirs)) & set(ours)


def _line_by_line(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...] | None:
    found: list[str] = []
    for before, here, proposed in zip(base, ours, theirs, strict=True):
        if before not in (here, proposed) and here != proposed:
            return None
        found.append(proposed if here == before else here)
    return tuple(found)


def _unbroken(texts: _Texts, text: str) -> Merged:
    """Lines may merge and the whole make no sense: a key that both sides added, in different places, stands twice."""
    problem = structures.broken_by_merging(texts.whole, text)
    if problem is None:
        return Merged(text=text)
    first = next((number for number, line in enumerate(texts.ours, 1) if problem.name and problem.name in line), 1)
    conflict = Conflict(first=first, last=first, base=(), ours=(), theirs=(), reason=problem.text)
    return Merged(text=None, conflicts=(conflict,))


def _quoted(lines: Sequence[str]) -> str:
    """Lines for a message, the first few of them."""
    if not lines:
        return "nothing"
    more = f" and {len(lines) - _SHOWN} more lines" if len(lines) > _SHOWN else ""
    return " / ".join(f"`{line.strip()[:100]}`" for line in lines[:_SHOWN]) + more
