"""What a repository says of itself, so that nobody is asked for it: its cluster, its folders, and what it offers.

Two things speak: the objects that a render gives (an IngressClass, a StorageClass, an issuer, the variables of
`cluster-vars`), and the records of components that were written before, which say what they offer also where a chart is
not at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.workloads import mapping
from elysium.scaffold.contents import Image

__all__ = ["RepositoryFacts", "offers_of", "with_objects", "with_offers"]

_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
_VARIABLES = "cluster-vars"
_INTEL_PLUGIN = "intel-gpu-plugin"


class RepositoryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that templates see as `repository`. What is not known is empty.

    `directory` and `overlay` are where the cluster's files and patches are, unless it is as usual. `unapplied` are
    places that nothing may be written to, with the reason.
    """

    cluster: str
    directory: str = ""
    overlay: str = ""
    unapplied: dict[str, str] = {}
    apps_base: str = "apps/base"
    controllers: str = "infrastructure/controllers"
    configs: str = "infrastructure/configs"
    monitoring_controllers: str = "monitoring/controllers"
    monitoring_configs: str = "monitoring/configs"
    certificate: str = ""
    variables: dict[str, str] = {}
    namespaces: tuple[str, ...] = ()
    storage_class: str = ""
    offers: tuple[str, ...] = ()
    url: str = ""
    owner: str = ""
    project: str = ""
    branch: str = "main"
    flux: str = ""
    kubernetes: str = ""
    charts: tuple[str, ...] = ()
    images: dict[str, Image] = {}

    @property
    def cluster_path(self) -> str:
        """Where the cluster's own files are."""
        return self.directory or f"clusters/{self.cluster}"

    @property
    def apps_overlay(self) -> str:
        """Where the cluster's patches of applications are."""
        return self.overlay or f"apps/{self.cluster}"

    @property
    def ingress_classes(self) -> tuple[str, ...]:
        """Names of what serves Ingresses."""
        return self._named("ingress-class/")

    @property
    def storage_classes(self) -> tuple[str, ...]:
        """Names of what makes volumes."""
        return self._named("storage-class/")

    @property
    def cluster_issuers(self) -> tuple[str, ...]:
        """Names of what signs certificates."""
        return self._named("cluster-issuer/")

    def has(self, offer: str) -> bool:
        """Whether something there offers this."""
        return offer in self.offers

    def _named(self, prefix: str) -> tuple[str, ...]:
        return tuple(offer.removeprefix(prefix) for offer in self.offers if offer.startswith(prefix))


def with_offers(facts: RepositoryFacts, offers: Iterable[str]) -> RepositoryFacts:
    """The facts with more that is offered."""
    return msgspec.structs.replace(facts, offers=tuple(sorted({*facts.offers, *offers})))


def with_objects(facts: RepositoryFacts, index: ObjectIndex) -> RepositoryFacts:
    """The facts with what the objects of the cluster say."""
    default = next(
        (
            item.name
            for item in index.of_kind("storage.k8s.io", "StorageClass")
            if mapping(mapping(index.body(item).get("metadata")).get("annotations")).get(_DEFAULT_CLASS) == "true"
        ),
        facts.storage_class,
    )
    spaces = {item.name for item in index.of_kind("", "Namespace")}
    return msgspec.structs.replace(
        with_offers(facts, offers_of(index)),
        storage_class=default,
        namespaces=tuple(sorted(spaces | set(facts.namespaces))),
        variables={**facts.variables, **_variables(index)},
    )


def offers_of(index: ObjectIndex) -> set[str]:
    """What the objects of a cluster offer, in the words of components."""
    kinds = (
        ("networking.k8s.io", "IngressClass", "ingress-class/"),
        ("storage.k8s.io", "StorageClass", "storage-class/"),
        ("cert-manager.io", "ClusterIssuer", "cluster-issuer/"),
    )
    found = {f"{prefix}{item.name}" for group, kind, prefix in kinds for item in index.of_kind(group, kind)}
    served = {_kind_of(index.body(item)) for item in index.of_kind("apiextensions.k8s.io", "CustomResourceDefinition")}
    marks = (
        ("ServiceMonitor", index.of_kind("monitoring.coreos.com", "Prometheus"), "monitoring"),
        ("SealedSecret", (), "sealed-secrets"),
    )
    return found | _drivers(index) | {offer for kind, others, offer in marks if kind in served or others}


def _drivers(index: ObjectIndex) -> set[str]:
    """What programs offer that are known by an object of theirs: a CSI driver, a device plugin, image automation."""
    mounts = (item.name for item in index.of_kind("storage.k8s.io", "CSIDriver"))
    images = (
        str(container.body.get("image"))
        for workload in workloads(index)
        if workload.item.kind == "DaemonSet"
        for container in workload.containers
    )
    marks = (
        (any("rclone" in name for name in mounts), "csi/rclone"),
        (any(_INTEL_PLUGIN in image for image in images), "gpu/intel"),
        (bool(index.of_kind("deviceplugin.intel.com", "GpuDevicePlugin")), "gpu/intel"),
        (bool(index.of_kind("image.toolkit.fluxcd.io", "ImageUpdateAutomation")), "image-automation"),
    )
    return {offer for there, offer in marks if there}


def _kind_of(definition: Mapping[str, Any]) -> str:
    return str(mapping(mapping(definition.get("spec")).get("names")).get("kind"))


def _variables(index: ObjectIndex) -> dict[str, str]:
    for item in index.find("", "ConfigMap", "flux-system", _VARIABLES):
        data = mapping(index.body(item).get("data"))
        return {str(key): str(value) for key, value in data.items()}
    return {}
