"""How far a plan is, as one HTML page that needs nothing else: no network, no script at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources

from jinja2 import Environment, StrictUndefined

from elysium import __version__
from elysium.plans.exporting.fixing import Misstated
from elysium.plans.progress.verification import ItemResult, Verification
from elysium.plans.types import Mark, PartKind
from elysium.present.console import plain
from elysium.present.plans_groups import groups, late_items
from elysium.present.plans_words import (
    SIGNS,
    commit_of,
    contradictions_of,
    counted,
    evidence_text,
    part_name,
    results_text,
    title_of,
)

__all__ = ["status_html"]


def status_html(found: Verification, *, by: Sequence[str] = ("phase",), claims: Iterable[Misstated] = ()) -> str:
    """The numbers, a table of the groups, every item with its reason and evidence, and what contradicts."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = plain
    text = resources.files("elysium.present").joinpath("templates/plan.html").read_text(encoding="utf-8")
    wrong = list(claims)
    contradictions, registered = contradictions_of(found, wrong)
    states = counted(item.state for item in found.items)
    return environment.from_string(text).render(
        plan=found,
        title=title_of(found),
        version=__version__,
        signs=SIGNS,
        states=[(SIGNS[mark], number, mark.value) for mark, number in states.items() if number],
        results=results_text(found),
        by=by,
        rows=groups(found, by),
        sections=_sections(found),
        late=late_items(found),
        later=[item for item in found.items if item.state is Mark.DEFERRED],
        claims=wrong,
        contradictions=contradictions,
        registered=registered,
        commit=commit_of(found),
        evidence=evidence_text,
    )


def _sections(found: Verification) -> list[tuple[str, list[ItemResult]]]:
    """The items below the phase that they are in, or else the section or the step, in the order of the plan."""
    names = {(part.kind, part.key or part.number): part_name(part) for part in found.parts}
    sections: dict[str, list[ItemResult]] = {}
    for item in found.items:
        kind, value = next(
            (pair for pair in ((PartKind.PHASE, item.phase), (PartKind.STEP, item.step)) if pair[1]),
            (PartKind.SECTION, item.section),
        )
        sections.setdefault(names.get((kind, value), value) or "Other items", []).append(item)
    return list(sections.items())
