"""Section 6: tests of the six classes; each has a check that runs, or says why there is nothing to test (0.6)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.deploying.lines import Entry, check, code, listing
from elysium.plans.deploying.sections.closing_step import functional_entries, run
from elysium.plans.deploying.sections.requirements import resource_checks
from elysium.plans.deploying.subject import Subject

__all__ = ["testing"]


def testing(subject: Subject) -> str:
    """Pre-deployment, deployment, functional, integration, performance and security."""
    entries = (
        *_before(subject),
        *_deployment(subject),
        *_named("Functional", _functional(subject)),
        *_named("Integration", _integration(subject)),
        *_named("Performance", _performance(subject)),
        *_named("Security", _security(subject)),
    )
    return listing(entries, subject.owner, subject.application.due)


def _named(label: str, entries: Iterator[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield Entry(
            id=entry.id, text=f"**{label}**: {entry.text}", checks=entry.checks, manual=entry.manual, needs=entry.needs
        )


def _before(subject: Subject) -> Iterator[Entry]:
    yield Entry(
        id="tests.before.rules",
        text=f"**Pre-deployment**: `elysium check` finds nothing in {code(subject.folder)}",
        checks=(check("check", subject.folder, "fail-on=warning"),),
    )
    yield Entry(
        id="tests.before.manifests",
        text="**Pre-deployment**: every manifest is valid for the version of Kubernetes",
        checks=(check("manifest", subject.folder),),
    )
    release = subject.release
    if release:
        command = f"elysium render --unit hr/{release.namespace}/{release.name}"
        text = f"**Pre-deployment**: the chart renders with its values, as `helm template` would: {code(command)}"
        yield Entry(
            id="tests.before.chart", text=text, checks=(check("unit", f"hr/{release.namespace}/{release.name}"),)
        )


def _deployment(subject: Subject) -> Iterator[Entry]:
    text = "**Deployment**: everything that the cluster applies renders"
    yield Entry(id="tests.deployment.render", text=text, checks=(check("render"),))
    for item in subject.effect.of("HelmRelease", "Kustomization"):
        kind = "helmreleases" if item.kind == "HelmRelease" else "kustomizations"
        command = f"flux get {kind} -n {item.namespace} {item.name}"
        text = f"**Deployment**: {code(item.reference)} becomes ready: {code(command)}"
        yield Entry(id=f"tests.deployment.{item.kind.lower()}.{item.name}", text=text, checks=(run(command),))
    command = f"kubectl get events -n {subject.namespace} --field-selector type=Warning"
    text = f"**Deployment**: no warnings among the events: {code(command)}"
    yield Entry(id="tests.deployment.events", text=text, checks=(run(command),))


def _functional(subject: Subject) -> Iterator[Entry]:
    yield from functional_entries(subject, "tests.functional")
    for item in subject.effect.of("Service"):
        if not item.chart:
            ports = [str(port.get("port")) for port in item.spec.get("ports") or () if isinstance(port, dict)]
            places = [f"{item.namespace}/{item.name}:{port}" for port in ports]
            if places:
                text = f"the service {code(item.name)} leads to pods that listen on its port"
                yield Entry(id=f"tests.functional.{item.name}", text=text, checks=(check("service", *places),))
    if subject.application.preset == "postgresql":
        text = "a test database is created, and a row that is inserted is read again"
        yield Entry(
            id="tests.functional.data", text=text, manual="the test database was made, filled, read and dropped"
        )


def _integration(subject: Subject) -> Iterator[Entry]:
    text = "every Secret, ConfigMap and claim that it names is there"
    yield Entry(
        id="tests.integration.references", text=text, checks=(check("check", subject.folder, "rules=references"),)
    )
    for item in subject.effect.of("CronJob"):
        name = f"{item.namespace}/{item.name}"
        command = f"kubectl create job -n {item.namespace} --from=cronjob/{item.name} {item.name}-trial"
        checks = (check("schedule", name), run(f"kubectl get jobs -n {item.namespace}"))
        yield Entry(
            id=f"tests.integration.{item.name}", text=f"the backup job completes: {code(command)}", checks=checks
        )
        yield Entry(
            id=f"tests.integration.{item.name}.restore",
            text="a restore from the newest backup works, into a place of another name (README, Backup and restore)",
            manual="a restore was tried, and its data compared",
        )


def _performance(subject: Subject) -> Iterator[Entry]:
    for workload in subject.servers:
        conditions = [
            condition
            for container in workload.containers
            if container.role == "main"
            for condition in resource_checks(workload, container)
        ]
        if conditions:
            reference = f"{workload.item.kind}/{workload.namespace}/{workload.item.name}"
            yield Entry(
                id=f"tests.performance.{workload.item.name}",
                text=f"{code(reference)} stays within what it reserves and is held to",
                checks=(check("object", reference, *conditions),),
            )
    command = f"kubectl top pods -n {subject.namespace} --containers"
    text = f"what it uses after a day, against what it reserves: {code(command)}"
    yield Entry(id="tests.performance.usage", text=text, checks=(run(command),))
    if subject.application.preset == "postgresql":
        service = f"{subject.name}.{subject.namespace}.svc.cluster.local"
        command = f"pgbench -h {service} -U postgres -c 10 -T 60 postgres"
        yield Entry(
            id="tests.performance.pgbench",
            text=f"transactions a second under load: {code(command)}",
            manual="pgbench ran, and its figures were noted",
        )


def _security(subject: Subject) -> Iterator[Entry]:
    text = "pods, rights, network, secrets and images are as the security profile asks"
    yield Entry(id="tests.security.profile", text=text, checks=(check("check", subject.folder, "profile=security"),))
    for item in subject.effect.of("NetworkPolicy"):
        text = f"the policy {code(item.name)} closes what it does not name"
        yield Entry(id=f"tests.security.{item.name}", text=text, checks=(check("object", item.reference),))
    if subject.sealed:
        checks = (check("check", subject.folder, "rules=secrets"),)
        yield Entry(id="tests.security.sealed", text="secrets are encrypted in Git", checks=checks)
