"""A first draft of a plan: its template, filled in with what the repository has and what somebody answered."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from elysium.errors import PlanError, UsageError
from elysium.plans.document import annotating
from elysium.plans.document.composing import component_words
from elysium.plans.document.parsing import parse
from elysium.plans.kinds import adoption, custom, infrastructure, previews, refactoring
from elysium.plans.kinds.definition import Kind
from elysium.plans.kinds.ground import Ground
from elysium.plans.kinds.registry import find
from elysium.plans.kinds.rendering import one_line, render
from elysium.plans.types import PlannedComponent

__all__ = ["components_of", "draft"]

Values = Callable[[str, Ground, Mapping[str, str]], dict[str, Any]]
Components = Callable[[str, Mapping[str, str]], tuple[PlannedComponent, ...]]

_VALUES: Mapping[str, Values] = {
    "infrastructure": infrastructure.values,
    "refactoring": refactoring.values,
    "preview-environments": previews.values,
    "cluster-adoption": adoption.values,
    "custom": custom.values,
}
_COMPONENTS: Mapping[str, Components] = {
    "infrastructure": infrastructure.components,
    "preview-environments": previews.components,
    "cluster-adoption": adoption.components,
}


def components_of(kind: str, name: str, answers: Mapping[str, str]) -> tuple[PlannedComponent, ...]:
    """What carrying out such a plan writes, in its order. Raises UsageError for an answer that there is not."""
    _require_known(find(kind), answers)
    found = _COMPONENTS.get(find(kind).name)
    return found(name, answers) if found else ()


def draft(kind: str, name: str, ground: Ground, answers: Mapping[str, str]) -> str:
    """The text of a new plan of any kind but `deploy-app`. Raises UsageError for a kind or an answer that is none."""
    definition = find(kind)
    if definition.name not in _VALUES:
        hint = "`elysium.plans.deploying` makes plans of this kind"
        raise PlanError(f"a plan of kind {definition.name} is not made from a template", hint=hint)
    _require_known(definition, answers)
    given = {key: one_line(value) for key, value in answers.items()}
    name = one_line(name)
    if not name:
        raise UsageError("a plan has a name", hint="elysium plan new KIND NAME")
    values = _VALUES[definition.name](name, ground, given)
    shared = {"name": name, "repository": ground.facts, "owner": given.get("owner", ""), "today": ground.today}
    body = render(f"{definition.name}.md", {**shared, **values})
    text = annotating.block(_head(definition, name, ground, components_of(kind, name, given))) + "\n" + body
    _require_readable(text)
    return text


def _require_readable(text: str) -> None:
    """Refuses answers of which no plan can be made: an address that is none, an object that nobody can look up."""
    try:
        parse(text)
    except PlanError as error:
        hint = "an answer is not what its name says: docs/plans/kinds.md tells them"
        raise UsageError(f"no plan can be made of these answers: {error.message}", hint=hint) from error


def _head(kind: Kind, name: str, ground: Ground, components: tuple[PlannedComponent, ...]) -> Iterator[tuple[str, str]]:
    yield "kind", kind.name
    yield "name", name
    for key, value in (("base", ground.commit), ("created", ground.today)):
        if value:
            yield key, value
    relies = {item.path: item for item in (*(ground.effect.relies if ground.effect else ()), *ground.relies)}
    for path in sorted(relies):
        yield "relies", f"{path}@{relies[path].digest}"
    for component in components:
        yield "component", component_words(component)


def _require_known(kind: Kind, answers: Mapping[str, str]) -> None:
    """Refuses an answer that the kind does not ask for; what a component is not asked, it refuses itself."""
    for key in answers:
        if key not in kind.answers and not kind.parameters:
            near = difflib.get_close_matches(key, kind.answers, 1)
            known = f"perhaps {near[0]}" if near else f"there are {', '.join(kind.answers) or 'none'}"
            raise UsageError(f"a plan of kind {kind.name} does not ask for {key!r}", hint=known)
