"""Charts and overlays of the repository that need no cluster: what each renders to by itself."""

from __future__ import annotations

from elysium.evaluate import ObjectIndex
from elysium.model import Render, RenderedObject, UnitState
from elysium.plans.checks import rendered
from elysium.plans.checks.arguments import amount, first_of, object_pattern, path, wrong_asked, wrong_path
from elysium.plans.checks.objects import judge_bodies
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS"]

_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def _split(words: tuple[str, ...]) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Values files, settings, and what is asked of the objects."""
    files = [word[7:] for word in words if word.startswith("values=")]
    settings = [word[4:] for word in words if word.startswith("set=")]
    return files, settings, tuple(word for word in words if not word.startswith(("values=", "set=")))


def _refuse_chart(words: tuple[str, ...]) -> str:
    files, settings, asked = _split(words[1:])
    wrong = amount(words, 1) or first_of(map(wrong_path, (words[0], *files)))
    setting = next((text for text in settings if "=" not in text.strip("=")), "")
    return wrong or (f"{setting!r} is no KEY=VALUE" if setting else "") or _wrong_objects(asked)


def _refuse_overlay(words: tuple[str, ...]) -> str:
    return amount(words, 1) or wrong_path(words[0]) or _wrong_objects(words[1:])


def _wrong_objects(asked: tuple[str, ...]) -> str:
    return (object_pattern(asked[0]) or wrong_asked(asked[1:])) if asked else ""


def _chart(words: tuple[str, ...], world: World) -> Outcome:
    files, settings, asked = _split(words[1:])
    directory = path(words[0])
    for name in (f"{directory}/Chart.yaml", *files):
        if world.read(path(name)) is None:
            return failed(f"there is no file {path(name)}", path=path(name))
    return _judged(world.chart(directory, [path(name) for name in files], settings), directory, asked)


def _overlay(words: tuple[str, ...], world: World) -> Outcome:
    directory = path(words[0])
    if not any(f"{directory}/{name}" in world.files for name in _KUSTOMIZATIONS):
        return failed(f"there is no kustomization in {directory}", path=directory)
    return _judged(world.overlay(directory), directory, words[1:])


def _judged(render: Render, directory: str, asked: tuple[str, ...]) -> Outcome:
    unit = render.units[0]
    if unit.state is not UnitState.RENDERED:
        told = failed if unit.state is UnitState.FAILED else unknown
        return told(f"{directory} does not render: {unit.reason}", path=directory)
    if not asked:
        return passed(f"{directory} renders {len(unit.objects)} objects", path=directory)
    index = ObjectIndex(render.units)
    found = rendered.matching_in(index, asked[0]) or _anywhere(index, asked[0])
    if not found:
        return failed(f"{directory} renders no {asked[0]}", path=directory)
    return judge_bodies([(item, index.body(item)) for item in found], asked[1:], asked[0])


def _anywhere(index: ObjectIndex, pattern: str) -> list[RenderedObject]:
    """`Kind/name` in any namespace: a chart is rendered for one that nobody has chosen."""
    kind, namespace, name = rendered.parts(pattern)
    return rendered.matching_in(index, f"{kind}/*/{name}") if not namespace else []


VERBS = (
    Verb(
        name="chart",
        usage="chart DIRECTORY [values=FILE]… [set=KEY=VALUE]… [KIND/NAME [CONDITION…] [contains TEXT]…]",
        summary="A chart of the repository renders (`helm template`), with such an object in it.",
        example="chart charts/api set=enabled=true Deployment/* spec.replicas=1",
        refuse=_refuse_chart,
        run=_chart,
    ),
    Verb(
        name="overlay",
        usage="overlay DIRECTORY [KIND/NAMESPACE/NAME [CONDITION…] [contains TEXT]…]",
        summary="A kustomization builds by itself (`kustomize build`), with such an object in it.",
        example="overlay k8s/overlays/staging Deployment/apps/api spec.replicas>=2",
        refuse=_refuse_overlay,
        run=_overlay,
    ),
)
