"""Values inside of YAML, JSON and TOML files, and the entries of a kustomization."""

from __future__ import annotations

import posixpath

from elysium.evaluate.workloads import mapping, sequence
from elysium.plans.checks import conditions, reading
from elysium.plans.checks.arguments import amount, first_of, path, wrong_path
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, Result, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS"]

_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LISTS = ("resources", "components", "bases", "patches", "patchesStrategicMerge", "configurations", "crds")


def _refuse_yaml(words: tuple[str, ...]) -> str:
    return amount(words, 2) or wrong_path(words[0]) or first_of(map(conditions.problem, words[1:]))


def _yaml(words: tuple[str, ...], world: World) -> Outcome:
    name, *asked = words
    found = reading.documents(world, name)
    if isinstance(found, Outcome):
        return found
    for text in asked:
        condition = conditions.parse(text)
        judged = [conditions.judge(document, condition) for document in found]
        best = min(judged, key=lambda one: list(Result).index(one.result), default=None)
        if best is None or best.result is Result.FAIL:
            return failed(judged[0].reason if judged else f"{name} is empty", path=name)
        if best.result is Result.UNKNOWN:
            return unknown(best.reason, path=name)
    return passed(f"{name} says so", path=name)


def _refuse_listed(words: tuple[str, ...]) -> str:
    return amount(words, 2) or first_of(map(wrong_path, words[:1]))


def _listed(words: tuple[str, ...], world: World) -> Outcome:
    name = _kustomization(world, words[0])
    found = reading.documents(world, name)
    if isinstance(found, Outcome):
        return found
    body = mapping(found[0] if found else None)
    entries = {path(_entry(entry)) for key in _LISTS for entry in sequence(body.get(key))}
    for word in words[1:]:
        if path(word) not in entries:
            return failed(f"{name} does not list {word}", path=name)
    return passed(f"{name} lists {', '.join(words[1:])}", path=name)


def _kustomization(world: World, word: str) -> str:
    """The file that is meant: of a directory, the kustomization in it."""
    names = (posixpath.normpath(posixpath.join(path(word), name)) for name in _KUSTOMIZATIONS)
    return path(word) if path(word) in world.files else next((name for name in names if name in world.files), word)


def _entry(entry: object) -> str:
    return entry if isinstance(entry, str) else str(mapping(entry).get("path") or "")


VERBS = (
    Verb(
        name="yaml",
        usage="yaml FILE CONDITION…",
        summary="A YAML, JSON or TOML file has these values; of several documents, one has to.",
        example="yaml charts/api/Chart.yaml apiVersion=v2 type=application",
        refuse=_refuse_yaml,
        run=_yaml,
    ),
    Verb(
        name="listed",
        usage="listed KUSTOMIZATION ENTRY…",
        summary="A kustomization (its file or its directory) lists each entry as a resource, component or patch.",
        example="listed apps/base/kustomization.yaml wiki",
        refuse=_refuse_listed,
        run=_listed,
    ),
)
