"""Which pieces of code are paths of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

__all__ = ["is_file", "located", "path_of", "roots_of"]

_PATH = re.compile(r"(?:\./)?(?:[\w.@+-]+/)*[\w.@+-]+/?")
_SUFFIXES = frozenset(
    """yaml yml md markdown sh bash zsh json toml tf hcl env py ts js dart conf cfg ini tpl txt lock pem pub sql rego
    jsonnet cue dockerignore gitignore""".split()  # noqa: SIM905 - a sentence of words is easier to read
)
_NAMES = re.compile(r"(?:Dockerfile|Makefile|Justfile|Taskfile|Procfile|LICENSE|CODEOWNERS)(?:\.[\w-]+)?")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")


def is_file(path: str) -> bool:
    """Whether the last part of a path is the name of a file, by its ending or because it is well known."""
    name = path.rpartition("/")[2]
    return bool(_NAMES.fullmatch(name)) or (name.rpartition(".")[2].lower() in _SUFFIXES and "." in name)


def path_of(span: str, roots: Iterable[str] = ()) -> str:
    """A piece of code as a path of the repository; empty where it is none, or not certainly.

    It ends with `/`, or names a file, or begins with a folder that another path of the document begins with.
    """
    if not _PATH.fullmatch(span) or ".." in span.split("/") or len(span) > _LONGEST:
        return ""
    path = span.removeprefix("./").rstrip("/")
    first, slash, _ = path.partition("/")
    if slash and _DOMAIN.fullmatch(first) and not first.startswith("."):
        return ""
    if span.endswith("/") or is_file(path):
        return path
    return path if slash and first in roots else ""


_LONGEST = 200


def located(path: str, directory: str) -> str:
    """A path below a directory, unless it begins where the directory does: then it says its folder itself."""
    if not directory or path.partition("/")[0] == directory.partition("/")[0]:
        return path
    return posixpath.normpath(posixpath.join(directory, path))


def roots_of(spans: Iterable[str]) -> frozenset[str]:
    """The first folders of paths that are certain."""
    paths = filter(None, map(path_of, spans))
    return frozenset(path.partition("/")[0] for path in paths if not is_file(path) or "/" in path)
