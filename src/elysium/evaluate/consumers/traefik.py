"""What Traefik's own kinds and its annotations need (Traefik documentation, "Kubernetes CRD" and "Ingress")."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.traffic import port_text
from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["GROUPS", "annotated_middlewares", "middleware", "route", "stored_secrets", "traefik_service"]

GROUPS = ("traefik.io", "traefik.containo.us")
"""The API group of Traefik's kinds, and the one of Traefik 2."""

_MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"
_PROVIDER = "kubernetescrd"


def route(holder: Holder) -> Iterator[Use]:
    """IngressRoute, IngressRouteTCP and IngressRouteUDP: services, middlewares and certificates."""
    spec = mapping(holder.body.get("spec"))
    tcp = holder.item.kind == "IngressRouteTCP"
    for number, entry in enumerate(sequence(spec.get("routes"))):
        at: Path = ("spec", "routes", number)
        for place, service in enumerate(sequence(mapping(entry).get("services"))):
            yield from _service(holder, (*at, "services", place), mapping(service))
        for place, reference in enumerate(sequence(mapping(entry).get("middlewares"))):
            kind = "MiddlewareTCP" if tcp else "Middleware"
            yield from _named(holder, (*at, "middlewares", place), kind, mapping(reference))
    tls = mapping(spec.get("tls"))
    yield from holder.use(("spec", "tls", "secretName"), "Secret", tls.get("secretName"), Means.TLS)
    yield from _named(holder, ("spec", "tls", "options"), "TLSOption", mapping(tls.get("options")))


def traefik_service(holder: Holder) -> Iterator[Use]:
    """A TraefikService spreads over Services, or mirrors to them."""
    spec = mapping(holder.body.get("spec"))
    weighted = sequence(mapping(spec.get("weighted")).get("services"))
    for number, service in enumerate(weighted):
        yield from _service(holder, ("spec", "weighted", "services", number), mapping(service))
    mirroring = mapping(spec.get("mirroring"))
    yield from _service(holder, ("spec", "mirroring"), mirroring)
    for number, service in enumerate(sequence(mirroring.get("mirrors"))):
        yield from _service(holder, ("spec", "mirroring", "mirrors", number), mapping(service))


def middleware(holder: Holder) -> Iterator[Use]:
    """A Middleware may name users, certificates, an error page or other Middlewares."""
    spec = mapping(holder.body.get("spec"))
    for field in ("basicAuth", "digestAuth"):
        path: Path = ("spec", field, "secret")
        yield from holder.use(path, "Secret", mapping(spec.get(field)).get("secret"), Means.CREDENTIALS)
    tls = mapping(mapping(spec.get("forwardAuth")).get("tls"))
    for field in ("caSecret", "certSecret"):
        yield from holder.use(("spec", "forwardAuth", "tls", field), "Secret", tls.get(field), Means.TLS)
    yield from _service(holder, ("spec", "errors", "service"), mapping(mapping(spec.get("errors")).get("service")))
    for number, reference in enumerate(sequence(mapping(spec.get("chain")).get("middlewares"))):
        yield from _named(holder, ("spec", "chain", "middlewares", number), "Middleware", mapping(reference))


def stored_secrets(holder: Holder) -> Iterator[Use]:
    """TLSStore, TLSOption and ServersTransport name Secrets with certificates."""
    spec = mapping(holder.body.get("spec"))
    default = mapping(spec.get("defaultCertificate")).get("secretName")
    yield from holder.use(("spec", "defaultCertificate", "secretName"), "Secret", default, Means.TLS)
    for number, entry in enumerate(sequence(spec.get("certificates"))):
        path: Path = ("spec", "certificates", number, "secretName")
        yield from holder.use(path, "Secret", mapping(entry).get("secretName"), Means.TLS)
    lists = {
        ("spec", "clientAuth", "secretNames"): mapping(spec.get("clientAuth")).get("secretNames"),
        ("spec", "rootCAsSecrets"): spec.get("rootCAsSecrets"),
        ("spec", "certificatesSecrets"): spec.get("certificatesSecrets"),
    }
    for path, names in lists.items():
        for number, name in enumerate(sequence(names)):
            yield from holder.use((*path, number), "Secret", name, Means.TLS)


def annotated_middlewares(holder: Holder) -> Iterator[Use]:
    """Middlewares of an Ingress, in the form `NAMESPACE-NAME@kubernetescrd`.

    Without the provider Traefik looks for a middleware of its provider for Ingresses, which has none.
    """
    annotations = mapping(mapping(holder.body.get("metadata")).get("annotations"))
    path = ("metadata", "annotations", _MIDDLEWARES)
    for entry in text(annotations.get(_MIDDLEWARES)).split(","):
        joined = entry.strip()
        _, provider, kind = joined.rpartition("@")
        if kind == _PROVIDER:
            namespace, name = _parted(holder.index, joined.removesuffix(f"@{kind}"), holder.namespace)
            more = {"group": GROUPS[0], "namespace": namespace}
            yield from holder.use(path, "Middleware", name, Means.MIDDLEWARE, **more)
        elif not provider or kind.startswith("kube"):
            more = {"group": GROUPS[0], "namespace": "", "key": joined}
            yield from holder.use(path, "Middleware", joined, Means.MIDDLEWARE, **more)


def _parted(index: ObjectIndex, joined: str, own: str) -> tuple[str, str]:
    """Namespace and name out of a text in which both may have dashes: as they exist, else as is most likely."""
    marks = [number for number, character in enumerate(joined) if character == "-"]
    parts = [(joined[:mark], joined[mark + 1 :]) for mark in marks]
    for namespace, name in parts:
        if any(index.find(group, "Middleware", namespace, name) for group in GROUPS):
            return namespace, name
    known = {item.name for item in index.of_kind("", "Namespace")} | {own}
    return next((part for part in reversed(parts) if part[0] in known), parts[0] if parts else ("", joined))


def _service(holder: Holder, at: Path, service: dict[str, object]) -> Iterator[Use]:
    name = text(service.get("name"))
    if "@" in name or not name:
        return
    namespace = text(service.get("namespace")) or None
    if service.get("kind", "Service") == "TraefikService":
        more = {"group": GROUPS[0], "namespace": namespace}
        yield from holder.use((*at, "name"), "TraefikService", name, Means.BACKEND, **more)
    elif service.get("kind", "Service") == "Service":
        more = {"namespace": namespace, "key": port_text(service.get("port")), "key_path": (*at, "port")}  # type: ignore[dict-item]
        yield from holder.use((*at, "name"), "Service", name, Means.BACKEND, **more)


def _named(holder: Holder, at: Path, kind: str, reference: dict[str, object]) -> Iterator[Use]:
    """A kind of Traefik's own; names with `@` belong to other providers."""
    name = text(reference.get("name"))
    if name and "@" not in name:
        more = {"group": GROUPS[0], "namespace": text(reference.get("namespace")) or None}
        yield from holder.use((*at, "name"), kind, name, Means.MIDDLEWARE, **more)
