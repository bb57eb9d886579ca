"""The document of a deploy-app plan: front part, ten sections, in Markdown that people read in a pull request."""

from __future__ import annotations

from collections.abc import Callable

from elysium.errors import PlanError
from elysium.plans.deploying.application import Application
from elysium.plans.deploying.effect import Effect
from elysium.plans.deploying.lines import heading, uncommented
from elysium.plans.deploying.method import Method
from elysium.plans.deploying.sections.architecture import architecture
from elysium.plans.deploying.sections.documentation import documentation
from elysium.plans.deploying.sections.flux import flux
from elysium.plans.deploying.sections.monitoring import monitoring
from elysium.plans.deploying.sections.overview import overview
from elysium.plans.deploying.sections.requirements import requirements
from elysium.plans.deploying.sections.rollback import rollback
from elysium.plans.deploying.sections.security import security
from elysium.plans.deploying.sections.steps import steps
from elysium.plans.deploying.sections.testing import testing
from elysium.plans.deploying.subject import Subject
from elysium.plans.document.annotating import block
from elysium.plans.types import PlannedComponent
from elysium.plans.words import join
from elysium.scaffold import RepositoryFacts

__all__ = ["draft"]

_SECTIONS: tuple[tuple[str, str, Callable[[Subject], str]], ...] = (
    ("Overview", "overview", overview),
    ("Requirements", "requirements", requirements),
    ("Architecture impact", "architecture", architecture),
    ("Implementation steps", "steps", steps),
    ("Flux configuration", "flux", flux),
    ("Testing plan", "tests", testing),
    ("Rollback plan", "rollback", rollback),
    ("Documentation updates", "documentation", documentation),
    ("Security considerations", "security", security),
    ("Monitoring and alerting", "monitoring", monitoring),
)


def draft(application: Application, facts: RepositoryFacts, effect: Effect, method: Method, today: str = "") -> str:
    """The plan's Markdown with its annotations. Raises PlanError where the application is there already."""
    if effect.conflicts:
        first = effect.conflicts[0]
        hint = "choose another name; a change of what is there is planned as infrastructure or refactoring"
        raise PlanError(f"{first.path} {first.reason or 'is there already'}", subject=application.name, hint=hint)
    subject = Subject(application=application, facts=facts, effect=effect, method=method, today=today)
    title = f"Implementation plan: deploy {application.name}"
    parts = [
        _document(subject, title),
        heading(1, title),
        "\n".join(
            heading(2, f"{number}. {name}", _keys(subject, key)) + write(subject)
            for number, (name, key, write) in enumerate(_SECTIONS, 1)
        ),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _keys(subject: Subject, key: str) -> list[tuple[str, str]]:
    pairs = [("section", key), ("owner", subject.owner), ("due", subject.application.due)]
    return [(name, value) for name, value in pairs if value]


def _document(subject: Subject, title: str) -> str:
    pairs = [
        ("kind", "deploy-app"),
        ("name", subject.name),
        ("title", title),
        ("base", subject.effect.commit),
        ("created", subject.today),
        *(("relies", f"{item.path}@{item.digest}") for item in subject.effect.relies),
        ("component", _component(subject.effect.component)),
    ]
    return block([(key, value) for key, value in pairs if value])


def _component(component: PlannedComponent) -> str:
    """What `elysium new` is given, in one line: `app/wiki preset=… key=value`."""
    pairs = [f"preset={component.preset}"] if component.preset else []
    pairs += [f"{key}={_answer(value)}" for key, value in component.answers.items()]
    for pair in pairs:
        if uncommented(pair) != pair:
            hint = "an answer in a plan holds no mark of an HTML comment"
            raise PlanError(f"{pair.partition('=')[0]} cannot be written down", subject=component.name, hint=hint)
    return join([f"{component.kind}/{component.name}", *pairs])


def _answer(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    if isinstance(value, dict):
        return ",".join(f"{key}={inner}" for key, inner in value.items())
    return str(value)
