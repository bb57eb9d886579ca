"""The lint: every file alone, then all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from elysium.agents.linting.choosing import agent_names, agent_problems, glob_problems
from elysium.agents.linting.commands import command_problems
from elysium.agents.linting.copies import copy_problems, region_problems, text_problems
from elysium.agents.linting.page import Page, open_page
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.linting.references import reference_problems
from elysium.agents.linting.repository import Repository
from elysium.agents.linting.tools import tool_problems
from elysium.agents.linting.values import key_problems
from elysium.agents.places import Format, format_of

__all__ = ["Linted", "lint"]


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """The files that were judged, and their problems by file and line."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def fails(self) -> bool:
        """Whether there is more than information."""
        return any(item.fails for item in self.problems)


def lint(repository: Repository, chosen: Iterable[str]) -> Linted:
    """Judge the chosen files. All others that assistants read are known, but nothing is told of them."""
    asked = frozenset(chosen)
    every = sorted({*asked, *(path for path in repository.files if format_of(path))})
    found: list[Problem] = []
    pages: list[Page] = []
    for path in every:
        page, problems = open_page(path, repository)
        found += problems
        pages += [page] if page else []
    known = agent_names(pages)
    agents = {page.name for page in pages if page.format is Format.AGENT}
    for page in pages:
        if page.path in asked:
            found += _alone(page, repository, known)
        if page.format is Format.CHATMODE and page.name not in agents:
            found.append(_moved(page))
    found += copy_problems(tuple(pages))
    kept = {item for item in found if item.file in asked}
    order = sorted(kept, key=lambda item: (item.file, item.line, item.column, item.code, item.message))
    return Linted(files=tuple(sorted(asked)), problems=tuple(order))


def _moved(page: Page) -> Problem:
    hint = "VS Code since 1.106 reads .github/agents/NAME.agent.md; chat modes are still recognised"
    return problem("format-moved", page.path, "chat modes are called custom agents now", 1, hint=hint)


def _alone(page: Page, repository: Repository, known: frozenset[str]) -> Iterator[Problem]:
    if not page.broken:
        yield from key_problems(page.path, page.format, page.front)
        yield from tool_problems(page.path, page.format, page.front, page.body, page.first_line)
        yield from glob_problems(page, repository)
        yield from agent_problems(page, known)
    yield from reference_problems(page, repository)
    yield from command_problems(page, repository)
    yield from region_problems(page, repository)
    yield from text_problems(page)
