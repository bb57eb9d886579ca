"""A document that names a file of the repository which is not there.

Documents say where to look in the moment when something is broken. A path that was renamed sends the reader, or the
assistant that works by the text, to the wrong place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from elysium.check.context import Context
from elysium.check.files.markdown import Mention, mentions
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="documentation-reference",
    severity=Severity.WARNING,
    summary="a document that names a file of the repository which is not there",
    topic=Topic.DOCUMENTATION,
    profiles=("gitops", "review", "pre-commit"),
)

_PATH = re.compile(r"(?:\./)?[\w.-]+(?:/[\w.@+-]+)+/?\Z")
_FILE = re.compile(r"\.(?:ya?ml|md|sh|json|toml|tf|py|pem|txt|j2|env|conf)\Z")
_EXAMPLE = re.compile(
    r"(?i)(?:^|[/._-])(?:my|your|new|some|example|sample|foo|bar|app-?name|name|xx+|demo|newapp|old)(?:[/._-]|$)"
)
_HISTORY = re.compile(
    r"(?i)\b(?:moved|former(?:ly)?|renamed|removed|deleted|retired|replaced|legacy|previous(?:ly)?|no longer|not|never"
    r"|deprecated|adds?|creates?|new|generated|planned|optional)\b"
)
_INTENTION = re.compile(r"(?i)(?:^|[/_-])(?:rfcs?|adrs?|prd|proposals?|designs?|plans?|roadmap|changelog)(?:[/._-]|$)")
_SEARCH = re.compile(r"(?i)\bsearch (?:for|the repository for) `([\w.-]+\.(?:ya?ml|sh|json|md|tf))`")
_VENDORED = ("node_modules/", "vendor/", "CHANGELOG.md")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each path: further documents with the same are counted."""
    files = set(context.paths)
    folders = {""}
    for path in files:
        while (path := posixpath.dirname(path)) and path not in folders:
            folders.add(path)
    found: dict[str, Finding] = {}
    for document in context.paths:
        if document.endswith(".md") and not any(part in document for part in _VENDORED):
            for finding in _document(context, document, files | folders):
                first = found.setdefault(finding.message, finding)
                if first is not finding:
                    found[finding.message] = msgspec.structs.replace(first, folded=first.folded + 1)
    yield from found.values()


def _document(context: Context, document: str, known: set[str]) -> Iterator[Finding]:
    """What a document names wrongly, each path once, and of a link with the path as its text only the link."""
    text = context.text(document)
    lines = text.splitlines()
    every = tuple(mentions(text))
    linked = {(item.line, posixpath.basename(item.text)) for item in every if item.link}
    past = {number for number, line in enumerate(lines, 1) if _HISTORY.search(line)}
    intended = bool(_INTENTION.search(document))
    seen: set[str] = set()
    for mention in every if not _of_a_site(document, every, known) else ():
        again = (mention.line, posixpath.basename(mention.text)) in linked
        if mention.text in seen or (not mention.link and (again or intended or mention.line in past)):
            continue
        seen.add(mention.text)
        yield from _mention(context, document, mention, known)
    for number, line in enumerate(lines, 1):
        for name in _SEARCH.findall(line):
            yield from _searched(document, number, name, known)


def _searched(document: str, line: int, name: str, known: set[str]) -> Iterator[Finding]:
    names = {posixpath.basename(path) for path in known}
    if name not in names:
        near = nearest(name, names)
        hint = f"did you mean {near}?" if near else "name what is there now, or remove the sentence"
        yield _finding(document, line, f"this says to search for {name}, and there is no such file", hint)


def _of_a_site(document: str, every: tuple[Mention, ...], known: set[str]) -> bool:
    """Whether most links of a document lead nowhere here: then a web site is made of it, with paths of its own."""
    if posixpath.basename(document).lower() == "readme.md" or "docs" not in document.split("/"):
        return False
    targets = [target for item in every if item.link and (target := _link(document, item.text))]
    broken = sum(target not in known for target in targets)
    return broken >= 3 and broken * 2 > len(targets)


def _mention(context: Context, document: str, mention: Mention, known: set[str]) -> Iterator[Finding]:
    target = _link(document, mention.text) if mention.link else _code(mention.text, known)
    if not target or {target, f"{target}.md", f"{target}/index.md"} & known or _generated(context, target):
        return
    if not mention.link and posixpath.normpath(posixpath.join(posixpath.dirname(document), mention.text)) in known:
        return
    near = nearest(target, (path for path in known if posixpath.dirname(path) == posixpath.dirname(target)))
    hint = f"did you mean {near}?" if near else "name the file where it is now, or remove the reference"
    yield _finding(document, mention.line, f"this names {target}, which does not exist", hint)


def _finding(document: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=document, line=line)


def _link(document: str, text: str) -> str:
    """Where a relative link leads; empty for addresses, anchors and what leaves the repository."""
    path = unquote(text.partition("#")[0].partition("?")[0])
    if not path or re.match(r"[a-zA-Z][\w+.-]*:|//", text) or re.search(r"[<>{}$*]", path):
        return ""
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(document), path)
    target = posixpath.normpath(joined)
    return "" if target.startswith("..") or target == "." else target


def _code(text: str, known: set[str]) -> str:
    """A path as people write it: below a folder at the root, a file by its ending or a folder by its slash."""
    if not _PATH.match(text) or _EXAMPLE.search(text) or not (_FILE.search(text) or text.endswith("/")):
        return ""
    target = posixpath.normpath(text)
    parent = posixpath.dirname(target)
    certain = "/" in parent or not text.endswith("/")
    return target if certain and target.partition("/")[0] in known and parent in known else ""


def _generated(context: Context, target: str) -> bool:
    """Whether git ignores it, as it should a `.env`: then it is made where it is used."""
    if posixpath.basename(target) == ".env":
        return True
    ignored = {line.strip().strip("/") for line in context.text(".gitignore").splitlines() if line.strip()}
    parts = target.split("/")
    places = {"/".join(parts[: number + 1]) for number in range(len(parts))}
    return bool(ignored & ({*parts} | places)) or any(
        line.startswith("*") and target.endswith(line[1:]) for line in ignored
    )
