"""An Ingress of class `tailscale` that the Tailscale operator does not serve as it is written.

Every such Ingress becomes a machine of the tailnet, whose name is the first label of the first host under `tls`; its
certificate comes from Tailscale. A rule with another host is ignored ("rule with host … ignored, unsupported"), and so
is a backend without an address of the cluster. What is left when nothing else leads anywhere is a machine that serves
nothing: an error. (Tailscale documentation, "Expose cluster workloads to your tailnet with Ingress", and the operator's
handling of rules.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers.use import text
from elysium.evaluate.routing import ingress_class
from elysium.evaluate.services import service
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="ts-ingress",
    severity=Severity.WARNING,
    summary="an Ingress of Tailscale is not served as it is written",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)

Problem = tuple[Path, str, str, Severity]


def check(context: Context) -> Iterator[Finding]:
    """One finding for each part of an Ingress that the operator reads otherwise than it looks."""
    for index in context.objects.values():
        machines: dict[str, RenderedObject] = {}
        for item in index.of_kind("networking.k8s.io", "Ingress"):
            body = index.body(item)
            if ingress_class(body) != "tailscale":
                continue
            spec = mapping(body.get("spec"))
            hosts = [host for entry in sequence(spec.get("tls")) for host in sequence(mapping(entry).get("hosts"))]
            problems = (
                *_names(hosts),
                *_rules(spec, hosts),
                *_backends(index, item, spec),
                *_taken(item, hosts, machines),
            )
            for path, message, hint, severity in problems:
                at = in_object(context, item, path)
                yield about_object(RULE, item, at, f"{item}: {message}", hint=hint, severity=severity)


def _names(hosts: list[Any]) -> Iterator[Problem]:
    """The name of the machine."""
    if not hosts:
        hint = "name it: tls: [{hosts: [NAME]}]"
        yield ("spec",), "without a host under tls the machine is called NAMESPACE-NAME-ingress", hint, Severity.WARNING
    first = text(hosts[0]) if hosts else ""
    if "." in first and not first.endswith(".ts.net"):
        label = first.partition(".")[0]
        message = f"the machine is called {label}, in the domain of the tailnet: {first} leads nowhere"
        yield _host(0), message, f"write {label} alone, or {label}.TAILNET.ts.net", Severity.WARNING
    if len(hosts) > 1:
        message = f"only the first host counts, {hosts[1]} leads nowhere"
        yield ("spec", "tls"), message, "make one Ingress for each name", Severity.WARNING


def _rules(spec: dict[str, Any], hosts: list[Any]) -> Iterator[Problem]:
    """Rules with another host than that under `tls`."""
    wanted = hosts[0] if hosts else ""
    rules = [mapping(rule) for rule in sequence(spec.get("rules"))]
    ignored = [number for number, rule in enumerate(rules) if text(rule.get("host")) and rule.get("host") != wanted]
    nothing = len(ignored) == len(rules) and not spec.get("defaultBackend")
    for number in ignored:
        host = rules[number].get("host")
        message = f"the rule for {host} is ignored, the host under tls is {wanted or 'not there'}"
        if nothing:
            message += ", so nothing is served"
        severity = Severity.ERROR if nothing else Severity.WARNING
        hint = "leave the host of the rule out, or write it as it stands under tls"
        yield ("spec", "rules", number, "host"), message, hint, severity


def _backends(index: ObjectIndex, item: RenderedObject, spec: dict[str, Any]) -> Iterator[Problem]:
    """The proxy asks the address of the Service, which a headless one does not have."""
    places: list[tuple[Path, Any]] = [(("spec", "defaultBackend"), spec.get("defaultBackend"))]
    for number, rule in enumerate(sequence(spec.get("rules"))):
        for place, entry in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
            path: Path = ("spec", "rules", number, "http", "paths", place, "backend")
            places.append((path, mapping(entry).get("backend")))
    for at, backend in places:
        name = text(mapping(mapping(backend).get("service")).get("name"))
        found = service(index, item.namespace, name)
        if found is not None and (found.headless or found.external):
            message = f"the backend {found.item} has no address in the cluster, and is ignored"
            hint = "name a Service of type ClusterIP that is not headless"
            yield (*at, "service", "name"), message, hint, Severity.ERROR


def _taken(item: RenderedObject, hosts: list[Any], machines: dict[str, RenderedObject]) -> Iterator[Problem]:
    label = text(hosts[0]).partition(".")[0].lower() if hosts else ""
    first = machines.setdefault(label, item) if label else item
    if first is not item:
        message = f"the name {label} is that of {first}, too: one of the two gets another"
        yield _host(0), message, "choose another name", Severity.WARNING


def _host(number: int) -> Path:
    return ("spec", "tls", 0, "hosts", number)
