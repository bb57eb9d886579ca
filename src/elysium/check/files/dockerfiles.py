"""The Dockerfiles of a repository, each read once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile, Instruction, parse
from elysium.check.rule import Rule
from elysium.model import Finding, Severity

__all__ = ["about", "base_images", "copied_files", "dockerfiles", "for_development"]

_LARGEST = 500_000
_NAME = re.compile(r"(?i)(?:Dockerfile|Containerfile)(?:\.[\w-]+)*|[\w.-]+\.(?:Dockerfile|Containerfile)")
_NO_DOCKERFILE = (
    ".dockerignore",
    ".md",
    ".txt",
    ".vim",
    ".j2",
    ".tmpl",
    ".tpl",
    ".template",
    ".yaml",
    ".yml",
    ".json",
    ".py",
    ".sh",
)


def dockerfiles(context: Context) -> dict[str, Dockerfile]:
    """Every Dockerfile by path; computed once."""
    found: dict[str, Dockerfile] | None = context.__dict__.get("dockerfiles")
    if found is None:
        texts = {path: context.text(path) for path in context.paths if _is_one(path)}
        found = {path: parse(text) for path, text in texts.items() if 0 < len(text) <= _LARGEST}
        context.__dict__["dockerfiles"] = found
    return found


def for_development(path: str) -> bool:
    """Whether the image is a place to work in and never deployed."""
    return ".devcontainer" in path.split("/") or posixpath.basename(path).lower().endswith((".dev", "dev.dockerfile"))


def base_images(file: Dockerfile) -> Iterator[tuple[int, str]]:
    """The images that a build takes from a registry, by FROM and `COPY --from`, with the line of each."""
    names = {stage.name for stage in file.stages}
    for stage in file.stages:
        if stage.parent < 0:
            yield stage.line, file.resolved(stage.image)
        for item in stage.instructions:
            source = item.flag("from")
            if item.keyword == "COPY" and "/" in source and source.lower() not in names:
                yield item.line, file.resolved(source)


def copied_files(context: Context, path: str, file: Dockerfile) -> Iterator[tuple[Instruction, str]]:
    """The files of the repository that are copied one by one into the final image, with the COPY of each.

    Where the build begins is not known: it is the folder of the Dockerfile, or one around it, up to the repository.
    """
    known = set(context.paths)
    for item in file.final:
        if item.keyword in ("COPY", "ADD") and not item.flag("from"):
            for source in item.words[:-1]:
                found = next((place for place in _places(path, source) if place in known), "")
                if found:
                    yield item, found


def about(rule: Rule, path: str, line: int, message: str, *, hint: str, severity: Severity | None = None) -> Finding:
    """A finding about a line of a file."""
    severe = severity or rule.severity
    return Finding(rule=rule.id, severity=severe, message=message, hint=hint, file=path, line=line)


def _places(path: str, source: str) -> Iterator[str]:
    directory = posixpath.dirname(path)
    while True:
        yield posixpath.normpath(posixpath.join(directory, source.lstrip("/")))
        if not directory:
            return
        directory = posixpath.dirname(directory)


def _is_one(path: str) -> bool:
    name = posixpath.basename(path)
    return bool(_NAME.fullmatch(name)) and not name.lower().endswith(_NO_DOCKERFILE)
