"""Files held against each other, and against what would be generated: names, copies, generated parts."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator

from elysium.agents.linting.page import Page
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.linting.repository import Repository
from elysium.agents.places import Format, stem_of
from elysium.check.plaintext.formats import credential_format, has_private_key
from elysium.check.plaintext.judgement import judge

__all__ = ["copy_problems", "region_problems", "text_problems"]

_MOST_CHARACTERS = 30_000  # docs.github.com, custom agents configuration
_NAMED = (Format.AGENT, Format.CHATMODE, Format.PROMPT, Format.SKILL)
_SYNC = "elysium agents sync"


def region_problems(page: Page, repository: Repository) -> Iterator[Problem]:
    """A generated part that is broken, that somebody changed, or that is not what it would be today."""
    region = page.region
    if region is None:
        return
    if not region.whole:
        hint = f"put the comment at its end back, or delete the file and run {_SYNC}"
        yield problem(
            "region-broken", page.path, "the generated part has no end, or there are two", region.line, hint=hint
        )
    elif region.changed:
        hint = f"move it out of the generated part, or to .elysium/agents.md; {_SYNC} --force gives the part back"
        yield problem("region-changed", page.path, "somebody wrote in the generated part", region.line, hint=hint)
    elif page.path in repository.stale:
        yield problem("region-stale", page.path, repository.stale[page.path], region.line, hint=_SYNC)


def text_problems(page: Page) -> Iterator[Problem]:
    """Secrets, whose text is never told, and more text than is taken."""
    if page.format.is_role and len(page.body) > _MOST_CHARACTERS:
        message = f"{len(page.body)} characters; an agent takes {_MOST_CHARACTERS}"
        yield problem("too-long", page.path, message, hint="move what is looked up to files, and link them")
    hint = "replace it where it is used: it is in the history of Git"
    if has_private_key(page.text):
        line = page.text.count("\n", 0, page.text.index("PRIVATE KEY-----")) + 1
        yield problem("secret", page.path, "a private key is in Git in plain text", line, hint=hint)
    for number, written in enumerate(page.text.splitlines(), 1):
        kind = credential_format(written[:20_000]) or _password(written[:20_000])
        if kind and kind != "a private key":
            yield problem("secret", page.path, f"{kind} is in Git in plain text", number, hint=hint)


def _password(line: str) -> str:
    for word in line.split() if "://" in line and "@" in line else ():
        found = judge("", word.strip("`'\"()<>,"))
        if found:
            return found.kind
    return ""


def copy_problems(pages: tuple[Page, ...]) -> Iterator[Problem]:
    """Two files with one name where one of them is chosen by it, and copies that do not say the same."""
    named: dict[tuple[Format, str, str], list[Page]] = defaultdict(list)
    for page in pages:
        if page.format in _NAMED:
            folder = posixpath.dirname(page.path)
            place = posixpath.dirname(folder) if page.format is Format.SKILL else folder
            named[page.format, place, page.name.lower()].append(page)
    for group in named.values():
        for page in group[1:]:
            message = f"{group[0].path} has the name {page.name[:70]!r}, too"
            yield problem("name-twice", page.path, message, 1, hint="only one of them is found")
    yield from _drift(pages)


def _drift(pages: tuple[Page, ...]) -> Iterator[Problem]:
    """An agent and the chat mode of its name are one thing in two spellings."""
    agents = {stem_of(page.path): page for page in pages if page.format is Format.AGENT}
    for page in pages:
        other = agents.get(stem_of(page.path)) if page.format is Format.CHATMODE else None
        if other and _said(page) != _said(other):
            yield problem("copies-differ", page.path, f"{other.path} says something else", page.first_line, hint=_SYNC)


def _said(page: Page) -> str:
    """What a page says: its text without the comments of the generated part."""
    region = page.region
    if region is None:
        return page.body.strip()
    return (
        page.text[: region.start][len(page.text) - len(page.body) :] + region.text + page.text[region.end :]
    ).strip()
