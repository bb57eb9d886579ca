"""Section 2: what has to be there first, and what it takes (requirement 0.2)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.workloads import Container, Workload, mapping, sequence
from elysium.plans.deploying.effect import New
from elysium.plans.deploying.lines import Entry, at, check, code, listing
from elysium.plans.deploying.sections.values import RESOURCES, STORAGE, value_entry
from elysium.plans.deploying.subject import Claim, Subject

__all__ = ["access_entry", "claim_check", "requirements", "resource_checks"]


def requirements(subject: Subject) -> str:
    """Dependencies, resources, storage, secrets, access and prerequisites."""
    entries = (
        _dependencies(subject),
        *_backup_storage(subject),
        *_resources(subject),
        *value_entry(subject, RESOURCES, "requirements.resources.values", "**Resources**"),
        *_storage(subject),
        *value_entry(subject, STORAGE, "requirements.storage.values", "**Storage**"),
        *_secrets(subject),
        access_entry(subject, "requirements.access"),
        *_prerequisites(subject),
    )
    return listing(entries, subject.owner, subject.application.due)


def _dependencies(subject: Subject) -> Entry:
    applier = subject.effect.applier(subject.facts.apps_overlay)
    chain = subject.effect.chain(applier[0]) if applier else ()
    if len(chain) < 2:
        text = "**Dependencies**: none; no Kustomization has to be applied before"
        return Entry(id="requirements.dependencies", text=text, checks=(check("render"),))
    return Entry(
        id="requirements.dependencies",
        text=f"**Dependencies**: {code(chain[-1])} applies it, after {' and '.join(map(code, reversed(chain[:-1])))}",
        checks=(check("chain", ">".join(chain)),),
    )


def _backup_storage(subject: Subject) -> Iterator[Entry]:
    """The driver of cloud storage, where the repository has one and the application's backups use its program."""
    jobs = [item for item in subject.workloads if item.item.kind == "CronJob"]
    drivers = subject.effect.before.of_kind("storage.k8s.io", "CSIDriver")
    rclone = next((item for item in drivers if "rclone" in item.name), None)
    uses = any("rclone" in str(container.body.get("image")) for job in jobs for container in job.containers)
    if uses and rclone:
        yield Entry(
            id="requirements.dependencies.backups",
            text=f"**Dependencies for backups**: cloud storage by rclone; the driver {code(rclone.name)} is there",
            checks=(check("object", f"CSIDriver//{rclone.name}"),),
        )
    elif uses:
        yield Entry(
            id="requirements.dependencies.backups",
            text="**Dependencies for backups**: rclone copies them to cloud storage by itself; no driver is needed",
            checks=tuple(
                check("object", f"CronJob/{job.namespace}/{job.item.name}", "contains", "rclone") for job in jobs
            ),
        )


def resource_checks(workload: Workload, container: Container) -> tuple[str, ...]:
    """Conditions of what a container reserves and is held to."""
    found = []
    resources = mapping(container.body.get("resources"))
    for side in ("requests", "limits"):
        for name, amount in mapping(resources.get(side)).items():
            path = (*map(str, container.path[:-1]), container.name, "resources", side, str(name))
            found.append(f"{at(*path)}={amount}")
    return tuple(found)


def _resources(subject: Subject) -> Iterator[Entry]:
    for workload in subject.servers:
        for container in workload.containers:
            conditions = resource_checks(workload, container)
            if container.role != "main" or not conditions:
                continue
            resources = mapping(container.body.get("resources"))
            amounts = [
                f"{side} {', '.join(f'{name} {amount}' for name, amount in mapping(resources.get(side)).items())}"
                for side in ("requests", "limits")
                if mapping(resources.get(side))
            ]
            reference = f"{workload.item.kind}/{workload.namespace}/{workload.item.name}"
            count = f", {workload.replicas} of them" if (workload.replicas or 1) > 1 else ""
            yield Entry(
                id=f"requirements.resources.{workload.item.name}.{container.name}",
                text=f"**Resources** of {code(workload.item.name)}, container {code(container.name)}: "
                f"{'; '.join(amounts)}{count}",
                checks=(check("object", reference, *conditions),),
            )
    if not subject.servers:
        yield _declared_resources(subject)


def _declared_resources(subject: Subject) -> Entry:
    """What was asked for, where the chart that would set it is not here to be rendered."""
    asked = ", ".join(
        f"{key.replace('_', ' ')} {subject.value(key)}"
        for key in ("cpu", "memory", "memory_limit")
        if subject.value(key)
    )
    where = subject.effect.unknown
    checks = tuple(check("unit", str(unit.id)) for unit in where) or (check("check", subject.folder),)
    reason = "; its source was not fetched, so the pods are not known here" if where else ""
    return Entry(
        id="requirements.resources", text=f"**Resources**: {asked or 'those of its source'}{reason}", checks=checks
    )


def claim_check(claim: Claim) -> str:
    """The check that a volume has its size and class."""
    where = [f"class={claim.storage_class}"] if claim.storage_class else []
    return check("claim", f"{claim.namespace}/{claim.names[0]}", f"size={claim.size}", *where)


def _storage(subject: Subject) -> Iterator[Entry]:
    for claim in subject.claims:
        where = f" of class {code(claim.storage_class)}" if claim.storage_class else ""
        yield Entry(
            id=f"requirements.storage.{claim.names[0]}",
            text=f"**Storage**: {claim.size}{where} for {', '.join(map(code, claim.names))}",
            checks=(claim_check(claim),),
        )
    if not subject.claims:
        existing = str(subject.value("existing_claim"))
        none = f"none{subject.hidden}" if subject.hidden else "none; it keeps nothing"
        text = f"the claim {code(existing)} that is there" if existing else none
        checks = (
            (check("object", f"PersistentVolumeClaim/{subject.namespace}/{existing}"),)
            if existing
            else (check("no-object", f"PersistentVolumeClaim/{subject.namespace}/{subject.name}-data"),)
        )
        yield Entry(id="requirements.storage", text=f"**Storage**: {text}", checks=checks)


def _secrets(subject: Subject) -> Iterator[Entry]:
    for item in subject.sealed:
        yield Entry(
            id=f"requirements.secrets.{item.namespace}.{item.name}.{item.key}",
            text=f"**Secrets**: the key {code(item.key)} of {code(f'{item.namespace}/{item.name}')}",
            checks=(check("secret", f"{item.namespace}/{item.name}", item.key),),
        )
    if not subject.sealed:
        checks = (check("no-object", f"SealedSecret/{subject.namespace}/{subject.name}-*"),)
        yield Entry(
            id="requirements.secrets",
            text=f"**Secrets**: none{subject.hidden or '; it needs no credentials'}",
            checks=checks,
        )


def access_entry(subject: Subject, identifier: str) -> Entry:
    """Whether it is reached from outside, and where."""
    ingresses = subject.effect.of("Ingress")
    if not ingresses:
        return Entry(
            id=identifier,
            text=f"**Access**: from inside the cluster only, no ingress{subject.hidden}",
            checks=(check("no-object", subject.own_ingresses),),
        )
    hosts = ", ".join(sorted({host for item in ingresses for host in _hosts(item)}))
    return Entry(
        id=identifier,
        text=f"**Access**: {' and '.join(subject.reached) or 'from outside'}, as {hosts or 'a name of the tailnet'}",
        checks=tuple(check("object", item.reference) for item in ingresses),
    )


def _hosts(item: New) -> Iterator[str]:
    for rule in map(mapping, sequence(item.spec.get("rules"))):
        if rule.get("host"):
            yield code(str(rule["host"]))
    for entry in map(mapping, sequence(item.spec.get("tls"))):
        yield from (code(str(host)) for host in sequence(entry.get("hosts")))


def _prerequisites(subject: Subject) -> Iterator[Entry]:
    facts = subject.facts
    for name in sorted({claim.storage_class for claim in subject.claims} - {""}):
        yield _served(subject, "storage.k8s.io", "StorageClass", name)
    for name in sorted({str(item.spec.get("ingressClassName", "")) for item in subject.effect.of("Ingress")} - {""}):
        yield _served(subject, "networking.k8s.io", "IngressClass", name)
    for item in subject.effect.of("Certificate"):
        reference = mapping(item.spec.get("issuerRef"))
        issuer, kind = str(reference.get("name", "")), str(reference.get("kind", "Issuer"))
        space = "" if kind == "ClusterIssuer" else item.namespace
        yield Entry(
            id=f"requirements.prerequisites.issuer.{item.name}",
            text=f"**Prerequisites**: the issuer {code(issuer)} signs {code(item.name)}",
            checks=(check("object", f"{kind}/{space}/{issuer}"),),
        )
    if subject.sealed:
        where = facts.certificate or "etc/certs/pub-sealed-secrets.pem"
        text = f"**Prerequisites**: secrets are sealed with the certificate {code(where)}"
        yield Entry(id="requirements.prerequisites.sealing", text=text, checks=(check("exists", where),))
    for quota in subject.effect.before.of_kind("", "ResourceQuota"):
        if quota.namespace == subject.namespace:
            text = f"**Prerequisites**: it fits into the quota {code(quota.name)} of the namespace"
            checks = (check("object", f"ResourceQuota/{quota.namespace}/{quota.name}"), check("check", "rules=sizing"))
            yield Entry(id=f"requirements.prerequisites.quota.{quota.name}", text=text, checks=checks)
    for kind in ("ServiceMonitor", "PrometheusRule"):
        if subject.effect.of(kind):
            yield _monitoring_kind(subject, kind)


def _served(subject: Subject, group: str, kind: str, name: str) -> Entry:
    """A class of storage or ingress: as an object where the render has it, or attested."""
    known = bool(subject.effect.before.find(group, kind, "", name))
    text = f"**Prerequisites**: the {kind} {code(name)}"
    identifier = f"requirements.prerequisites.{name}"
    if known:
        return Entry(id=identifier, text=text, checks=(check("object", f"{kind}//{name}"),))
    return Entry(
        id=identifier, text=f"{text}, which the cluster or a chart brings", manual="the cluster serves this class"
    )


def _monitoring_kind(subject: Subject, kind: str) -> Entry:
    definitions = subject.effect.before.of_kind("apiextensions.k8s.io", "CustomResourceDefinition")
    plural = f"{kind.lower()}s.monitoring.coreos.com"
    known = any(item.name == plural for item in definitions)
    text = f"**Prerequisites**: the kind {code(kind)} of the Prometheus operator"
    identifier = f"requirements.prerequisites.{kind.lower()}"
    if known:
        return Entry(id=identifier, text=text, checks=(check("object", f"CustomResourceDefinition//{plural}"),))
    return Entry(id=identifier, text=text, checks=(check("count", f"{kind}/*/*", ">=", "1"),))
