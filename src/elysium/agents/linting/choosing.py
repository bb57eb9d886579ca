"""What front matter chooses: files by a pattern, and agents by their names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from elysium.agents.front_matter import Entry
from elysium.agents.linting.page import Page
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.linting.repository import Repository
from elysium.agents.patterns import any_match
from elysium.agents.places import Format, stem_of
from elysium.check.spelling import nearest

__all__ = ["agent_names", "agent_problems", "glob_problems"]

_BUILT_IN = frozenset({"ask", "edit", "agent", "plan", "*"})
_EVERYTHING = ("*", "**", "**/*", "/**")
_LONGEST = 500
_MOST = 100
_GROUP = re.compile(r"\{([^{}]*)\}")


def glob_problems(page: Page, repository: Repository) -> Iterator[Problem]:
    """Patterns of `applyTo` that cannot be read or that match nothing here."""
    entry = page.front.get("applyTo")
    if entry is None or page.format is not Format.INSTRUCTIONS:
        return
    patterns = _patterns(entry)
    if len(patterns) > _MOST:
        yield problem("glob-broken", page.path, f"there are more than {_MOST} patterns", entry.line)
    for pattern in patterns[:_MOST]:
        try:
            found = pattern in _EVERYTHING or _matches(pattern, repository)
        except ValueError as error:
            yield problem("glob-broken", page.path, str(error)[:200], entry.line, column=entry.column)
        else:
            if not found:
                message = f"applyTo {pattern[:100]!r} matches no file"
                hint = "then these instructions are never read; a pattern begins at the root of the repository"
                yield problem("glob-empty", page.path, message, entry.line, column=entry.column, hint=hint)


def _patterns(entry: Entry) -> list[str]:
    """Separated by commas, but for those in braces."""
    values = entry.value if isinstance(entry.value, list) else [entry.value]
    found: list[str] = []
    for value in values:
        depth, current = 0, ""
        for sign in value if isinstance(value, str) else "":
            depth += (sign == "{") - (sign == "}")
            if sign == "," and depth <= 0:
                found.append(current.strip())
                current = ""
            else:
                current += sign
        found.append(current.strip())
    return [item for item in found if item]


def _matches(pattern: str, repository: Repository) -> bool:
    """As VS Code reads it: a pattern that begins with a name may begin in any directory."""
    if len(pattern) > _LONGEST or math.prod(group.count(",") + 1 for group in _GROUP.findall(pattern)) > _MOST:
        raise ValueError("this pattern stands for too many others")
    bare = pattern.lstrip("/").removeprefix("./")
    return any_match(bare, repository.files, anywhere=not pattern.startswith(("/", "**")))


def agent_names(pages: Iterable[Page]) -> frozenset[str]:
    """What agents answer to, in small letters: the names of those that are there and of those that editors have."""
    roles = (page for page in pages if page.format.is_role)
    return _BUILT_IN.union(name.lower() for role in roles for name in (role.name, stem_of(role.path)))


def agent_problems(page: Page, known: frozenset[str]) -> Iterator[Problem]:
    """Agents that a prompt runs with, that a handoff leads to, or that may be asked, and that are not there."""
    for entry, name in _asked(page):
        if name.lower() not in known:
            near = nearest(name.lower(), known)
            hint = f"did you mean {near}?" if near else "name an agent of .github/agents, or ask, edit, agent or plan"
            yield problem("agent-unknown", page.path, f"there is no agent {name[:70]!r}", entry.line, hint=hint)


def _asked(page: Page) -> Iterator[tuple[Entry, str]]:
    for entry in page.front.entries:
        if page.format is Format.PROMPT and entry.key in ("agent", "mode") and isinstance(entry.value, str):
            yield entry, entry.value
        elif page.format.is_role and entry.key == "agents":
            values = entry.value if isinstance(entry.value, list) else str(entry.value).split(",")
            yield from ((entry, name.strip()) for name in values if isinstance(name, str))
        elif page.format.is_role and entry.key == "handoffs" and isinstance(entry.value, list):
            for item in entry.value:
                name = item.get("agent") if isinstance(item, dict) else None
                if isinstance(name, str):
                    yield entry, name
