"""Workflows with their jobs and steps, and the targets of a Makefile or a justfile."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from elysium.check.files.workflow_files import Job, Workflow
from elysium.evaluate.workloads import mapping
from elysium.plans.checks import conditions, reading, searching
from elysium.plans.checks.arguments import amount, first_of, path, wrong_path
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed
from elysium.plans.world import World
from elysium.sources.matching import matches

__all__ = ["VERBS"]

_PLACES = (".github/workflows", ".forgejo/workflows", ".gitea/workflows")
_ASKS = ("job", "step", "trigger")
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_JUSTFILES = ("justfile", "Justfile", ".justfile")
_TARGETS = re.compile(r"([^\s#:=][^#:=]*):(?![=:]*=)")
_INCLUDE = re.compile(r"[-s]?include[ \t]+(.{1,500})")
_WORD = re.compile(r"[\w./*?-]+")
_MOST_FILES = 100
_RECIPE = re.compile(r"@?([A-Za-z_][\w-]*)(?:\s[^:]*)?:(?!=)|alias\s+([A-Za-z_][\w-]*)\s*:=")


def _refuse_workflow(words: tuple[str, ...]) -> str:
    rest = words[1:]
    wrong = amount(words, 1) or wrong_path(words[0])
    if not wrong and (len(rest) % 2 or not set(rest[::2]) <= set(_ASKS)):
        wrong = "after the file, write job NAME, step TEXT or trigger EVENT"
    return wrong or first_of(map(searching.problem, rest[1::2]))


def _workflow(words: tuple[str, ...], world: World) -> Outcome:
    name = _workflow_file(world, words[0])
    found = reading.documents(world, name)
    if isinstance(found, Outcome):
        return found
    if len(found) != 1 or not mapping(mapping(found[0]).get("jobs")):
        return failed(f"{name} has no jobs", path=name)
    workflow = Workflow(path=name, text="", body=found[0])
    jobs: list[Job] = list(workflow.jobs)
    for what, wanted in zip(words[1::2], words[2::2], strict=True):
        if what == "trigger" and wanted not in workflow.triggers:
            return failed(f"{name} is not started by {wanted}", path=name)
        if what == "job":
            jobs = [job for job in workflow.jobs if wanted in (job.name, job.body.get("name"))]
        if what == "step" and not any(_has_step(job, wanted) for job in jobs):
            return failed(f"{name} has no step with {wanted}", path=name)
        if not jobs:
            return failed(f"{name} has no job {wanted}", path=name)
    return passed(f"{name} has {len(workflow.jobs)} jobs" + (", and as asked" if words[1:] else ""), path=name)


def _workflow_file(world: World, word: str) -> str:
    """A name without directory is one of the workflows, with or without its ending."""
    if "/" in path(word):
        return path(word)
    names = (posixpath.join(place, word + ending) for place in _PLACES for ending in ("", ".yaml", ".yml"))
    return next((name for name in names if name in world.files), f"{_PLACES[0]}/{word}")


def _has_step(job: Job, wanted: str) -> bool:
    """A step whose name, action, inputs or script holds a text; a job may be another workflow as a whole."""
    texts = (
        "\n".join((str(step.body.get("name") or ""), step.uses, step.run, *map(conditions.shown, step.inputs.values())))
        for step in job.steps
    )
    return any(searching.line_of(wanted, text) for text in (*texts, str(job.body.get("uses") or "")))


def _refuse_make(words: tuple[str, ...]) -> str:
    return first_of([amount(words, 1), *(wrong_path(_file(word)) for word in words)])


def _make(words: tuple[str, ...], world: World) -> Outcome:
    names = [word.removeprefix("file=") for word in words if word.startswith("file=")]
    names = names or [name for name in (*_MAKEFILES, *_JUSTFILES) if name in world.files]
    if not names:
        return failed("there is no Makefile and no justfile")
    known: dict[str, tuple[str, int]] = {}
    reached = list(names)
    for name in reached:
        text = reading.read(world, name)
        if isinstance(text, Outcome):
            return text
        for target, line in _targets(name, text):
            known.setdefault(target, (name, line))
        more = (other for other in _included(text, world) if other not in reached)
        reached += islice(dict.fromkeys(more), _MOST_FILES - len(reached))
    asked = [word for word in words if not word.startswith("file=")]
    for word in asked:
        if word not in known:
            return failed(f"{' and '.join(names)} has no target {word}", path=names[0])
    place = known[asked[0]] if asked else (names[0], 0)
    return passed(f"{place[0]} has {', '.join(asked)}", path=place[0], line=place[1])


def _included(text: str, world: World) -> Iterator[str]:
    """The files that a Makefile includes by name or by `$(wildcard …)`; other variables are not known here."""
    for line in text.splitlines():
        found = _INCLUDE.match(line)
        for word in _WORD.findall(found[1]) if found else ():
            yield from (name for name in sorted(world.files) if matches(path(word), name))


def _targets(name: str, text: str) -> Iterator[tuple[str, int]]:
    just = posixpath.basename(name).lower().endswith("justfile") or name.endswith(".just")
    for number, line in enumerate(text.splitlines(), 1):
        if just:
            recipe = _RECIPE.match(line)
            if recipe:
                yield recipe[1] or recipe[2], number
            continue
        target = _TARGETS.match(line)
        for word in target[1].split() if target else ():
            yield word, number


def _file(word: str) -> str:
    return word.removeprefix("file=") if word.startswith("file=") else ""


def _refuse_ci(words: tuple[str, ...]) -> str:
    return amount(words, 0, 0)


def _ci(words: tuple[str, ...], world: World) -> Outcome:
    stale = sorted(world.stale_workflows(), key=lambda name: (name.startswith(".elysium/"), name))
    if stale:
        return failed(f"{stale[0]} is not what `elysium ci gen` writes today", path=stale[0])
    return passed("the generated workflows are up to date")


VERBS = (
    Verb(
        name="workflow",
        usage="workflow FILE [job NAME] [step TEXT|/PATTERN/] [trigger EVENT]…",
        summary="A workflow has the job, a step (of that job) with the text in it, and is started by the event.",
        example='workflow ci.yaml trigger pull_request job test step "elysium check"',
        refuse=_refuse_workflow,
        run=_workflow,
    ),
    Verb(
        name="make",
        usage="make TARGET… [file=PATH]",
        summary="The Makefile or the justfile has these targets.",
        example="make kind-up deploy-local",
        refuse=_refuse_make,
        run=_make,
    ),
    Verb(
        name="ci",
        usage="ci",
        summary="The generated workflows are what `elysium ci gen` would write today.",
        example="ci",
        refuse=_refuse_ci,
        run=_ci,
    ),
)
