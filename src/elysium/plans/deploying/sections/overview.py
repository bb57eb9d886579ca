"""Section 1: what is deployed, why, and what the cluster gets (requirement 0.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elysium.plans.deploying.application import NAMES_OF_METHODS
from elysium.plans.deploying.lines import Entry, check, code, decided, listing
from elysium.plans.deploying.subject import Subject

__all__ = ["method_in_words", "overview"]

_COUNTED = (
    ("Namespace", "namespace"),
    ("Service", "service"),
    ("Ingress", "ingress"),
    ("SealedSecret", "sealed secret"),
    ("NetworkPolicy", "network policy"),
    ("CronJob", "scheduled job"),
    ("ServiceMonitor", "service monitor"),
    ("PrometheusRule", "group of alerts"),
)


def overview(subject: Subject) -> str:
    """What, why, and the expected impact."""
    entries = (
        Entry(
            id="overview.what",
            text=f"**What**: {_purpose(subject)} It is deployed by {method_in_words(subject)}.",
            checks=(check("exists", subject.folder),),
        ),
        _why(subject),
        Entry(
            id="overview.impact",
            text=f"**Impact**: the cluster gets {_counted(subject)}; {_unchanged(subject)}.",
            checks=(check("render"),),
        ),
        *_open(subject),
        Entry(
            id="overview.rollback",
            text="**Way back**: reverting the commits takes it back, as section 7 says before anything is written",
            checks=_prunes(subject),
        ),
        Entry(
            id="overview.review",
            text="**Review**: whoever is concerned has reviewed this plan before step 1 begins",
            manual="who reviewed it, and where (the pull request of this file)",
        ),
    )
    return listing(entries, subject.owner, subject.application.due)


def method_in_words(subject: Subject) -> str:
    """The deployment method in half a sentence."""
    method = subject.method
    version = method.version or str(subject.value("chart_version") or subject.value("source_version"))
    if method.key in ("official-chart", "community-chart"):
        whose = "its owner's" if method.key == "official-chart" else "the community's"
        return f"{whose} chart {code(method.name)} {version} of {method.source}"
    if method.key == "official-kustomize":
        return f"the official manifests {code(method.name)} of {method.source}, release {version}"
    if method.key == "onechart":
        return f"the generic chart `onechart` {version}, with the image {code(subject.application.image)}"
    if subject.application.preset:
        return f"manifests by the preset {code(subject.application.preset)}, version {subject.effect.version}"
    image = f" with the image {code(subject.application.image)}" if subject.application.image else ""
    return f"manifests of this repository{image} ({NAMES_OF_METHODS[method.key].lower()})"


def _prunes(subject: Subject) -> tuple[str, ...]:
    applier = subject.effect.applier(subject.facts.apps_overlay)
    if applier is None:
        return (check("render"),)
    return (check("object", f"Kustomization/{applier[0].namespace}/{applier[0].name}", "spec.prune=true"),)


def _purpose(subject: Subject) -> str:
    said = subject.application.purpose or f"Deploy {subject.name} into the namespace {code(subject.namespace)}"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _why(subject: Subject) -> Entry:
    why = subject.application.why
    if not why:
        return Entry(id="overview.why", text="**Why**: nobody has said why it is needed", decision=True)
    choice = decided("wanted", why, by=subject.owner, date=subject.today)
    return Entry(id="overview.why", text=f"**Why**: {why}", decided=choice)


def _open(subject: Subject) -> Iterator[Entry]:
    """What the rules find in it already now: an answer of the component settles it before anything is written."""
    for number, finding in enumerate(subject.effect.findings, 1):
        yield Entry(
            id=f"overview.open.{number}",
            text=f"**Open**: {code(finding.file)}: {finding.message}" + (f" ({finding.hint})" if finding.hint else ""),
            checks=(check("check", finding.file, f"rules={finding.rule}", "fail-on=warning"),),
        )


def _counted(subject: Subject) -> str:
    counts = Counter(item.kind for item in subject.effect.new)
    parts = [_many(counts[kind], word) for kind, word in _COUNTED if counts[kind]]
    if subject.claims:
        sizes = [claim.size for claim in subject.claims for _ in claim.names]
        parts.append(f"{_many(len(sizes), 'volume')} ({', '.join(sizes)})")
    if subject.effect.unknown:
        parts.append("what its source brings, which was not fetched and is not known here")
    return ", ".join(parts)


def _many(number: int, word: str) -> str:
    plural = {"ingress": "ingresses", "network policy": "network policies", "group of alerts": "groups of alerts"}
    return f"{number} {word}" if number == 1 else f"{number} {plural.get(word, f'{word}s')}"


def _unchanged(subject: Subject) -> str:
    changed = [change.path for change in subject.effect.files if change.before is not None]
    return (
        f"of what is there, only {', '.join(map(code, changed))} change" if changed else "nothing that is there changes"
    )
