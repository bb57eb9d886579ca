"""Section 3: every object that comes, declared so that it can be compared with what a render says (requirement 0.3)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Unit
from elysium.plans.deploying.effect import New
from elysium.plans.deploying.lines import Entry, at, check, code, listing
from elysium.plans.deploying.sections.requirements import claim_check
from elysium.plans.deploying.subject import Subject
from elysium.plans.effects.declaring import declare

__all__ = ["architecture"]

_PREFIX = "architecture"
_OBSERVING = ("ServiceMonitor", "PodMonitor", "PrometheusRule")
_OWN_WORDS = ("Namespace", "Service", "PersistentVolumeClaim", "Ingress", "NetworkPolicy", "SealedSecret", "Secret")


def architecture(subject: Subject) -> str:
    """Namespaces, services, storage, network, observability, secrets, and the rest."""
    entries = (
        *_namespaces(subject),
        *_services(subject),
        *_storage(subject),
        *_network(subject),
        *_observability(subject),
        *_secrets(subject),
        *_others(subject),
        *map(_unknown, subject.effect.unknown),
    )
    declared = {impact for entry in entries for impact in entry.impact}
    more = tuple(_more(subject, declared))
    return listing((*entries, *more), subject.owner, subject.application.due)


def _of(item: New, words: str, *conditions: str) -> Entry:
    """An object that comes: declared, and looked up."""
    return Entry(
        id=f"{_PREFIX}.{item.kind}.{item.namespace + '.' if item.namespace else ''}{item.name}".lower(),
        text=words,
        checks=(check("object", item.reference, *conditions),),
        impact=(item.reference,),
    )


def _none(subject: Subject, what: str, words: str, *checks: str) -> Entry:
    told = checks or (check("check", subject.folder),)
    return Entry(id=f"{_PREFIX}.{what.lower()}", text=f"**{what}**: {words}", checks=told)


def _namespaces(subject: Subject) -> Iterator[Entry]:
    found = subject.effect.of("Namespace")
    for item in found:
        labels = mapping(mapping(item.body.get("metadata")).get("labels"))
        levels = {str(key): str(value) for key, value in labels.items() if "pod-security.kubernetes.io/" in str(key)}
        said = ", ".join(f"{key.rpartition('/')[2]} {value}" for key, value in levels.items())
        conditions = [f"{at('metadata', 'labels', key)}={value}" for key, value in levels.items()]
        words = f"**Namespaces**: {code(item.name)}" + (f", pod security: {said}" if said else "")
        yield _of(item, words, *conditions)
    if not found:
        where = f"none is new; it lives in {code(subject.namespace)}"
        yield _none(subject, "Namespaces", where, check("object", f"Namespace//{subject.namespace}"))


def _services(subject: Subject) -> Iterator[Entry]:
    found = subject.effect.of("Service")
    for item in found:
        ports = [mapping(port) for port in sequence(item.spec.get("ports"))]
        numbers = [str(port.get("port")) for port in ports]
        address = f"{item.name}.{item.namespace}.svc.cluster.local"
        places = ", ".join(code(f"{address}:{number}") for number in numbers) or code(address)
        conditions = [f"spec.ports.{place}.port={number}" for place, number in enumerate(numbers)]
        yield _of(item, f"**Services**: {places}", *conditions)
    if not found:
        yield _none(subject, "Services", f"none{subject.hidden or ', it is not called'}")


def _storage(subject: Subject) -> Iterator[Entry]:
    for claim in subject.claims:
        where = f" of class {code(claim.storage_class)}" if claim.storage_class else ""
        owner = f", made by {code(claim.holder)}" if claim.holder else ""
        yield Entry(
            id=f"{_PREFIX}.volume.{claim.namespace}.{claim.names[0]}",
            text=f"**Storage**: {', '.join(map(code, claim.names))}, {claim.size}{where}{owner}",
            checks=(claim_check(claim),),
            impact=tuple(f"PersistentVolumeClaim/{claim.namespace}/{name}" for name in claim.names),
        )
    if not subject.claims:
        yield _none(subject, "Storage", f"no volume{subject.hidden or '; it is stateless'}")


def _network(subject: Subject) -> Iterator[Entry]:
    policies, ingresses = subject.effect.of("NetworkPolicy"), subject.effect.of("Ingress")
    for item in ingresses:
        served = f" of class {code(str(item.spec['ingressClassName']))}" if item.spec.get("ingressClassName") else ""
        yield _of(item, f"**Network**: the ingress {code(item.name)}{served}")
    for item in policies:
        types = "/".join(str(kind) for kind in sequence(item.spec.get("policyTypes"))) or "Ingress"
        yield _of(item, f"**Network**: the policy {code(item.name)} for {types.lower()}")
    if not policies and not ingresses:
        yield _none(subject, "Network", "the topology stays as it is")


def _observability(subject: Subject) -> Iterator[Entry]:
    found = [*subject.effect.of(*_OBSERVING), *_dashboards(subject)]
    for item in found:
        yield _of(item, f"**Observability**: the {item.kind} {code(f'{item.namespace}/{item.name}')}")
    if not found:
        yield _none(subject, "Observability", "n/a, because no monitoring of the repository was asked for")


def _dashboards(subject: Subject) -> tuple[New, ...]:
    return tuple(item for item in subject.effect.of("ConfigMap") if item.name.startswith("dashboard-"))


def _secrets(subject: Subject) -> Iterator[Entry]:
    for item in subject.effect.of("SealedSecret", "Secret"):
        by = f", made by the chart {code(item.chart)}" if item.chart else ""
        yield _of(item, f"**Secrets**: the {item.kind} {code(f'{item.namespace}/{item.name}')}{by}")


def _others(subject: Subject) -> Iterator[Entry]:
    told = {item.reference for item in _dashboards(subject)}
    for item in subject.effect.new:
        if item.kind not in (*_OWN_WORDS, *_OBSERVING) and item.reference not in told:
            by = f", made by the chart {code(item.chart)}" if item.chart else ""
            place = f"{item.namespace}/{item.name}" if item.namespace else item.name
            yield _of(item, f"**Objects**: the {item.kind} {code(place)}{by}")


def _more(subject: Subject, declared: set[str]) -> Iterator[Entry]:
    """Everything else that differs: objects that change, and what depends on what."""
    number = 0
    for group in declare(subject.effect.base, subject.effect.head):
        for item in group.entries:
            if item.impact and item.impact not in declared:
                number += 1
                yield Entry(
                    id=f"{_PREFIX}.{group.category.value}.{number}",
                    text=f"**{group.category.value.capitalize()}**: {item.sentence}",
                    checks=(check("object", item.impact) if _is_object(item.impact) else check("render"),),
                    impact=(item.impact,),
                )


def _is_object(impact: str) -> bool:
    return impact.count("/") == 2 and ">" not in impact


def _unknown(unit: Unit) -> Entry:
    return Entry(
        id=f"{_PREFIX}.unknown.{unit.id.namespace}.{unit.id.name}",
        text=f"**Not known here**: the objects of {code(str(unit.id))}: {unit.reason or 'its source was not fetched'}",
        checks=(check("unit", str(unit.id)),),
    )
