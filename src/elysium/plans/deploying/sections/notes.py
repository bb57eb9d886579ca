"""What every step says besides its files: what it means for security, and how it is told that it is right."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.workloads import mapping
from elysium.plans.deploying.lines import Entry, at, check, code
from elysium.plans.deploying.sections.backups import backup_entries
from elysium.plans.deploying.sections.requirements import claim_check, resource_checks
from elysium.plans.deploying.sections.values import COUNTS, value_entry
from elysium.plans.deploying.subject import Subject

__all__ = ["notes"]

_PATCHED = ("replicaCount:", "replicas:", "memory:", "cpu:")


def notes(subject: Subject, step: int) -> tuple[Entry, ...]:
    """The notes of a step; the checks of a rule stand where the files are written that it judges."""
    return tuple(_NOTES[step](subject)) if step in _NOTES else ()


def _base(subject: Subject) -> Iterator[Entry]:
    levels = []
    for item in subject.effect.of("Namespace"):
        labels = mapping(mapping(item.body.get("metadata")).get("labels"))
        levels += [
            check("object", item.reference, f"{at('metadata', 'labels', str(key))}={value}")
            for key, value in labels.items()
            if str(key) == "pod-security.kubernetes.io/enforce"
        ]
    text = "**Security**: the namespace enforces a level of pod security"
    yield Entry(
        id="S1.security", text=text, checks=tuple(levels) or (check("check", subject.folder, "rules=pod-security"),)
    )


def _application(subject: Subject) -> Iterator[Entry]:
    release = subject.release
    for workload in subject.servers:
        conditions = [
            condition
            for container in workload.containers
            if container.role == "main"
            for condition in resource_checks(workload, container)
        ]
        reference = f"{workload.item.kind}/{workload.namespace}/{workload.item.name}"
        if conditions:
            said = f"{reference} has its requests and limits"
            declared = mapping(workload.body.get("spec")).get("replicas")
            count = [f"spec.replicas={declared}"] if isinstance(declared, int) else []
            yield Entry(
                id=f"S2.{workload.item.name}", text=said, checks=(check("object", reference, *count, *conditions),)
            )
    if subject.claims:
        checks = tuple(map(claim_check, subject.claims))
        yield Entry(id="S2.storage", text="Every volume has its size", checks=checks)
    yield from value_entry(subject, COUNTS, "S2.instances", "How many instances")
    yield from backup_entries(subject)
    if release:
        checks = (check("unit", f"hr/{release.namespace}/{release.name}"),)
        yield Entry(id="S2.release", text="The release renders with these values", checks=checks)
    yield Entry(
        id="S2.rules",
        text="Requests, limits, probes and volumes are as the rules ask",
        checks=(check("check", subject.folder, "rules=sizing,health,storage"),),
    )
    yield Entry(
        id="S2.security",
        text="**Security**: its pods run without root, with a read-only file system, and closed to everybody else",
        checks=(check("check", subject.folder, "rules=pod-security,network"),),
    )


def _secrets(subject: Subject) -> Iterator[Entry]:
    for name in sorted({f"{item.namespace}/{item.name}" for item in subject.sealed}):
        keys = [item.key for item in subject.sealed if f"{item.namespace}/{item.name}" == name]
        text = f"The secret {code(name)} has the keys {', '.join(map(code, keys))}"
        if (release := subject.release) and name.partition("/")[2] in str(release.spec.get("valuesFrom")):
            text += f"; {code(release.reference)} takes them by `valuesFrom`"
        yield Entry(id=f"S3.{name.replace('/', '.')}", text=text, checks=(check("secret", name, *keys),))
    for where in subject.effect.placeholders:
        yield Entry(
            id=f"S3.given.{where.replace('/', '.')}",
            text=f"Seal the real value of {code(where)}: until then it holds a random one",
            manual=f"the value of {where} was sealed, and works",
        )
    if subject.sealed:
        text = "**Security**: every reference leads to a sealed secret, and nothing stands in the clear"
        yield Entry(id="S3.security", text=text, checks=(check("check", subject.folder, "rules=secrets,references"),))
    else:
        text = "**Security**: it needs no secret, so none is sealed"
        yield Entry(
            id="S3.security",
            text=text,
            checks=(check("no-object", f"SealedSecret/{subject.namespace}/{subject.name}-*"),),
        )


def _ingress(subject: Subject) -> Iterator[Entry]:
    found = subject.effect.of("Ingress")
    for item in found:
        served = item.spec.get("ingressClassName")
        conditions = [f"spec.ingressClassName={served}"] if served else []
        if item.spec.get("tls"):
            conditions.append("spec.tls")
        yield Entry(
            id=f"S4.{item.name}",
            text=f"The ingress {code(item.name)} leads to the service" + (" with TLS" if item.spec.get("tls") else ""),
            checks=(check("object", item.reference, *conditions),),
        )
    if found:
        text = "**Security**: class, host, port, issuer and TLS secret agree"
        yield Entry(id="S4.security", text=text, checks=(check("check", subject.folder, "rules=ingress"),))
    else:
        text = "**Security**: no ingress is written, so it is not reached from outside"
        yield Entry(id="S4.security", text=text, checks=(check("no-object", subject.own_ingresses),))


def _monitoring(subject: Subject) -> Iterator[Entry]:
    where = f"{subject.facts.monitoring_configs}/{subject.name}"
    if any(change.path.startswith(f"{where}/") for change in subject.effect.files):
        text = "Monitors select a service, expressions and dashboards can be read"
        yield Entry(id="S5.rules", text=text, checks=(check("check", where, "rules=monitoring"),))
        text = "**Security**: metrics are read from the monitoring namespace only, and hold no secret"
        yield Entry(id="S5.security", text=text, checks=(check("check", subject.folder, "rules=network"),))
    else:
        text = "**Security**: nothing is scraped, because it has no metrics or the repository no monitoring"
        yield Entry(id="S5.security", text=text, checks=(check("absent", where),))


def _overlay(subject: Subject) -> Iterator[Entry]:
    patch = f"{subject.facts.apps_overlay}/{subject.name}-patch.yaml"
    if any(change.path == patch for change in subject.effect.files):
        lines = [line.strip() for line in subject.text(patch).splitlines()]
        said = [line for line in dict.fromkeys(lines) if line.startswith(_PATCHED)]
        text = "The patch meets its target" + (f", and says {', '.join(map(code, said))}" if said else "")
        checks = [check("check", patch, "rules=build"), *([check("contains", patch, *said)] if said else [])]
        yield Entry(id="S6.patch", text=text, checks=tuple(checks))
    if subject.effect.of("Namespace"):
        text = f"The cluster gets the application: {code(f'Namespace//{subject.namespace}')}"
        yield Entry(id="S6.rendered", text=text, checks=(check("object", f"Namespace//{subject.namespace}"),))
    text = "**Security**: from here on it is applied; no rule of the security profile finds anything in it"
    yield Entry(id="S6.security", text=text, checks=(check("check", subject.folder, "profile=security"),))


_NOTES = {1: _base, 2: _application, 3: _secrets, 4: _ingress, 5: _monitoring, 6: _overlay}
