"""Whether the repository still makes the objects that a revision made: what a refactoring has to keep."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.compare import Change, Difference, compare
from elysium.errors import ElysiumError
from elysium.plans.checks.arguments import amount, first_of, object_pattern
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World
from elysium.sources.matching import matches

__all__ = ["VERBS"]

_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@{}~^-]{0,200}")
_EXCEPT = "except="
_SAME = frozenset({Change.MOVED, Change.RENAMED})
_MOST_SHOWN = 5


def _refuse(words: tuple[str, ...]) -> str:
    revision, *others = words or ("",)
    strange = next((word for word in others if not word.startswith(_EXCEPT)), "")
    patterns = (object_pattern(pattern) for word in others for pattern in _patterns(word))
    return first_of(
        (
            amount(words, 1),
            "" if _REVISION.fullmatch(revision) else f"{revision!r} is no revision",
            f"{strange!r} is no {_EXCEPT}KIND/NAMESPACE/NAME" if strange else "",
            *patterns,
        )
    )


def _patterns(word: str) -> list[str]:
    return [each for each in word.removeprefix(_EXCEPT).split(",") if each]


def _unchanged(words: tuple[str, ...], world: World) -> Outcome:
    revision, *others = words
    patterns = [pattern for word in others for pattern in _patterns(word)]
    try:
        before = world.rendered_at(revision)
    except ElysiumError as error:
        return unknown(f"what {revision} made cannot be told: {error}")
    compared = compare(before, world.render())
    different = [item for item in compared.objects if item.change not in _SAME and not _declared(item, patterns)]
    certain = [item for item in different if item.change is not Change.UNKNOWN]
    if certain:
        return failed(f"{len(certain)} object(s) differ from {revision}: {_shown(certain)}")
    if different:
        return unknown(f"it is not known whether {_shown(different)} differ from {revision}")
    dark = next((item for item in compared.unknown if not item.same), None)
    if dark is not None:
        return unknown(f"{dark.unit} is not the same as in {revision}, and what it makes is not known")
    return passed(f"the objects are those of {revision}")


def _declared(item: Difference, patterns: list[str]) -> bool:
    name = f"{item.object.kind}/{item.object.namespace}/{item.object.name}"
    return any(matches(pattern, name) for pattern in patterns)


def _shown(items: list[Difference]) -> str:
    return ", ".join(_texts(items))


def _texts(items: list[Difference]) -> Iterator[str]:
    yield from (f"{item.object} ({item.change})" for item in items[:_MOST_SHOWN])
    if len(items) > _MOST_SHOWN:
        yield f"and {len(items) - _MOST_SHOWN} more"


VERBS = (
    Verb(
        name="unchanged",
        usage="unchanged REVISION [except=KIND/NAMESPACE/NAME,…]",
        summary="The objects are those of a revision; which unit makes them, and hashes in names, may differ.",
        example="unchanged main except=ConfigMap/wiki/*",
        refuse=_refuse,
        run=_unchanged,
    ),
)
