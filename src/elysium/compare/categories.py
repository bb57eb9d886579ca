"""What an object is to a person who reads a change: a service, a volume, a secret, and so on."""

from __future__ import annotations

from enum import StrEnum

from elysium.sealing.produced import PRODUCERS

__all__ = ["Category", "category_of", "category_of_kind"]


class Category(StrEnum):
    """The categories, in the order in which a change is told. Images and dependencies are parts of objects."""

    NAMESPACE = "namespace"
    SERVICE = "service"
    INGRESS = "ingress"
    VOLUME = "volume"
    SECRET = "secret"  # noqa: S105 - no password
    DEPENDENCY = "dependency"
    WORKLOAD = "workload"
    IMAGE = "image"
    NETWORK_POLICY = "network-policy"
    RBAC = "rbac"
    MONITORING = "monitoring"
    CRD = "crd"
    FLUX = "flux"
    OTHER = "other"

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Category).index(self)


_KINDS: dict[tuple[str, str], Category] = {
    ("", "Namespace"): Category.NAMESPACE,
    ("", "Service"): Category.SERVICE,
    ("", "PersistentVolumeClaim"): Category.VOLUME,
    ("", "PersistentVolume"): Category.VOLUME,
    ("", "Secret"): Category.SECRET,
    ("", "ServiceAccount"): Category.RBAC,
    ("", "Pod"): Category.WORKLOAD,
    ("", "ReplicationController"): Category.WORKLOAD,
    ("apps", "Deployment"): Category.WORKLOAD,
    ("apps", "StatefulSet"): Category.WORKLOAD,
    ("apps", "DaemonSet"): Category.WORKLOAD,
    ("apps", "ReplicaSet"): Category.WORKLOAD,
    ("batch", "Job"): Category.WORKLOAD,
    ("batch", "CronJob"): Category.WORKLOAD,
    ("networking.k8s.io", "Ingress"): Category.INGRESS,
    ("networking.k8s.io", "IngressClass"): Category.INGRESS,
    ("networking.k8s.io", "NetworkPolicy"): Category.NETWORK_POLICY,
    ("route.openshift.io", "Route"): Category.INGRESS,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): Category.CRD,
    ("external-secrets.io", "ClusterExternalSecret"): Category.SECRET,
    ("external-secrets.io", "PushSecret"): Category.SECRET,
    ("secrets.hashicorp.com", "VaultStaticSecret"): Category.SECRET,
    ("secrets.hashicorp.com", "VaultDynamicSecret"): Category.SECRET,
    ("secrets.infisical.com", "InfisicalSecret"): Category.SECRET,
    **dict.fromkeys(PRODUCERS, Category.SECRET),
}

_GROUPS: dict[str, Category] = {
    "rbac.authorization.k8s.io": Category.RBAC,
    "gateway.networking.k8s.io": Category.INGRESS,
    "traefik.io": Category.INGRESS,
    "cilium.io": Category.NETWORK_POLICY,
    "policy.networking.k8s.io": Category.NETWORK_POLICY,
    "projectcalico.org": Category.NETWORK_POLICY,
    "crd.projectcalico.org": Category.NETWORK_POLICY,
    "monitoring.coreos.com": Category.MONITORING,
    "grafana.integreatly.org": Category.MONITORING,
    "opentelemetry.io": Category.MONITORING,
    "fluxcd.controlplane.io": Category.FLUX,
}

_BY_KIND: dict[str, Category] = {kind: category for (_, kind), category in reversed(_KINDS.items())}


def category_of(group: str, kind: str) -> Category:
    """The category of a kind of an API group; versions do not matter."""
    known = _KINDS.get((group, kind)) or _GROUPS.get(group)
    if known is not None:
        return known
    return Category.FLUX if group.endswith(".toolkit.fluxcd.io") else Category.OTHER


def category_of_kind(kind: str) -> Category:
    """The category of a kind of which the group is not said, as in `Service/db/postgresql`."""
    return _BY_KIND.get(kind, Category.OTHER)
