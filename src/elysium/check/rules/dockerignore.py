"""A build that takes everything of its directory, files that nobody meant included.

`COPY . .` copies the whole context: `.git` with its history, environment files with passwords, local artefacts. Only a
`.dockerignore` keeps them out; it also keeps them from being sent to the builder at every build.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile, Instruction
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerignore",
    severity=Severity.WARNING,
    summary="a build that takes everything of its directory",
    topic=Topic.IMAGES,
    profiles=("review", "security"),
)

_ENVIRONMENT = re.compile(r"(?:.*/)?\.env(?:\.(?!example|sample|template|dist|defaults?)[\w-]+)?\Z")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile that copies its whole context."""
    files = set(context.paths)
    for path, file in dockerfiles(context).items():
        copied = _everything(file)
        if copied is None or for_development(path):
            continue
        ignore = _ignore_file(path, files)
        if ignore is None:
            message = f"`{copied.keyword} {copied.value.strip()}` takes everything, and there is no .dockerignore"
            hint = "add a .dockerignore with .git, environment files, tests and artefacts"
            yield about(RULE, path, copied.line, message, hint=hint)
            continue
        for leaked in _environment_files(context, ignore, posixpath.dirname(ignore)):
            message = f"`{copied.keyword} {copied.value.strip()}` takes {leaked}, which {ignore} does not leave out"
            yield about(RULE, path, copied.line, message, hint="add `**/.env*` to it")


def _everything(file: Dockerfile) -> Instruction | None:
    for item in file.instructions:
        of_context = item.keyword in ("COPY", "ADD") and not item.flag("from")
        if of_context and any(word in (".", "./", "/") for word in item.words[:-1]):
            return item
    return None


def _ignore_file(path: str, files: set[str]) -> str | None:
    """The file that decides: that of the Dockerfile itself, or that of the directory around it which is the context."""
    if f"{path}.dockerignore" in files:
        return f"{path}.dockerignore"
    directory = posixpath.dirname(path)
    while True:
        candidate = posixpath.join(directory, ".dockerignore")
        if candidate in files:
            return candidate
        if not directory:
            return None
        directory = posixpath.dirname(directory)


def _environment_files(context: Context, ignore: str, directory: str) -> Iterator[str]:
    lines = [line.strip() for line in context.text(ignore).splitlines()]
    patterns = [line.strip("/") for line in lines if line and not line.startswith("#")]
    prefix = f"{directory}/" if directory else ""
    for path in context.paths:
        inside = path.removeprefix(prefix)
        if path.startswith(prefix) and _ENVIRONMENT.match(inside) and not _ignored(inside, patterns):
            yield path


def _ignored(path: str, patterns: list[str]) -> bool:
    """Whether the last pattern that matches a file or a directory around it leaves it out."""
    parts = path.split("/")
    places = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    result = False
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        anywhere = wanted.removeprefix("**/")
        hit = any(fnmatchcase(place, wanted) for place in places)
        if wanted.startswith("**/"):
            hit = hit or any(fnmatchcase(part, anywhere) for part in parts)
        result = not pattern.startswith("!") if hit else result
    return result
