"""Whether files and directories are there, and what stands in them."""

from __future__ import annotations

from elysium.plans.checks import reading, searching
from elysium.plans.checks.arguments import amount, first_of, wrong_path
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS"]


def _refuse_paths(words: tuple[str, ...]) -> str:
    return first_of([amount(words, 1), *map(wrong_path, words)])


def _refuse_texts(words: tuple[str, ...]) -> str:
    return amount(words, 2) or wrong_path(words[0]) or first_of(map(searching.problem, words[1:]))


def _exists(words: tuple[str, ...], world: World) -> Outcome:
    first = ""
    for word in words:
        found = reading.is_there(world, word)
        if not found:
            return failed(f"there is no {word}", path=word)
        first = first or found
    return passed(f"{words[0]} is there" if len(words) == 1 else f"all {len(words)} are there", path=first)


def _absent(words: tuple[str, ...], world: World) -> Outcome:
    for word in words:
        found = reading.is_there(world, word)
        if found:
            return failed(f"{found} is there", path=found)
    return passed(f"there is no {' and no '.join(words)}", path=words[0])


def _contains(words: tuple[str, ...], world: World) -> Outcome:
    path, *wanted = words
    first: tuple[str, int] | None = None
    for text in wanted:
        found = _found(world, path, text)
        if isinstance(found, Outcome):
            return found
        if found is None:
            return failed(f"{path} does not contain {text}", path=path)
        first = first or found
    name, line = first or (path, 0)
    return passed(f"{name} contains it in line {line}", path=name, line=line)


def _lacks(words: tuple[str, ...], world: World) -> Outcome:
    path, *unwanted = words
    for text in unwanted:
        found = _found(world, path, text)
        if isinstance(found, Outcome):
            return found
        if found is not None:
            name, line = found
            return failed(f"{name} contains {text} in line {line}", path=name, line=line)
    return passed(f"{path} contains none of it", path=path)


def _found(world: World, path: str, wanted: str) -> tuple[str, int] | Outcome | None:
    """File and line where it stands first; the result of the check when that cannot be told."""
    names = reading.matching(world, path)
    if not names:
        return failed(f"there is no file {path}", path=path)
    for name in names:
        text = reading.read(world, name)
        if isinstance(text, Outcome):
            return text
        try:
            line = searching.line_of(wanted, text)
        except searching.TooMuchWork:
            return unknown(f"{wanted} takes too long on {name}: write a simpler pattern", path=name)
        if line:
            return name, line
    return None


VERBS = (
    Verb(
        name="exists",
        usage="exists PATH…",
        summary="Every file or directory is there; a pattern (`*`, `**`, `{a,b}`) has to fit at least one.",
        example="exists apps/base/wiki/kustomization.yaml docs/adr/*.md",
        refuse=_refuse_paths,
        run=_exists,
    ),
    Verb(
        name="absent",
        usage="absent PATH…",
        summary="None of these files and directories is there, and nothing fits the patterns.",
        example="absent apps/base/old-wiki",
        refuse=_refuse_paths,
        run=_absent,
    ),
    Verb(
        name="contains",
        usage="contains PATH TEXT|/PATTERN/…",
        summary="Each text stands in the file (or in one of those that fit); a pattern looks at single lines.",
        example='contains scripts/bootstrap.sh "set -euo pipefail" "/flux bootstrap (git|github)/"',
        refuse=_refuse_texts,
        run=_contains,
    ),
    Verb(
        name="lacks",
        usage="lacks PATH TEXT|/PATTERN/…",
        summary="None of the texts stands in the file (or in any of those that fit).",
        example="lacks docs/**/*.md TBD",
        refuse=_refuse_texts,
        run=_lacks,
    ),
)
