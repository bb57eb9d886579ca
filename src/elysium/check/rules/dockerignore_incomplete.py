"""A `.dockerignore` that lets through what belongs into no image.

Where a build copies everything, the file decides what everything is. History and environment files are secrets; tests
are not needed; what builds wrote on somebody's machine replaces what the image builds itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerignore-incomplete",
    severity=Severity.INFO,
    summary="a .dockerignore that lets through what belongs into no image",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_TESTS = re.compile(r"(?:test|tests|__tests__|spec)\Z")
_ARTEFACTS = {
    "package.json": ("node_modules",),
    "pyproject.toml": ("__pycache__", ".venv"),
    "requirements.txt": ("__pycache__", ".venv"),
    "pubspec.yaml": (".dart_tool", "build"),
    "pom.xml": ("target",),
    "build.gradle": ("build", ".gradle"),
    "build.gradle.kts": ("build", ".gradle"),
}
"""What tools write beside a file of theirs."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each ignore file beside a Dockerfile that copies its whole context, about all that it misses."""
    files = set(context.paths)
    for path, file in sorted(dockerfiles(context).items()):
        directory = posixpath.dirname(path)
        ignore = posixpath.join(directory, ".dockerignore")
        if f"{path}.dockerignore" in files or ignore not in files or for_development(path) or not _everything(file):
            continue
        patterns = _patterns(context.text(ignore))
        missing = [name for name in _unwanted(context, directory) if not _left_out(name, patterns)]
        if missing:
            message = f"this does not leave out {', '.join(missing)}"
            lines = ", ".join(f"`**/{name}`" for name in missing)
            yield about(RULE, ignore, 1, message, hint=f"add {lines}")


def _everything(file: Dockerfile) -> bool:
    return any(
        item.keyword in ("COPY", "ADD")
        and not item.flag("from")
        and any(word in (".", "./") for word in item.words[:-1])
        for item in file.instructions
    )


def _patterns(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    return [line.strip("/").removeprefix("**/") for line in lines if line and not line.startswith("#")]


def _unwanted(context: Context, directory: str) -> list[str]:
    """What should be left out of a build of this folder: only what can be there."""
    prefix = f"{directory}/" if directory else ""
    inside = [path.removeprefix(prefix) for path in context.paths if path.startswith(prefix)]
    found = [] if directory else [".git"]
    found.append(".env")
    # Only at the top: below sources, a package may be called so.
    found += sorted({top for top, slash, _ in (path.partition("/") for path in inside) if slash and _TESTS.match(top)})
    found += [name for marker, names in _ARTEFACTS.items() if marker in inside for name in names]
    return list(dict.fromkeys(found))


def _left_out(name: str, patterns: list[str]) -> bool:
    """Whether some pattern matches; one that lets in again (`!…`) after `*` is an answer of its own."""
    result = False
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        if fnmatchcase(name, wanted) or wanted.startswith(f"{name}/"):
            result = not pattern.startswith("!")
    return result
