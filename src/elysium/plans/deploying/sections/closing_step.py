"""Step 7: what can only be seen in the cluster, with the commands that show it; offline these are unknown."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.workloads import mapping, sequence
from elysium.plans.deploying.lines import Entry, check, code
from elysium.plans.deploying.subject import Subject

__all__ = ["closing_step", "functional_entries", "run"]


def run(command: str) -> str:
    """A check by a command, which runs only where that is allowed."""
    return check("run", *command.split())


def closing_step(subject: Subject) -> Iterator[Entry]:
    """Commit, reconcile, look at the pods, try it."""
    applier = subject.effect.applier(subject.facts.apps_overlay)
    name = applier[0].name if applier else "apps"
    yield Entry(
        id="S7.commit",
        text="Commit, push, and let a second person review it",
        checks=(
            check("exists", f".elysium/app/{subject.name}.toml"),
            run(f"git diff --exit-code HEAD -- {subject.folder}"),
        ),
    )
    command = f"flux reconcile kustomization {name} --with-source"
    seen = (run(f"flux get kustomizations {name}"),)
    yield Entry(id="S7.reconcile", text=f"Flux reconciles it: {code(command)}", checks=seen)
    if subject.release:
        command = f"flux get helmreleases -n {subject.namespace} {subject.release.name}"
        yield Entry(id="S7.release", text=f"The release is ready: {code(command)}", checks=(run(command),))
    command = f"kubectl get pods -n {subject.namespace}"
    text = f"The pods run, without a restart, as the restricted user: {code(command)}"
    yield Entry(id="S7.pods", text=text, checks=(run(command),))
    yield from functional_entries(subject, "S7")
    for item in subject.effect.of("CronJob"):
        command = f"kubectl get cronjob -n {item.namespace} {item.name}"
        yield Entry(
            id=f"S7.{item.name}",
            text=f"The backup is scheduled ({item.spec.get('schedule')}): {code(command)}",
            checks=(check("schedule", f"{item.namespace}/{item.name}"), run(command)),
        )
    yield Entry(
        id="S7.security",
        text="**Security**: no secret stands in the commits",
        checks=(check("check", subject.folder, "rules=secrets"),),
    )


def functional_entries(subject: Subject, prefix: str) -> Iterator[Entry]:
    """How it is tried: a connection to a database, an address that answers, or the service from inside the cluster."""
    service = next(iter(subject.effect.of("Service")), None)
    if subject.application.preset == "postgresql" and service:
        address = f"{service.name}.{service.namespace}.svc.cluster.local"
        command = f"psql -h {address} -U postgres"
        pod = f"{service.name}-primary-0"
        inside = f"kubectl exec -n {service.namespace} {pod} -- psql -U postgres -c SELECT(1)"
        yield Entry(id=f"{prefix}.connection", text=f"It takes connections: {code(command)}", checks=(run(inside),))
        return
    hosts = sorted(_hosts(subject))
    path = subject.application.health or "/"
    for host in hosts:
        address = f"https://{host}{path}"
        yield Entry(
            id=f"{prefix}.answers.{host}", text=f"It answers at {code(address)}", checks=(check("http", address),)
        )
    if not hosts:
        where = f"svc/{service.name}" if service else f"deploy/{subject.name}"
        command = f"kubectl get endpoints -n {subject.namespace} {service.name if service else subject.name}"
        text = f"It answers inside the cluster ({code(where)}): {code(command)}"
        yield Entry(id=f"{prefix}.answers", text=text, checks=(run(command),))


def _hosts(subject: Subject) -> Iterator[str]:
    """Names that it answers by, as a browser is given them."""
    tailnet = subject.facts.variables.get("TAILNET", "")
    for item in subject.effect.of("Ingress"):
        found = [str(mapping(rule).get("host") or "") for rule in sequence(item.spec.get("rules"))]
        if item.spec.get("ingressClassName") == "tailscale":
            entries = map(mapping, sequence(item.spec.get("tls")))
            found = [f"{host}.{tailnet}" for entry in entries for host in sequence(entry.get("hosts")) if tailnet]
        yield from (host for host in found if host and "$" not in host and "*" not in host)
