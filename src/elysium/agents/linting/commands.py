"""Commands that a file tells an assistant to run: those of Elysium have to exist, and the paths in all of them, too."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator

from elysium.agents.linting.page import Page
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.linting.repository import Repository
from elysium.check.files.markdown import fences, mentions
from elysium.check.spelling import nearest

__all__ = ["command_problems"]

_OURS = ("elysium", "./elysium")
_PROGRAMS = (*_OURS, "flux", "kubectl", "kustomize", "helm", "yamllint", "kubeconform", "cat", "cd", "ls", "bash", "sh")
_SHELLS = ("", "sh", "bash", "shell", "console", "zsh", "text")
_PLACEHOLDER = re.compile(r"[A-Z]{3}|[<>{}\[\]*$|…]|\.\.\.")
_END = re.compile(r"\|\|?|&&|;|>>?|#.*|\)")
_ALWAYS = frozenset({"--help", "-h", "--version"})
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_MAKES = frozenset({"--into", "-o", "--output", "--set", "--unit", "--source", "-f", "--dir"})
_ANY = "*"


def command_problems(page: Page, repository: Repository) -> Iterator[Problem]:
    """Each command that cannot be meant, once."""
    seen: set[str] = set()
    for line, text in _commands(page):
        if text in seen:
            continue
        seen.add(text)
        words = _words(text)
        if words and words[0] in _OURS and repository.commands:
            yield from _ours(page, line, words, repository)
        yield from _paths(page, line, words, repository)


def _commands(page: Page) -> Iterator[tuple[int, str]]:
    """Commands in lines of code and in blocks, with their lines."""
    text = "\n".join(page.lines)
    for mention in mentions(text):
        if not mention.link and mention.text.partition(" ")[0] in _PROGRAMS:
            yield page.first_line + mention.line - 1, mention.text
    for fence in fences(text):
        if fence.language in _SHELLS:
            for number, line in _joined(fence.lines):
                yield page.first_line + fence.line + number - 1, line


def _joined(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Commands of a block, each with the number of its first line: a backslash goes on."""
    begun, start = "", 0
    for number, line in enumerate(lines):
        start = start if begun else number
        begun += line.strip().removeprefix("$ ")
        if begun.endswith("\\") and len(begun) < 5000:
            begun = begun[:-1]
            continue
        for part in re.split(r"\s(?:&&|\|\|?|;)\s", begun):
            if part.split(maxsplit=1)[:1] and part.split(maxsplit=1)[0] in _PROGRAMS:
                yield start, part
        begun = ""


def _words(text: str) -> list[str]:
    """The words up to the first sign that ends a command."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    end = next((number for number, word in enumerate(words) if _END.fullmatch(word)), len(words))
    return words[:end]


def _ours(page: Page, line: int, words: list[str], repository: Repository) -> Iterator[Problem]:
    path, rest = "", words[1:]
    while rest and _NAME.fullmatch(rest[0]) and _is_group(path, repository):
        found = f"{path} {rest[0]}".strip()
        if found not in repository.commands:
            there = sorted(_below(path, repository))
            near = nearest(rest[0], there)
            hint = (
                f"did you mean `elysium {path + ' ' if path else ''}{near}`?"
                if near
                else f"there is {', '.join(there)}"
            )
            yield problem("command-unknown", page.path, f"there is no command `elysium {found}`", line, hint=hint)
            return
        path, rest = found, rest[1:]
    known = repository.commands.get(path, frozenset()) | _ALWAYS
    for word in rest if _ANY not in known else ():
        if word == "--":
            return
        option = word.partition("=")[0] if word.startswith("--") else word[:2]
        if word.startswith("-") and len(word) > 1 and not _PLACEHOLDER.search(option) and option not in known:
            near = nearest(option, sorted(known))
            name = f"elysium {path}".strip()
            hint = f"did you mean {near}?" if near else f"see `{name} --help`"
            yield problem("option-unknown", page.path, f"`{name}` has no option {option}", line, hint=hint)


def _is_group(path: str, repository: Repository) -> bool:
    return bool(_below(path, repository))


def _below(path: str, repository: Repository) -> set[str]:
    start = f"{path} " if path else ""
    return {
        name.removeprefix(start).partition(" ")[0]
        for name in repository.commands
        if name.startswith(start) and name != path
    }


def _paths(page: Page, line: int, words: list[str], repository: Repository) -> Iterator[Problem]:
    """Paths below a directory of the repository that are not there, unless the command makes them."""
    before = ""
    for word in words[1:]:
        value, made = word.partition("=")[2] if word.startswith("--") else word, before in _MAKES
        before = word.partition("=")[0]
        if made or before in _MAKES or _PLACEHOLDER.search(value) or "/" not in value or ":" in value:
            continue
        target = posixpath.normpath(value.removeprefix("./"))
        if target.partition("/")[0] in repository.folders and not repository.has(target):
            yield problem("path-dead", page.path, f"a command names {target}, which is not there", line)
