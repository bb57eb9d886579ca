"""Files of the repository as checks read them: what matches a path, texts, and the documents of YAML, JSON and TOML."""

from __future__ import annotations

import json
import tomllib
from functools import lru_cache
from typing import Any

from elysium.errors import ElysiumError, PlanError
from elysium.plans.checks.arguments import path as normal
from elysium.plans.results import Outcome, failed, unknown
from elysium.plans.world import World
from elysium.sources.matching import is_glob, matches_recursively

__all__ = ["documents", "is_there", "matching", "read", "yaml_documents"]

_LARGEST = 4 << 20
_MOST_VALUES = 1_000_000


def matching(world: World, pattern: str) -> list[str]:
    """The files that a path or a pattern means; those of a directory when it is one. Sorted."""
    wanted = normal(pattern)
    if wanted in world.files:
        return [wanted]
    if wanted == ".":
        return sorted(world.files)
    if is_glob(wanted) or "{" in wanted:
        return sorted(name for name in world.files if _fits(wanted, name))
    return sorted(name for name in world.files if name.startswith(f"{wanted}/"))


def is_there(world: World, pattern: str) -> str:
    """The first file that shows that there is such a file or directory; empty when there is none."""
    return next(iter(matching(world, pattern)), "")


def read(world: World, path: str) -> str | Outcome:
    """The text of a file, or the result of a check that needs it: there is none, or it is too large to look through."""
    text = world.read(normal(path))
    if text is None and normal(path) in world.files:
        return unknown(f"{normal(path)} cannot be read: it is a link, too large, or no text", path=normal(path))
    if text is None:
        return failed(f"there is no file {normal(path)}", path=normal(path))
    if len(text) > _LARGEST:
        return unknown(f"{normal(path)} is larger than {_LARGEST >> 20} MiB", path=normal(path))
    return text


def documents(world: World, path: str) -> list[Any] | Outcome:
    """The documents of a YAML, JSON or TOML file, not to be changed, or the result of a check that needs them."""
    text = read(world, path)
    if isinstance(text, Outcome):
        return text
    try:
        return _parsed(text, normal(path).rpartition(".")[2].lower())
    except ElysiumError as error:
        line = getattr(error, "line", 0)
        return failed(f"{normal(path)} cannot be read: {error.message}", path=normal(path), line=line)
    except (ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0] or "it is too deeply nested"
        return failed(f"{normal(path)} cannot be read: {reason}", path=normal(path))


def yaml_documents(text: str) -> list[Any]:
    """The documents of a YAML text. Raises ElysiumError for what is none, and for aliases that multiply."""
    from elysium.scaffold.editing import load_documents  # noqa: PLC0415 - a plan that is only linted reads no YAML

    found = load_documents(text)
    if _size(found, {}) > _MOST_VALUES:
        raise PlanError("its aliases stand for too many values", hint="write less of it by reference")
    return found


def _size(value: Any, known: dict[int, int]) -> int:
    """How many values there are with every alias written out; `known` are those of collections seen before."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        inside = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(item, known) for item in inside)
    return known[id(value)]


@lru_cache(maxsize=256)
def _parsed(text: str, form: str) -> list[Any]:
    if form == "toml":
        return [tomllib.loads(text)]
    if form == "json":
        return [json.loads(text)]
    return yaml_documents(text)


def _fits(pattern: str, name: str) -> bool:
    """A pattern fits a file, or one of the directories above it."""
    while name:
        if matches_recursively(pattern, name):
            return True
        name = name.rpartition("/")[0]
    return False
