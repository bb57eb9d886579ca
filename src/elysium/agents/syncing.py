"""What is to happen to each file, so that the generated parts say what they would today and the rest stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import StrEnum

import msgspec

from elysium.agents.front_matter import FrontMatterError, split
from elysium.agents.generating import Wanted
from elysium.agents.places import Format, format_of
from elysium.agents.regions import END, Region, digest_of, find_region, marker

__all__ = ["Act", "Step", "Sync", "composed", "sync_steps"]

_POINTS = re.compile(r"^@(?:\./)?AGENTS\.md[ \t]*\r?$", re.MULTILINE)
_AGAIN = "--force writes what is generated over it; what is to stay goes outside of the generated part"
Read = Callable[[str], str | None]


class Act(StrEnum):
    """What happens to a file. `conflict`: it stays as it is although it would be another."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    KEEP = "keep"
    CONFLICT = "conflict"


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    """What a sync looks at: every path, those that are links, how a file is read, and which formats are meant."""

    files: Collection[str]
    read: Read
    formats: frozenset[Format] = frozenset(Format)
    links: Collection[str] = ()
    force: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A file, its text now and then, and why where that is not plain."""

    path: str
    act: Act
    before: str | None
    text: str | None
    reason: str = ""
    hint: str = ""
    line: int = 0


def sync_steps(wanted: Iterable[Wanted], sync: Sync) -> tuple[Step, ...]:
    """Every step, sorted by path: for what is wanted, and for generated files of these formats that no longer are."""
    asked = {item.path: item for item in wanted}
    steps = [
        _of_link(path) if path in sync.links else _of_wanted(item, sync.read(path), force=sync.force)
        for path, item in asked.items()
    ]
    for path in sync.files:
        if path not in asked and path not in sync.links and format_of(path) in sync.formats:
            steps += _of_left(path, sync.read(path), force=sync.force)
    return tuple(sorted(steps, key=lambda step: step.path))


def composed(wanted: Wanted) -> str:
    """A whole new file."""
    opening = f"{wanted.opening}\n\n" if wanted.opening else ""
    return _front(wanted.head) + opening + _part(wanted)


def _front(head: str) -> str:
    return f"---\n{head}---\n" if head else ""


def _part(wanted: Wanted) -> str:
    return f"{marker(wanted.name, wanted.text, wanted.head)}\n{wanted.text}{END}\n"


def _of_link(path: str) -> Step:
    """A file that is a link, such as a CLAUDE.md to its AGENTS.md: what it leads to has a step of its own."""
    return Step(path=path, act=Act.KEEP, before=None, text=None, reason="this is a link: it stays")


def _of_wanted(wanted: Wanted, before: str | None, *, force: bool) -> Step:
    if before is None:
        return Step(path=wanted.path, act=Act.CREATE, before=None, text=composed(wanted))
    region = find_region(before)
    if region is None:
        return _of_hand_written(wanted, before)
    head, body = _split(before)
    begins = len(before) - len(body)
    if not region.whole or region.start < begins:
        return _conflict(wanted.path, before, region, "the generated part has no end, or there are two")
    if not force:
        if region.changed and region.text.replace("\r\n", "\n") != wanted.text:
            return _conflict(wanted.path, before, region, "somebody wrote in the generated part")
        if _head_differs(head, region, wanted):
            return _conflict(wanted.path, before, region, "somebody changed the front matter, and it would change")
    keeps = not force and bool(region.said_head) and digest_of(head) != region.said_head
    front = before[:begins] if keeps or not wanted.head else _front(wanted.head)
    return _change(wanted.path, before, front + before[begins : region.start] + _part(wanted) + before[region.end :])


def _head_differs(head: str, region: Region, wanted: Wanted) -> bool:
    """Whether both a person and the source have another front matter than the one that was generated."""
    current, new = digest_of(head), digest_of(wanted.head)
    return bool(region.said_head) and current not in (region.said_head, new) and new != region.said_head


def _of_hand_written(wanted: Wanted, before: str) -> Step:
    """A file without a generated part: what has front matter is one thing and stays; to the others a part is added."""
    if wanted.head or (wanted.format is Format.CLAUDE_MD and _POINTS.search(before)):
        return Step(path=wanted.path, act=Act.KEEP, before=before, text=before, reason="written by hand: it stays")
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    return _change(wanted.path, before, before + gap + _part(wanted))


def _of_left(path: str, before: str | None, *, force: bool) -> Iterator[Step]:
    """A generated file that nothing generates any more: it goes if it is as it was generated."""
    region = find_region(before) if before is not None else None
    if before is None or region is None:
        return
    head, body = _split(before)
    changed = region.changed or bool(region.said_head and digest_of(head) != region.said_head)
    begins = len(before) - len(body)
    if not region.whole or region.start < begins or (changed and not force):
        yield _conflict(path, before, region, "nothing generates this any more, and somebody wrote in it")
        return
    around = before[begins : region.start] + before[region.end :]
    if not [line for line in around.splitlines() if line.strip() and not line.startswith("# ")]:
        reason = "nothing generates this any more"
        yield Step(path=path, act=Act.DELETE, before=before, text=None, reason=reason)
    else:
        yield _change(path, before, before[: region.start].rstrip() + "\n" + before[region.end :])


def _change(path: str, before: str, text: str) -> Step:
    if "\r\n" in before:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return Step(path=path, act=Act.KEEP if text == before else Act.CHANGE, before=before, text=text)


def _conflict(path: str, before: str, region: Region, reason: str) -> Step:
    return Step(path=path, act=Act.CONFLICT, before=before, text=before, reason=reason, hint=_AGAIN, line=region.line)


def _split(text: str) -> tuple[str, str]:
    try:
        return split(text)
    except FrontMatterError:
        return "", text
