"""Every reference from an object of a cluster to another that it cannot do without.

`consumers(index)` lists them, `of(index, kind, namespace, name)` says who needs one object. Names are those of the
rendered objects, so prefixes and hashes of Kustomize are in them.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers import (
    certificates,
    embedded,
    external_secrets,
    flux,
    gateway,
    monitoring,
    pods,
    storage,
    traefik,
    traffic,
)
from elysium.evaluate.consumers.use import Holder, Means, Reader, Use
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import workloads

__all__ = ["READ_GROUPS", "Means", "Use", "consumers", "of", "of_kind"]

_ROUTES = {(gateway.GROUP, kind): (gateway.route,) for kind in gateway.ROUTES}
_TRAEFIK = {
    (group, kind): (reader,)
    for group in traefik.GROUPS
    for kind, reader in {
        "IngressRoute": traefik.route,
        "IngressRouteTCP": traefik.route,
        "IngressRouteUDP": traefik.route,
        "TraefikService": traefik.traefik_service,
        "Middleware": traefik.middleware,
        "TLSStore": traefik.stored_secrets,
        "TLSOption": traefik.stored_secrets,
        "ServersTransport": traefik.stored_secrets,
        "ServersTransportTCP": traefik.stored_secrets,
    }.items()
}
_FLUX = {
    (f"{part}.toolkit.fluxcd.io", kind): (reader,)
    for part, kind, reader in (
        *(("source", kind, flux.source) for kind in ("GitRepository", "HelmRepository", "OCIRepository", "Bucket")),
        ("image", "ImageRepository", flux.source),
        ("image", "ImageUpdateAutomation", flux.reconciler),
        ("notification", "Provider", flux.notification),
        ("notification", "Receiver", flux.notification),
        ("kustomize", "Kustomization", flux.reconciler),
    )
}
_RELEASES = {("helm.toolkit.fluxcd.io", "HelmRelease"): (flux.reconciler, embedded.values)}
_MONITORS = {
    ("monitoring.coreos.com", kind): (monitoring.monitor,)
    for kind in ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig", "AlertmanagerConfig")
}

_READERS: dict[tuple[str, str], tuple[Reader, ...]] = {
    ("", "PersistentVolumeClaim"): (storage.claim,),
    ("", "PersistentVolume"): (storage.volume,),
    ("", "ServiceAccount"): (storage.service_account,),
    ("apps", "StatefulSet"): (storage.stateful_set,),
    ("storage.k8s.io", "StorageClass"): (storage.storage_class,),
    ("snapshot.storage.k8s.io", "VolumeSnapshotClass"): (storage.storage_class,),
    ("networking.k8s.io", "Ingress"): (traffic.ingress, traefik.annotated_middlewares, certificates.annotated_issuer),
    ("apiregistration.k8s.io", "APIService"): (traffic.api_service,),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): (traffic.resource_definition,),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): (traffic.webhooks,),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): (traffic.webhooks,),
    (gateway.GROUP, "Gateway"): (gateway.gateway, certificates.annotated_issuer),
    (certificates.GROUP, "Certificate"): (certificates.certificate,),
    (certificates.GROUP, "Issuer"): (certificates.issuer,),
    (certificates.GROUP, "ClusterIssuer"): (certificates.issuer,),
    (external_secrets.GROUP, "ExternalSecret"): (external_secrets.external_secret,),
    (external_secrets.GROUP, "ClusterExternalSecret"): (external_secrets.external_secret,),
    (external_secrets.GROUP, "PushSecret"): (external_secrets.push_secret,),
    (external_secrets.GROUP, "SecretStore"): (external_secrets.store,),
    (external_secrets.GROUP, "ClusterSecretStore"): (external_secrets.store,),
    ("fluxcd.controlplane.io", "ResourceSet"): (flux.reconciler,),
    ("fluxcd.controlplane.io", "ResourceSetInputProvider"): (flux.source,),
    **{("monitoring.coreos.com", kind): (monitoring.server,) for kind in monitoring.SERVERS},
    **_MONITORS,
    **_ROUTES,
    **_TRAEFIK,
    **_FLUX,
    **_RELEASES,
}

READ_GROUPS = frozenset(group for group, _ in _READERS) - {"fluxcd.controlplane.io"}
"""API groups whose objects are understood: what one of them mentions beyond its uses means nothing."""

_UNDERSTOOD = READ_GROUPS | {"bitnami.com", "onepassword.com", "fluxcd.controlplane.io"}


def consumers(index: ObjectIndex) -> tuple[Use, ...]:
    """Every use in a cluster. Computed once for an index; pods that only a test of a chart makes are left out."""
    found: tuple[Use, ...] | None = index.__dict__.get("consumers")
    if found is None:
        found = tuple(_read(index))
        index.__dict__["consumers"] = found
    return found


def of_kind(index: ObjectIndex, kind: str) -> tuple[Use, ...]:
    """The uses of all objects of a kind."""
    grouped: dict[str, list[Use]] | None = index.__dict__.get("consumers_by_kind")
    if grouped is None:
        grouped = {}
        for use in consumers(index):
            grouped.setdefault(use.kind, []).append(use)
        index.__dict__["consumers_by_kind"] = grouped
    return tuple(grouped.get(kind, ()))


def of(index: ObjectIndex, kind: str, namespace: str, name: str) -> tuple[Use, ...]:
    """Who needs one object."""
    return tuple(use for use in of_kind(index, kind) if (use.namespace, use.name) == (namespace, name))


def _read(index: ObjectIndex) -> Iterator[Use]:
    for workload in workloads(index):
        if not _is_test(workload.item.hook):
            yield from pods.of_workload(Holder(item=workload.item, body=workload.body, index=index), workload)
    for (group, kind), readers in _READERS.items():
        for item in index.of_kind(group, kind):
            holder = Holder(item=item, body=index.body(item), index=index)
            for reader in readers:
                yield from reader(holder)
    for (group, _), items in index.kinds.items():
        if "." in group and group not in _UNDERSTOOD and not group.endswith((".k8s.io", ".toolkit.fluxcd.io")):
            for item in items:
                yield from embedded.custom_object(Holder(item=item, body=index.body(item), index=index))


def _is_test(hook: object) -> bool:
    events = getattr(hook, "events", ())
    return bool(events) and all(event in ("test", "test-success", "test-failure") for event in events)
