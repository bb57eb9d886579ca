"""The checklists that people work through by hand, and what each line comes down to here.

A profile is a checklist: what to do before committing (`pre-commit`), what a reviewer looks at (`review`), the five
parts of a security section (`security`), the seven principles of GitOps (`gitops`). A line is made of topics and single
rules; every rule of the profile belongs to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from elysium.check import registry
from elysium.check.rule import Topic
from elysium.check.suppression import UNUSED
from elysium.model import Finding, Unit, UnitKind, UnitState

__all__ = ["CHECKLISTS", "Checklist", "Line", "LineResult", "line_of_rule", "lines_of_rule", "results"]

_BUILD = (Topic.BUILD, Topic.SUBSTITUTION, Topic.FLUX)
_RELEASES = frozenset({UnitKind.HELM_RELEASE})
_FOR_READERS = "whether the text still tells the truth is for a reader"
_OF_FILES = {Topic.SYNTAX, Topic.CODE, Topic.WORKFLOWS, Topic.CONVENTIONS, Topic.DOCUMENTATION}
_OTHERS = frozenset({UnitKind.KUSTOMIZATION, UnitKind.RESOURCE_SET})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `rules` come before `topics` when a rule is looked up. `units` are the kinds whose builds it is about:
    it is undecided while one of them is unknown. `unchecked` says why no rule can tell.
    """

    title: str
    topics: tuple[Topic, ...] = ()
    rules: tuple[str, ...] = ()
    units: frozenset[UnitKind] = frozenset()
    unchecked: str = ""


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a profile under their title."""

    title: str
    lines: tuple[Line, ...]


class LineResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a line comes down to: `pass`, `found` or `unknown`; how many findings, about which objects, and why not."""

    title: str
    state: str
    findings: int = 0
    objects: tuple[str, ...] = ()
    reason: str = ""


CHECKLISTS = {
    "pre-commit": Checklist(
        title="before committing",
        lines=(
            Line(title="yamllint", topics=(Topic.SYNTAX, Topic.CODE, Topic.WORKFLOWS), rules=("yaml-style",)),
            Line(title="kustomize build", topics=_BUILD, units=_OTHERS),
            Line(title="helm template", rules=("values-schema", "unread-value"), units=_RELEASES),
            Line(title="no plaintext secrets", topics=(Topic.SECRETS,)),
            Line(title="limits", topics=(Topic.SIZING, Topic.SCHEDULING)),
            Line(title="probes", topics=(Topic.HEALTH,)),
            Line(
                title="documentation updated",
                topics=(Topic.DOCUMENTATION, Topic.CONVENTIONS),
                unchecked=_FOR_READERS,
            ),
            Line(
                title="tested locally: rendered, and objects held against schemas and one another",
                topics=(
                    Topic.SCHEMA,
                    Topic.VERSIONS,
                    Topic.REFERENCES,
                    Topic.AVAILABILITY,
                    Topic.STORAGE,
                    Topic.POD_SECURITY,
                    Topic.ACCESS,
                    Topic.NETWORK,
                    Topic.INGRESS,
                    Topic.IMAGES,
                    Topic.MONITORING,
                    Topic.GITOPS,
                    Topic.POLICY,
                ),
                units=_RELEASES | _OTHERS,
            ),
        ),
    ),
    "review": Checklist(
        title="review",
        lines=(
            Line(
                title="security practice",
                topics=(
                    Topic.POD_SECURITY,
                    Topic.ACCESS,
                    Topic.NETWORK,
                    Topic.INGRESS,
                    Topic.IMAGES,
                    Topic.WORKFLOWS,
                    Topic.POLICY,
                ),
            ),
            Line(
                title="Kubernetes conventions",
                topics=(
                    Topic.SYNTAX,
                    Topic.SCHEMA,
                    Topic.VERSIONS,
                    Topic.HEALTH,
                    Topic.AVAILABILITY,
                    Topic.STORAGE,
                    Topic.MONITORING,
                    Topic.CONVENTIONS,
                    Topic.CODE,
                ),
            ),
            Line(title="Flux patterns", topics=(*_BUILD, Topic.GITOPS), units=_RELEASES | _OTHERS),
            Line(
                title="dependencies declared",
                topics=(Topic.REFERENCES,),
                rules=("dangling-dependency", "dependency-cycle", "deadlock", "dangling-source"),
            ),
            Line(title="secrets sealed", topics=(Topic.SECRETS,)),
            Line(title="sizing", topics=(Topic.SIZING, Topic.SCHEDULING)),
            Line(
                title="documentation complete",
                topics=(Topic.DOCUMENTATION,),
                unchecked=_FOR_READERS,
            ),
        ),
    ),
    "security": Checklist(
        title="security",
        lines=(
            Line(title="secret management approach", topics=(Topic.SECRETS, Topic.SUBSTITUTION, Topic.CONVENTIONS)),
            Line(title="RBAC and service accounts", topics=(Topic.ACCESS,)),
            Line(title="network policies and isolation", topics=(Topic.NETWORK, Topic.INGRESS)),
            Line(title="pod security contexts", topics=(Topic.POD_SECURITY, Topic.POLICY)),
            Line(
                title="image security and scanning",
                topics=(Topic.IMAGES, Topic.WORKFLOWS, Topic.CODE, Topic.FLUX, Topic.VERSIONS, Topic.GITOPS),
            ),
        ),
    ),
    "gitops": Checklist(
        title="GitOps principles",
        lines=(
            Line(
                title="Git is the single source of truth",
                topics=(
                    Topic.REFERENCES,
                    Topic.SECRETS,
                    Topic.STORAGE,
                    Topic.ACCESS,
                    Topic.SCHEDULING,
                    Topic.NETWORK,
                    Topic.INGRESS,
                    Topic.MONITORING,
                ),
            ),
            Line(
                title="declarative, not imperative",
                topics=(
                    Topic.SYNTAX,
                    Topic.SCHEMA,
                    Topic.SIZING,
                    Topic.HEALTH,
                    Topic.POD_SECURITY,
                    Topic.POLICY,
                    Topic.CODE,
                    Topic.DOCUMENTATION,
                    Topic.GITOPS,
                ),
            ),
            Line(title="Flux deploys", topics=_BUILD, units=_RELEASES | _OTHERS),
            Line(title="version control", topics=(Topic.VERSIONS, Topic.IMAGES)),
            Line(
                title="audit trail",
                topics=(Topic.WORKFLOWS,),
                unchecked="who may push and what is signed are settings of the code host",
            ),
            Line(title="rollback by revert", topics=(Topic.AVAILABILITY,), rules=("job-cleanup",)),
            Line(title="environments separated by overlays", topics=(Topic.CONVENTIONS,)),
        ),
    ),
}
"""Checklists by profile."""


def lines_of_rule(checklist: Checklist, rule: str, topic: Topic) -> tuple[Line, ...]:
    """The lines that findings of a rule may belong to: one, unless builds have a line for each kind of unit."""
    kinds = (None, *UnitKind)
    found = (line_of_rule(checklist, rule, topic, kind) for kind in kinds)
    return tuple(dict.fromkeys(line for line in found if line is not None))


def line_of_rule(checklist: Checklist, rule: str, topic: Topic, kind: UnitKind | None = None) -> Line | None:
    """The line that a finding of a rule belongs to. Builds go to that for their kind of unit, where there is one."""
    named = next((line for line in checklist.lines if rule in line.rules), None)
    if named is not None:
        return named
    own = next((line for line in checklist.lines if kind in line.units), None) if topic in _BUILD else None
    return own or next((line for line in checklist.lines if topic in line.topics), None)


def results(profile: str, findings: Iterable[Finding], units: Sequence[Unit]) -> tuple[LineResult, ...]:
    """What every line of a profile comes down to; nothing for a profile without a checklist."""
    checklist = CHECKLISTS.get(profile)
    if checklist is None:
        return ()
    by_line: dict[str, list[Finding]] = {}
    for finding in findings:
        line = line_of_rule(checklist, finding.rule, _topic(finding.rule), finding.unit.kind if finding.unit else None)
        by_line.setdefault(line.title if line else checklist.lines[-1].title, []).append(finding)
    return tuple(_result(line, by_line.get(line.title, []), units) for line in checklist.lines)


def _topic(rule: str) -> Topic:
    """The topic of a rule; those that the repository brings along are policies."""
    if rule == UNUSED.id:
        return UNUSED.topic
    return registry.load(rule).rule.topic if rule in registry.PIPELINE else Topic.POLICY


def _result(line: Line, findings: list[Finding], units: Sequence[Unit]) -> LineResult:
    unknown = [unit for unit in units if unit.state is UnitState.UNKNOWN]
    if findings:
        objects = dict.fromkeys(str(finding.object) for finding in findings if finding.object)
        return LineResult(title=line.title, state="found", findings=len(findings), objects=tuple(objects))
    if line.unchecked:
        return LineResult(title=line.title, state="unknown", reason=line.unchecked)
    own = [unit for unit in unknown if unit.id.kind in line.units]
    if own:
        count = f"{len(own)} unit is" if len(own) == 1 else f"{len(own)} units are"
        return LineResult(title=line.title, state="unknown", reason=f"{count} unknown offline")
    if not unknown or _OF_FILES.issuperset(line.topics):
        return LineResult(title=line.title, state="pass", reason="")
    count = f"{len(unknown)} unit that is" if len(unknown) == 1 else f"{len(unknown)} units that are"
    return LineResult(title=line.title, state="pass", reason=f"without {count} unknown offline")
