"""The environment variables of an image: those that its entrypoint reads, those that its page documents, and those that
its source code names.

The entrypoint is the script that ENTRYPOINT or CMD starts and that is copied from the repository. The page is a
Markdown file in its folder or in that of the Dockerfile; documented are the rows of a table whose first column is
headed with `Variable`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile, Instruction
from elysium.check.files.dockerfiles import copied_files

__all__ = ["Documented", "ImageVariables", "Read", "table_of_variables", "variables_of"]

_REFERENCE = re.compile(r"\$(?:\{([A-Z][A-Z0-9_]+)(:?[-=?+])?[^}]*\}|([A-Z][A-Z0-9_]+))")
_ASSIGNED = re.compile(r"(?:^|[\s;(])(?:(?:export|local|readonly)\s+)?([A-Z][A-Z0-9_]+)=")
_LOOPED = re.compile(r"\b(?:for\s+|read\s+(?:-\w+\s+)*)([A-Z][A-Z0-9_ ]+)")
_ROW = re.compile(r"\s*\|\s*`([A-Z][A-Z0-9_]+)`\s*\|")
_HEAD = re.compile(r"\s*\|[^|]*\bvariables?\b[^|]*\|", re.IGNORECASE)
_OF_THE_SHELL = frozenset(
    {"HOME", "PATH", "PWD", "OLDPWD", "USER", "HOSTNAME", "SHELL", "IFS", "UID", "EUID", "PPID", "RANDOM", "SECONDS"}
)
_MOST, _LARGEST, _LONGEST_LINE = 2000, 200_000, 2000


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A variable that the entrypoint reads, with the first line; `required` where it stops or fails without it."""

    name: str
    line: int
    required: bool


class Documented(msgspec.Struct, frozen=True, kw_only=True):
    """A variable in the table of a page."""

    name: str
    file: str
    line: int


class ImageVariables(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the variables of one image. `pages` are texts by path; `code` is all source code in one."""

    image: str
    script: str
    read: tuple[Read, ...]
    defaults: frozenset[str]
    pages: dict[str, str]
    documented: tuple[Documented, ...]
    code: str

    @property
    def named(self) -> set[str]:
        """What the entrypoint reads, and what the page documents."""
        return {item.name for item in self.read} | {item.name for item in self.documented}

    def knows(self, name: str) -> bool:
        """Whether the entrypoint, the Dockerfile, the page or the source code has it; code may add a prefix itself."""
        return name in self.defaults or name in self.named or self.coded(name)

    def coded(self, name: str) -> bool:
        """Whether source code names it, in whatever case, with or without its first word."""
        word = name.lower()
        rest = word.partition("_")[2]
        return word in self.code or (len(rest) > 3 and rest in self.code)


def variables_of(context: Context, path: str, file: Dockerfile) -> ImageVariables | None:
    """The variables of a Dockerfile's image; None without an entrypoint script of the repository."""
    script = _entrypoint(context, path, file)
    if not script:
        return None
    folders = {posixpath.dirname(path), posixpath.dirname(script)}
    pages = {
        page: context.text(page)
        for page in context.paths
        if posixpath.dirname(page) in folders and page.lower().endswith(".md")
    }
    return ImageVariables(
        image=_name(path, file),
        script=script,
        read=tuple(_read(context.text(script))),
        defaults=frozenset(_defaults(file)),
        pages=pages,
        documented=tuple(item for page, text in pages.items() for item in table_of_variables(page, text)),
        code=_code(context, path, file, {script, path, *pages}),
    )


def table_of_variables(page: str, text: str) -> Iterator[Documented]:
    """The rows of tables whose first column is headed with `Variable`."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("|") or len(line) > _LONGEST_LINE:
            inside = False
        elif _HEAD.match(line) and not _ROW.match(line):
            inside = True
        elif inside and (row := _ROW.match(line)):
            yield Documented(name=row[1], file=page, line=number)


def _entrypoint(context: Context, path: str, file: Dockerfile) -> str:
    started = {posixpath.basename(word) for item in file.final if _starts(item) for word in item.words[:3]}
    for item, source in copied_files(context, path, file):
        target = item.words[-1]
        names = {posixpath.basename(source), posixpath.basename(target)}
        if names & started and context.text(source).startswith(("#!/bin/", "#!/usr/bin/env sh", "#!/usr/bin/env bash")):
            return source
    return ""


def _starts(item: Instruction) -> bool:
    return item.keyword in ("ENTRYPOINT", "CMD")


def _read(text: str) -> Iterator[Read]:
    """Each variable once. What the script sets itself is its own, unless it is read with a default somewhere."""
    lines = ["" if _is_no_code(line) else _without_literals(line) for line in text.splitlines()]
    own = {name for line in lines for name in _ASSIGNED.findall(line)}
    own |= {name for line in lines for names in _LOOPED.findall(line) for name in names.split()}
    found: dict[str, Read] = {}
    for number, line in enumerate(lines, 1):
        for braced, operator, plain in _REFERENCE.findall(line):
            name = braced or plain
            if name in _OF_THE_SHELL or (name in own and not operator) or name in found:
                continue
            required = operator in ("?", ":?") or not operator
            found[name] = Read(name=name, line=number, required=required)
    yield from found.values()


def _is_no_code(line: str) -> bool:
    return line.lstrip().startswith("#") or len(line) > _LONGEST_LINE


def _without_literals(line: str) -> str:
    """A line without what stands in single quotes, which no shell looks into; quotes in double quotes are text."""
    return re.sub(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'", lambda match: match[0] if match[0][0] == '"' else "''", line)


def _defaults(file: Dockerfile) -> Iterator[str]:
    for item in file.final:
        if item.keyword == "ENV":
            words = item.words
            yield from (word.partition("=")[0] for word in (words if "=" in item.value else words[:1]))


def _name(path: str, file: Dockerfile) -> str:
    """What the image is called: its title, or the folder that its Dockerfile is in."""
    for item in reversed(file.final):
        if item.keyword == "LABEL":
            for word in item.words:
                key, _, value = word.partition("=")
                if key == "org.opencontainers.image.title" and value:
                    return value
    return posixpath.basename(posixpath.dirname(path))


def _code(context: Context, path: str, file: Dockerfile, others: set[str]) -> str:
    """The texts below the folders that are copied, in lower case; a bounded number of them."""
    folder = posixpath.dirname(path)
    roots = {folder} if folder else set()
    for item in file.instructions:
        if item.keyword in ("COPY", "ADD") and not item.flag("from"):
            roots |= {word.strip("./") for word in item.words[:-1] if word.strip("./")}
    inside = [
        known
        for known in context.paths
        if known not in others
        and not known.lower().endswith((".md", ".lock", ".env"))
        and any(known.startswith(f"{root}/") for root in roots)
    ]
    texts = (context.text(known) for known in inside[:_MOST])
    return "\n".join(text for text in texts if len(text) <= _LARGEST).lower()
