"""The change log: who changed what on which day, and how it is undone (requirement 2.M2).

A table with the columns Date, Owner, Summary and Rollback, or a heading per change (`## 2026-03-01: Move the edge to
TLS`) with lines such as `Owner: alice`. An entry may name commits.
"""

from __future__ import annotations

import re

import msgspec

from elysium.plans.registers.records import Record, read_records, with_value
from elysium.plans.registers.tables import row
from elysium.plans.words import plain

__all__ = ["ChangeEntry", "ChangeLog", "compose_changes", "read_changes", "with_change", "with_change_value"]

_NAMES = {
    "date": "date", "day": "date", "when": "date",
    "owner": "owner", "who": "owner", "by": "owner", "author": "owner",
    "summary": "title", "change": "title", "what": "title", "description": "title",
    "rollback": "rollback", "rollback-instructions": "rollback", "to-undo-it": "rollback", "undo": "rollback",
    "how-to-undo": "rollback", "revert": "rollback", "roll-back": "rollback",
    "commit": "commit", "commits": "commit", "revision": "commit",
}  # fmt: skip
_HEADER = ["Date", "Owner", "Summary", "Rollback", "Commit"]
_DATED = re.compile(r"\[?(?P<date>\d{4}-\d{1,2}-\d{1,2})\]?[ \t]*[:.–—-]?[ \t]*(?P<rest>.*)")
_COMMIT = re.compile(r"\b[0-9a-f]{7,64}\b")
_ARCHIVED = re.compile(r"^<!-- (?P<what>archived|end of) (?P<mark>sha256:[0-9a-f]{64}) -->", re.MULTILINE)
_BLANKED = re.compile(r"[^\r\n]+")


class ChangeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One change as it is written; `commits` are the ids that it names."""

    date: str = ""
    owner: str = ""
    summary: str = ""
    rollback: str = ""
    commit: str = ""
    line: int = 0

    @property
    def commits(self) -> tuple[str, ...]:
        """The ids of commits, whole or shortened."""
        return tuple(_COMMIT.findall(self.commit))

    @property
    def complete(self) -> bool:
        """Whether it says when, who, what, and how to undo it."""
        return all(part.strip(" -–—") for part in (self.date, self.owner, self.summary, self.rollback))


class ChangeLog(msgspec.Struct, frozen=True, kw_only=True):
    """A document with changes; `text` is every byte of it."""

    path: str
    text: str
    entries: tuple[ChangeEntry, ...]


def read_changes(text: str, path: str = "") -> ChangeLog:
    """The entries of a change log in their order. Phases that were moved here from a plan are no entries."""
    return ChangeLog(path=path, text=text, entries=tuple(map(_entry, _records(text))))


def compose_changes(entries: tuple[ChangeEntry, ...]) -> str:
    """A change log of these entries; reading it gives them back."""
    rows = [row([item.date, item.owner, item.summary, item.rollback, item.commit]) for item in entries]
    return "\n".join(("# Changes", "", row(_HEADER), row(["---"] * len(_HEADER)), *rows, ""))


def with_change_value(log: ChangeLog, number: int, name: str, value: str) -> ChangeLog:
    """The log with one value of its entry `number` (from 0) replaced, and every other byte as it was.

    Raises KeyError where the entry has no place for it.
    """
    known = {"summary": "title"}.get(name, name)
    field = _records(log.text)[number].fields[known]
    return read_changes(with_value(log.text, field, value), log.path)


def with_change(text: str, entry: str) -> str:
    """A change log with one more entry (Markdown that begins with a heading of level 2) before all others that have a
    heading, or at the end. What stands in the log stays byte for byte.
    """
    if not text.strip():
        return f"# Changes\n\n{entry}"
    first = next((found.start() for found in re.finditer(r"^## ", _hidden(text), re.MULTILINE)), None)
    if first is not None:
        return f"{text[:first]}{entry.rstrip()}\n\n{text[first:]}"
    gap = "" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{entry}"


def _records(text: str) -> tuple[Record, ...]:
    return read_records(_hidden(text), _NAMES)


def _hidden(text: str) -> str:
    """The text with archived phases blanked out, sign by sign, so that every place stays where it is."""
    marks = list(_ARCHIVED.finditer(text))
    ends = {found["mark"]: found.end() for found in reversed(marks) if found["what"] == "end of"}
    pieces, place = [], 0
    for found in marks:
        end = ends.get(found["mark"], 0)
        if found["what"] == "archived" and found.start() >= place and end > found.end():
            pieces += [text[place : found.start()], _BLANKED.sub(_blanks, text[found.start() : end])]
            place = end
    return "".join((*pieces, text[place:]))


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _entry(record: Record) -> ChangeEntry:
    dated = _DATED.fullmatch(record.title)
    return ChangeEntry(
        date=record.value("date") or (dated["date"] if dated else ""),
        owner=record.value("owner"),
        summary=plain(record.value("title") or (dated["rest"] if dated else record.title)),
        rollback=record.value("rollback"),
        commit=record.value("commit"),
        line=record.line,
    )
