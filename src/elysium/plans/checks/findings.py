"""What `elysium check` finds, as a check of a plan."""

from __future__ import annotations

from collections.abc import Iterable

from elysium.check import PROFILES, registry
from elysium.check.rule import Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity
from elysium.plans.checks import reading
from elysium.plans.checks.arguments import amount, first_of, wrong_path
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS"]

_MANIFEST_RULES = (
    "yaml-syntax", "duplicate-key", "schema", "removed-api", "removed-flux-api", "invalid-name", "invalid-label",
    "invalid-pod", "invalid-service", "invalid-claim", "invalid-limits", "selector-mismatch", "build-failure",
)  # fmt: skip
_NO_SCHEMA = "no-schema"
_OPTIONS = ("rules", "profile", "fail-on")


def _options(words: tuple[str, ...]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words if "=" in word)


def _refuse_check(words: tuple[str, ...]) -> str:
    options = _options(words)
    unknown_option = next((name for name in options if name not in _OPTIONS), "")
    if unknown_option:
        return f"there is no {unknown_option}=…: known are {', '.join(_OPTIONS)}"
    wrong = _wrong_name("profile", options.get("profile", ""), PROFILES)
    names = options.get("rules", "").split(",")
    known = {*registry.identifiers(), *(topic.value for topic in Topic)}
    wrong = wrong or first_of(_wrong_name("rule", name, known) for name in names)
    if options.get("fail-on", "error") not in ("error", "warning"):
        wrong = wrong or "fail-on is error or warning"
    return wrong or first_of(wrong_path(word) for word in words if "=" not in word)


def _wrong_name(what: str, name: str, known: Iterable[str]) -> str:
    if not name or name in known:
        return ""
    near = nearest(name, known)
    return f"there is no {what} {name!r}" + (f": did you mean {near}?" if near else "")


def _check(words: tuple[str, ...], world: World) -> Outcome:
    options = _options(words)
    rules = tuple(sorted(filter(None, options.get("rules", "").split(","))))
    places = [word for word in words if "=" not in word]
    for place in places:
        if not reading.is_there(world, place):
            return failed(f"there is no {place}", path=place)
    found = world.findings(rules, options.get("profile", ""))
    files = {name for place in places for name in reading.matching(world, place)}
    return _judged([item for item in found if not places or item.file in files], options.get("fail-on", "error"))


def _judged(found: list[Finding], fail_on: str) -> Outcome:
    worst = [item for item in found if item.severity is Severity.ERROR]
    warnings = [item for item in found if item.severity is Severity.WARNING]
    bad = worst or (warnings if fail_on == "warning" else [])
    counts = f"{len(worst)} errors and {len(warnings)} warnings"
    if not bad:
        return passed(f"{counts}")
    first = bad[0]
    more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
    return failed(f"{first.message} [{first.rule}]{more}", **_place(first))


def _refuse_manifest(words: tuple[str, ...]) -> str:
    return first_of([amount(words, 1), *map(wrong_path, words)])


def _manifest(words: tuple[str, ...], world: World) -> Outcome:
    names = []
    for word in words:
        found = [name for name in reading.matching(world, word) if name.endswith((".yaml", ".yml", ".json"))]
        if not found:
            return failed(f"there is no manifest {word}", path=word)
        names += found
    wrong = [item for item in world.findings(_MANIFEST_RULES) if item.file in names and item.severity is Severity.ERROR]
    if wrong:
        return _judged(wrong, "error")
    outcomes = [_alone(name, world) for name in names]
    return next(
        (one for one in outcomes if one is not None),
        passed(f"{names[0] if len(names) == 1 else f'{len(names)} files'}: nothing speaks against it", path=names[0]),
    )


def _alone(name: str, world: World) -> Outcome | None:
    """What is not known of a file: nobody applies it, or nobody knows the schema of what is in it."""
    parsed = reading.documents(world, name)
    if isinstance(parsed, Outcome):
        return parsed
    made = [item for unit in world.render().units for item in unit.objects if _made_from(item.origin, name)]
    for item in made:
        if any(problem.code == _NO_SCHEMA for problem in item.problems):
            remedy = "commit its CRD, or name a folder with it in `schemas` of elysium.toml"
            return unknown(f"no schema is known of {item.api_version} {item.kind}: {remedy}", path=name)
    if made or any(name in unit.read for unit in world.render().units):
        return None
    return unknown(f"no unit applies {name}: list it in a kustomization", path=name)


def _made_from(origin: object, name: str) -> bool:
    return getattr(origin, "file", "") == name and not getattr(origin, "tree", "")


def _place(finding: Finding) -> dict[str, str | int]:
    subject = finding.object or finding.unit
    return {"path": finding.file, "line": finding.line, "object": str(subject) if subject else ""}


VERBS = (
    Verb(
        name="manifest",
        usage="manifest PATH…",
        summary="The manifests are valid: as YAML, against the schemas of the declared Kubernetes, and to be built.",
        example="manifest apps/base/wiki",
        refuse=_refuse_manifest,
        run=_manifest,
    ),
    Verb(
        name="check",
        usage="check [PATH…] [rules=RULE,…] [profile=NAME] [fail-on=warning]",
        summary="`elysium check` finds no error (or no warning) in the repository or in these paths.",
        example="check apps/base/wiki profile=security fail-on=warning",
        refuse=_refuse_check,
        run=_check,
    ),
)
