"""Documents: their headings, links and front matter."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from elysium.check.files.markdown import mentions
from elysium.errors import ElysiumError
from elysium.plans.checks import conditions, reading
from elysium.plans.checks.arguments import amount, first_of, wrong_path
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, Result, failed, passed, unknown
from elysium.plans.words import plain
from elysium.plans.world import World

__all__ = ["VERBS"]

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LONGEST_HEADING = 500
_NUMBER = re.compile(r"(?:step |phase )?\d+(?:\.\d+)*[.:)]? +[–—-]? *", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w\- ]")
_ANCHOR = re.compile(r"<a\s+(?:id|name)=[\"']([^\"']{1,200})[\"']")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def _refuse_section(words: tuple[str, ...]) -> str:
    return amount(words, 2) or wrong_path(words[0])


def _section(words: tuple[str, ...], world: World) -> Outcome:
    text = reading.read(world, words[0])
    if isinstance(text, Outcome):
        return text
    known = {_bare(title): line for line, title in reversed(list(_headings(text)))}
    for word in words[1:]:
        if _bare(word) not in known:
            return failed(f"{words[0]} has no section {word}", path=words[0])
    return passed(f"{words[0]} has it", path=words[0], line=known[_bare(words[1])])


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """Headings outside of fences, with their lines."""
    fence, before = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]) else fence
            continue
        if mark:
            fence, before = mark[1], ""
            continue
        if len(line) > _LONGEST_HEADING:
            before = ""
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            yield number, heading[2]
        elif before and _UNDERLINE.fullmatch(line):
            yield number - 1, before
        before = "" if heading or not line.strip() or line.lstrip().startswith(("-", "*", ">", "|")) else line.strip()


def _bare(title: str) -> str:
    """A heading as it is compared: without formatting, number, and the case of its letters."""
    shown = plain(title).casefold().rstrip(":")
    return _NUMBER.sub("", shown, count=1) or shown


def _refuse_links(words: tuple[str, ...]) -> str:
    return first_of([amount(words, 1), *map(wrong_path, words)])


def _links(words: tuple[str, ...], world: World) -> Outcome:
    inside = outside = 0
    for word in words:
        names = [name for name in reading.matching(world, word) if name.endswith((".md", ".markdown")) or name == word]
        if not names:
            return failed(f"there is no document {word}", path=word)
        for name in names:
            text = reading.read(world, name)
            if isinstance(text, Outcome):
                return text
            for mention in mentions(text):
                if not mention.link:
                    continue
                if _ELSEWHERE.match(mention.text):
                    outside += 1
                    continue
                inside += 1
                wrong = _dead(world, name, text, mention.text)
                if wrong:
                    return failed(f"{name}: {wrong}", path=name, line=mention.line)
    more = f" ({outside} lead to the network and are not followed)" if outside else ""
    return passed(f"{inside} links lead to what is there{more}", path=words[0])


def _dead(world: World, name: str, text: str, target: str) -> str:
    """What is wrong with a link inside of the repository."""
    path, _, anchor = unquote(target).partition("#")
    path = path.partition("?")[0]
    if path:
        start = "" if path.startswith("/") else posixpath.dirname(name)
        place = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
        if place.startswith("..") or not reading.is_there(world, place):
            return f"{target} leads nowhere"
        if not anchor or not place.endswith((".md", ".markdown")):
            return ""
        text = world.read(place) or ""
    return "" if not anchor or anchor.casefold() in _anchors(text) else f"{target}: there is no such heading"


@lru_cache(maxsize=64)
def _anchors(text: str) -> set[str]:
    """The names that headings get on GitHub and GitLab; a title that comes again gets a number."""
    found: set[str] = set(map(str.casefold, _ANCHOR.findall(text)))
    times: dict[str, int] = {}
    for _, title in _headings(text):
        name = _SIGNS.sub("", plain(title).casefold()).strip().replace(" ", "-")
        found.add(f"{name}-{times[name]}" if name in times else name)
        times[name] = times.get(name, 0) + 1
    return found


def _refuse_front_matter(words: tuple[str, ...]) -> str:
    return amount(words, 1) or wrong_path(words[0]) or first_of(map(conditions.problem, words[1:]))


def _front_matter(words: tuple[str, ...], world: World) -> Outcome:
    text = reading.read(world, words[0])
    if isinstance(text, Outcome):
        return text
    found = _matter(text)
    if isinstance(found, str):
        return failed(f"{words[0]}: {found}", path=words[0], line=1)
    for condition in map(conditions.parse, words[1:]):
        judged = conditions.judge(found, condition)
        if judged.result is Result.UNKNOWN:
            return unknown(judged.reason, path=words[0])
        if judged.result is Result.FAIL:
            return failed(f"{words[0]}: {judged.reason}", path=words[0], line=1)
    return passed(f"{words[0]} begins with it", path=words[0], line=1)


def _matter(text: str) -> dict[str, Any] | str:
    """The front matter of a document, or why there is none."""
    lines = text.removeprefix("\ufeff").splitlines()
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not lines or lines[0].rstrip() != "---" or not end:
        return "there is no front matter"
    try:
        found = reading.yaml_documents("\n".join(lines[1:end]))
    except (ElysiumError, RecursionError) as error:
        return f"the front matter cannot be read: {error}"
    return found[0] if found and isinstance(found[0], dict) else "the front matter holds no keys"


VERBS = (
    Verb(
        name="section",
        usage="section FILE HEADING…",
        summary="A document has these headings, whatever their level, number and case.",
        example='section docs/runbook.md Rollback "On call"',
        refuse=_refuse_section,
        run=_section,
    ),
    Verb(
        name="links",
        usage="links PATH…",
        summary="Every link inside of the repository leads to a file, and to a heading in it, that are there.",
        example="links README.md docs",
        refuse=_refuse_links,
        run=_links,
    ),
    Verb(
        name="front-matter",
        usage="front-matter FILE [CONDITION…]",
        summary="A document begins with front matter, and it meets the conditions.",
        example="front-matter .github/agents/planner.agent.md description name=planner",
        refuse=_refuse_front_matter,
        run=_front_matter,
    ),
)
