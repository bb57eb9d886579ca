"""What Ingresses, webhooks and aggregated APIs need: Services, classes and certificates."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["api_service", "ingress", "port_text", "resource_definition", "webhooks"]

_CLASS_ANNOTATION = "kubernetes.io/ingress.class"


def ingress(holder: Holder) -> Iterator[Use]:
    """An Ingress names its class, the Services behind it and the Secrets of its certificates."""
    spec = mapping(holder.body.get("spec"))
    yield from _class(holder, spec)
    yield from _backend(holder, ("spec", "defaultBackend"), spec.get("defaultBackend"))
    for number, rule in enumerate(sequence(spec.get("rules"))):
        for place, entry in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
            at = ("spec", "rules", number, "http", "paths", place, "backend")
            yield from _backend(holder, at, mapping(entry).get("backend"))
    for number, entry in enumerate(sequence(spec.get("tls"))):
        path = ("spec", "tls", number, "secretName")
        yield from holder.use(path, "Secret", mapping(entry).get("secretName"), Means.TLS)


def webhooks(holder: Holder) -> Iterator[Use]:
    """A webhook configuration names the Services that the API server asks."""
    for number, webhook in enumerate(sequence(holder.body.get("webhooks"))):
        config = mapping(mapping(webhook).get("clientConfig"))
        yield from _called(holder, ("webhooks", number, "clientConfig", "service"), config.get("service"))


def resource_definition(holder: Holder) -> Iterator[Use]:
    """A CustomResourceDefinition may name the Service that converts between its versions, if it has more than one."""
    spec = mapping(holder.body.get("spec"))
    served = [entry for entry in sequence(spec.get("versions")) if mapping(entry).get("served") is not False]
    if len(served) < 2:
        return
    webhook = mapping(mapping(spec.get("conversion")).get("webhook"))
    at = ("spec", "conversion", "webhook", "clientConfig", "service")
    yield from _called(holder, at, mapping(webhook.get("clientConfig")).get("service"))


def api_service(holder: Holder) -> Iterator[Use]:
    """An APIService names the Service that answers for its group."""
    yield from _called(holder, ("spec", "service"), mapping(holder.body.get("spec")).get("service"))


def port_text(port: object) -> str:
    """A port by name or number, as `Use.key` has it."""
    return str(port) if isinstance(port, int) and not isinstance(port, bool) else text(port)


def _class(holder: Holder, spec: dict[str, object]) -> Iterator[Use]:
    annotations = mapping(mapping(holder.body.get("metadata")).get("annotations"))
    more = {"group": "networking.k8s.io", "namespace": ""}
    if spec.get("ingressClassName"):
        path: Path = ("spec", "ingressClassName")
        yield from holder.use(path, "IngressClass", spec.get("ingressClassName"), Means.CLASS, **more)
    else:
        path = ("metadata", "annotations", _CLASS_ANNOTATION)
        more["optional"] = True  # type: ignore[assignment]  # the annotation needs no IngressClass object
        yield from holder.use(path, "IngressClass", annotations.get(_CLASS_ANNOTATION), Means.CLASS, **more)


def _backend(holder: Holder, at: Path, backend: object) -> Iterator[Use]:
    service = mapping(mapping(backend).get("service"))
    port = mapping(service.get("port"))
    field = "name" if port.get("name") else "number"
    at = (*at, "service")
    more = {"key": port_text(port.get(field)), "key_path": (*at, "port", field)}
    yield from holder.use((*at, "name"), "Service", service.get("name"), Means.BACKEND, **more)


def _called(holder: Holder, at: Path, service: object) -> Iterator[Use]:
    """A Service with a namespace and a port, 443 unless it is said."""
    body = mapping(service)
    more = {
        "namespace": text(body.get("namespace")),
        "key": port_text(body.get("port")) or "443",
        "key_path": (*at, "port"),
    }
    yield from holder.use((*at, "name"), "Service", body.get("name"), Means.WEBHOOK, **more)
