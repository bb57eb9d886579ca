"""Glob patterns as Go's `path.Match` and doublestar read them, without backtracking over whole paths."""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache

__all__ = ["is_glob", "matches", "matches_recursively"]

_MOST_ALTERNATIVES = 1000


def is_glob(pattern: str) -> bool:
    """Whether a path is a pattern for source-watcher."""
    return any(character in pattern for character in "*?[]")


def matches(pattern: str, path: str) -> bool:
    """Go's `path.Match`: no sign crosses a `/`, two stars are one. ValueError if the pattern is broken."""
    parts, names = pattern.split("/"), path.split("/")
    tests = [_segment(part) for part in parts]
    return len(parts) == len(names) and all(test.match(name) for test, name in zip(tests, names, strict=True))


def matches_recursively(pattern: str, path: str) -> bool:
    """doublestar's `Match`: `**` stands for any number of directories, `{a,b}` for either. ValueError if broken."""
    return any(_walk(tuple(one.split("/")), tuple(path.split("/"))) for one in _alternatives(pattern))


def _walk(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Which numbers of names the parts so far can have used up; `**` opens every larger number."""
    reached = {0}
    for part in parts:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else reached
        else:
            test = _segment(part)
            reached = {place + 1 for place in reached if place < len(names) and test.match(names[place])}
    return len(names) in reached


@lru_cache(maxsize=1024)
def _segment(part: str) -> re.Pattern[str]:
    """One segment as an expression; `fnmatch` makes it such that stars do not multiply the work."""
    text = ""
    place = 0
    while place < len(part):
        character = part[place]
        if character == "\\":
            place += 1
            if place == len(part):
                raise ValueError(f"the pattern {part!r} ends with a backslash")
            text += f"[{part[place]}]" if part[place] in "*?[" else part[place]
        elif character == "[":
            end = part.find("]", place + 2)
            if end < 0:
                raise ValueError(f"the pattern {part!r} has an open bracket")
            inner = part[place + 1 : end]
            text += f"[!{inner[1:]}]" if inner[0] in "^!" else f"[{inner}]"
            place = end
        else:
            text += character
        place += 1
    return re.compile(fnmatch.translate(text))


def _alternatives(pattern: str) -> list[str]:
    """The patterns that `{a,b}` stands for, innermost groups first."""
    pending, done = [pattern], []
    while pending:
        one = pending.pop()
        group = re.search(r"(?<!\\)\{([^{}]*)\}", one)
        if group is None:
            done.append(one)
        else:
            pending += [one[: group.start()] + choice + one[group.end() :] for choice in group[1].split(",")]
        if len(pending) + len(done) > _MOST_ALTERNATIVES:
            raise ValueError(f"the pattern {pattern!r} stands for too many others")
    return done
