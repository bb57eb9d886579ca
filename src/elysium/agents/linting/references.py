"""References: links, `#file:` and imports, paths that a text names, patterns, and agents that are handed on to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from elysium.agents.linting.page import Page
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.linting.repository import Repository
from elysium.agents.places import Format
from elysium.check.files.markdown import Mention, mentions
from elysium.check.spelling import nearest

__all__ = ["reference_problems"]

_ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//")
_PLACEHOLDER = re.compile(r"[<>{}$*\[\]]|\.\.\.|…")
_FILE = re.compile(r"(?<![\w`/])#file:(?:'(?P<quoted>[^'\n]{1,300})'|(?P<bare>[\w./@+-]{1,300}))(?![\w./@+{<$\[-])")
_IMPORT = re.compile(r"(?:^|(?<=\s))@(?P<path>[\w.-]{1,200}(?:/[\w.-]{1,200}){0,20})(?=\s|$)")
_PATH = re.compile(r"(?:\./)?[\w.-]+(?:/[\w.@+-]+)+/?\Z")
_ENDING = re.compile(r"\.(?:ya?ml|md|sh|json|toml|tf|py|pem|txt|j2|env|conf)\Z|/\Z")
_EXAMPLE = re.compile(
    r"(?i)(?:^|[/._-])(?:my|your|new|some|example|sample|foo|bar|app-?name|name|xx+|demo)(?:[/._-]|$)"
)
_NOT_YET = re.compile(
    r"(?i)\b(?:creates?|adds?|new|writes?|generates?|moved?|renamed?|removed?|deleted?|optional|e\.g|example|never|not"
    r"|into|output|exists?|whether)\b"
)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$")
_ANCHOR = re.compile(r"(?:name|id)=[\"']([^\"'<>\s]{1,200})[\"']")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def reference_problems(page: Page, repository: Repository) -> Iterator[Problem]:
    """What leads nowhere, each target once."""
    seen: set[str] = set()
    for mention in mentions("\n".join(page.lines)):
        if mention.text in seen:
            continue
        seen.add(mention.text)
        line = page.first_line + mention.line - 1
        if mention.link:
            yield from _link(page, mention, line, repository)
        elif not _NOT_YET.search(page.lines[mention.line - 1]):
            yield from _named(page, mention.text, line, repository)
    yield from _files(page, repository)
    if page.format is Format.CLAUDE_MD:
        yield from _imports(page, repository)


def _link(page: Page, mention: Mention, line: int, repository: Repository) -> Iterator[Problem]:
    path, _, anchor = mention.text.partition("#")
    path = unquote(path.partition("?")[0])
    is_word = path.isalnum() and bool(path)  # [text](url): an example of a link
    if is_word or _ELSEWHERE.match(mention.text) or _PLACEHOLDER.search(mention.text):
        return
    target = _resolved(page.path, path) if path else page.path
    if target.startswith(".."):
        return  # an address relative to the site that shows the file
    if path and not repository.has(target):
        yield problem(
            "link-dead",
            page.path,
            f"the link leads to {target}, which is not there",
            line,
            hint=_near(target, repository),
        )
    elif anchor and target in repository.files and target.endswith(".md"):
        text = page.text if target == page.path else repository.read(target) or ""
        if unquote(anchor).lower() not in anchors(text):
            yield problem("anchor-dead", page.path, f"{target} has no heading for #{anchor}", line)


def _resolved(document: str, path: str) -> str:
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(document), path)
    return posixpath.normpath(joined) if joined else "."


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to the headings of a document, and those that it gives itself."""
    found: dict[str, int] = {}
    for line in text.splitlines():
        heading = _HEADING.match(line[:1000])
        if heading:
            slug = _NOT_IN_ANCHOR.sub("", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).lower()).replace(" ", "-")
            found[slug] = found.get(slug, -1) + 1
            if found[slug]:
                found[f"{slug}-{found[slug]}"] = 0
    return set(found) | {name.lower() for name in _ANCHOR.findall(text)}


def _named(page: Page, text: str, line: int, repository: Repository) -> Iterator[Problem]:
    """A path as people write it in code: below a directory that is there, with an ending that files have."""
    if not _PATH.match(text) or _EXAMPLE.search(text) or not _ENDING.search(text) or re.search(r"[A-Z]{4,}/", text):
        return
    target = posixpath.normpath(text)
    parent = posixpath.dirname(target)
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), text))
    certain = "/" in parent or not text.endswith("/")
    if certain and parent in repository.folders and not repository.has(target) and not repository.has(beside):
        hint = _near(target, repository)
        yield problem("path-dead", page.path, f"this names {target}, which is not there", line, hint=hint)


def _files(page: Page, repository: Repository) -> Iterator[Problem]:
    """`#file:` names a file from the root, from here, or by its name alone."""
    for number, line in enumerate(page.lines, page.first_line):
        for found in _FILE.finditer(line):
            path = (found["quoted"] or found["bare"]).rstrip(".,;:")
            here = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path))
            if repository.has(posixpath.normpath(path)) or repository.has(here) or path in repository.names:
                continue
            yield problem("file-dead", page.path, f"#file:{path} names no file", number, hint=_near(path, repository))


def _imports(page: Page, repository: Repository) -> Iterator[Problem]:
    fence = False
    for number, line in enumerate(page.lines, page.first_line):
        fence ^= line.lstrip().startswith("```")
        for found in _IMPORT.finditer("" if fence or "`" in line else line):
            path = found["path"].rstrip(".")
            target = _resolved(page.path, path)
            if ("/" in path or path.endswith(".md")) and not target.startswith("..") and not repository.has(target):
                message = f"the import @{path} leads to {target}, which is not there"
                yield problem("link-dead", page.path, message, number, hint=_near(target, repository))


def _near(target: str, repository: Repository) -> str:
    folder, name = posixpath.split(target)
    there = [path for path in repository.files if posixpath.dirname(path) == folder]
    near = nearest(target, there) or next((path for path in sorted(repository.files) if path.endswith(f"/{name}")), "")
    return f"did you mean {near}?" if near else ""
