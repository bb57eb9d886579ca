"""A new plan, filled from the repository. Nothing of the repository is changed by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from elysium.api.plan_effects import base_commit, draft_deployment, effect_of, relies_of
from elysium.api.plan_world import PlanWorld
from elysium.api.scaffolding import Request, Scaffolder
from elysium.api.selecting import today
from elysium.api.workspace import Workspace
from elysium.plans import deploying, kinds
from elysium.plans.deploying import Question
from elysium.plans.document.claims import SIGNS
from elysium.plans.document.parsing import parse
from elysium.plans.exporting.fixing import fix_marks
from elysium.plans.kinds import drafting
from elysium.plans.kinds.ground import Ground
from elysium.plans.progress.verifying import verify
from elysium.plans.types import PlannedComponent, Reliance
from elysium.sealing.key_pairs import new_sealing_key

__all__ = ["Asking", "Wanted", "draft_plan"]

Asking = Callable[[Question], str]
"""Asks a person; an empty answer is none."""

_DEPLOY = "deploy-app"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is planned: its kind and name, what a file (`app.toml`) says of an application, and options, which win."""

    kind: str
    name: str
    described: Mapping[str, Any] = {}
    options: Mapping[str, Any] = {}
    path: str = "PLAN.md"


def draft_plan(workspace: Workspace, wanted: Wanted, ask: Asking | None = None) -> str:
    """The text of a new plan. `ask` is called for what nobody said and the repository does not tell.

    Raises UsageError for a kind or an answer that is none, PlanError for an application that cannot be planned.
    """
    kind = kinds.find(wanted.kind).name
    if kind == _DEPLOY:
        return _deployment(workspace, wanted, ask)
    answers = {key: str(value) for key, value in wanted.options.items()}
    components = drafting.components_of(kind, wanted.name, answers)
    scaffolder = _scaffolder(workspace)
    effect = effect_of(workspace, components[0]) if len(components) == 1 else None
    ground = Ground(
        facts=scaffolder.facts,
        commit=base_commit(workspace),
        today=today().isoformat(),
        files=workspace.tree.files.keys(),
        render=workspace.render(),
        effect=effect,
        relies=() if effect else _relies(workspace, scaffolder, components),
        path=wanted.path,
    )
    return _with_marks(workspace, drafting.draft(kind, wanted.name, ground, answers))


def _deployment(workspace: Workspace, wanted: Wanted, ask: Asking | None) -> str:
    facts = _scaffolder(workspace).facts
    described = {**wanted.described, "name": wanted.name}
    options = _sorted(wanted.options)
    application = deploying.with_facts(deploying.application_of(described, options), facts)
    if ask:
        said = {
            question.key: answer for question in deploying.questions(application, facts) if (answer := ask(question))
        }
        application = deploying.with_facts(deploying.application_of(described, {**options, **said}), facts)
    return draft_deployment(workspace, application)


def _with_marks(workspace: Workspace, text: str) -> str:
    """The draft with the marks that are so in this repository, where it has marks."""
    if not any(sign in text for sign in SIGNS):
        return text
    plan = parse(text)
    return fix_marks(plan, verify(plan, PlanWorld(workspace)))


def _sorted(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options that describe no application are answers of the component, which knows what they mean."""
    known = {name.replace("_", "-") for name in deploying.Application.__struct_fields__}
    answers = {name: value for name, value in options.items() if name not in known}
    own = {name: value for name, value in options.items() if name in known}
    return {**own, "answers": {**own.get("answers", {}), **answers}} if answers else own


def _scaffolder(workspace: Workspace) -> Scaffolder:
    """A scaffolder that only plans: where there is no certificate yet, it seals for a key that is thrown away."""
    found = Scaffolder.of(workspace)
    return found if found.facts.certificate else Scaffolder.of(workspace, certificate=new_sealing_key()[1])


def _relies(
    workspace: Workspace, scaffolder: Scaffolder, components: Sequence[PlannedComponent]
) -> tuple[Reliance, ...]:
    """The files that several components would change, as they are now."""
    for item in components:
        scaffolder.add(Request(kind=item.kind, name=item.name, preset=item.preset, answers=item.answers), needs=True)
    return relies_of(workspace, scaffolder.result)
