"""A build that takes everything of its directory, files that nobody meant included.

`COPY . .` copies the whole context: `.git` with its history, environment files with passwords, local artefacts. Only a
`.dockerignore` keeps them out; it also keeps them from being sent to the builder at every build. Environment files are
looked for in every folder that is copied.
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
    """One finding for each Dockerfile that copies its whole context with nothing left out, and for each environment
    file that a COPY of a folder takes.
    """
    files = set(context.paths)
    for path, file in dockerfiles(context).items():
        if for_development(path) or context.paths == (path,):
            continue  # what lies beside a file that is checked alone is not known
        ignore = _ignore_file(path, files)
        whole = _everything(file)
        if ignore is None and whole is not None:
            message = f"`{_written(whole)}` takes everything, and there is no .dockerignore"
            hint = "add a .dockerignore with .git, environment files, tests and artefacts"
            yield about(RULE, path, whole.line, message, hint=hint)
        elif ignore is not None or whole is None:
            yield from _leaks(context, path, file, ignore)


def _leaks(context: Context, path: str, file: Dockerfile, ignore: str | None) -> Iterator[Finding]:
    """Each environment file once."""
    seen: set[str] = set()
    own = ignore is not None and posixpath.basename(ignore) == ".dockerignore"
    begins = posixpath.dirname(ignore if ignore is not None and own else path)
    for copied, folder, root in _copied_folders(context, file, begins):
        for leaked in _environment_files(context, ignore, folder, root):
            if leaked not in seen:
                seen.add(leaked)
                why = f"{ignore} does not leave out" if ignore else "no .dockerignore leaves out"
                message = f"`{_written(copied)}` takes {leaked}, which {why}"
                yield about(RULE, path, copied.line, message, hint="add `**/.env*` to it")


def _written(item: Instruction) -> str:
    return f"{item.keyword} {item.value.strip()}"


def _everything(file: Dockerfile) -> Instruction | None:
    for item in file.instructions:
        if _of_context(item) and any(word in (".", "./", "/") for word in item.words[:-1]):
            return item
    return None


def _of_context(item: Instruction) -> bool:
    return item.keyword in ("COPY", "ADD") and not item.flag("from")


def _copied_folders(context: Context, file: Dockerfile, begins: str) -> Iterator[tuple[Instruction, str, str]]:
    """Each folder that is copied, and where the build begins: in that of the ignore file or the Dockerfile, or in the
    repository.
    """
    folders = _folders(context)
    for item in file.instructions:
        for word in item.words[:-1] if _of_context(item) else ():
            inside = posixpath.normpath(word.lstrip("/") or ".")
            for root in dict.fromkeys((begins, "")):
                folder = posixpath.normpath(posixpath.join(root, inside))
                if folder in folders:
                    yield item, folder, root
                    break


def _folders(context: Context) -> set[str]:
    """Every folder of the repository, and the repository itself; computed once."""
    found: set[str] | None = context.__dict__.get("folders")
    if found is None:
        found = {"."}
        for path in context.paths:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        context.__dict__["folders"] = found
    return found


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


def _environment_files(context: Context, ignore: str | None, folder: str, root: str) -> Iterator[str]:
    """Environment files below a folder that the patterns let through; they count from where the build begins."""
    lines = [line.strip() for line in context.text(ignore).splitlines()] if ignore else []
    patterns = [line.strip("/") for line in lines if line and not line.startswith("#")]
    prefix = f"{root}/" if root else ""
    for path in context.paths:
        below = folder == "." or path.startswith(f"{folder}/")
        if below and path.startswith(prefix):
            inside = path.removeprefix(prefix)
            if _ENVIRONMENT.match(inside) and not _ignored(inside, patterns):
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
