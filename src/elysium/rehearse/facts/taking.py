"""Take a snapshot of a cluster by reading it: nothing is written there, and no value of a Secret is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from elysium.errors import ClusterError
from elysium.evaluate.workloads import mapping, sequence
from elysium.rehearse.facts.snapshot import Keyed, Named, SeenNamespace, SeenNode, Snapshot
from elysium.rehearse.facts.trimming import bare, trimmed_definition

__all__ = ["take_snapshot"]

Get = Callable[[str], dict[str, Any]]
"""One GET of an API path, decoded; raises ClusterError when it is refused or when there is no such path."""

_PAGE = 250
_FLUX = ("kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name", "resourceset.fluxcd.controlplane.io/name")
_OF_KUBERNETES = "kube-"
_MADE_BY_CONTROLLERS = {"kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"}
_PASSING_TYPES = (
    "bootstrap.kubernetes.io/token",
    "helm.sh/release.v1",
    "kubernetes.io/service-account-token",
)
_PASSING_TAINTS = "node.kubernetes.io/"
_CLASSES = (
    "storage.k8s.io/v1/storageclasses",
    "networking.k8s.io/v1/ingressclasses",
    "scheduling.k8s.io/v1/priorityclasses",
    "node.k8s.io/v1/runtimeclasses",
)
_ADMISSION = "apis/admissionregistration.k8s.io/v1"


class _Reader:
    """Lists kinds page by page, and remembers what it may not read."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self.unread: list[str] = []

    def items(self, path: str) -> Iterator[dict[str, Any]]:
        """Every object below an API path; none where the cluster does not let us, or has no such kind."""
        token = ""
        while True:
            try:
                answer = self._get(f"/{path}?limit={_PAGE}" + (f"&continue={quote(token)}" if token else ""))
            except ClusterError:
                self.unread.append(path.rpartition("/")[2])
                return
            yield from (item for item in sequence(answer.get("items")) if isinstance(item, dict))
            token = str(mapping(answer.get("metadata")).get("continue") or "")
            if not token:
                return

    def outside(self, path: str) -> Iterator[dict[str, Any]]:
        """Those that neither Flux nor another object has made."""
        for item in self.items(path):
            metadata = mapping(item.get("metadata"))
            labels = mapping(metadata.get("labels"))
            if not metadata.get("ownerReferences") and not any(label in labels for label in _FLUX):
                yield item


def take_snapshot(get: Get) -> Snapshot:
    """Read a cluster. What may not be read is named in `unread`.

    Raises ClusterError when the cluster does not even say its version.
    """
    version = str(get("/version").get("gitVersion") or "")
    reader = _Reader(get)
    return Snapshot(
        kubernetes=version,
        nodes=tuple(_nodes(reader)),
        classes=tuple(_classes(reader)),
        namespaces=tuple(_namespaces(reader)),
        keyed=tuple(_keyed(reader)),
        named=tuple(_named(reader)),
        limits=tuple(_limits(reader)),
        policies=tuple(_policies(reader)),
        webhooks=tuple(_webhooks(reader)),
        service_ranges=tuple(_service_ranges(reader)),
        definitions=tuple(
            trimmed_definition(item) for item in reader.items("apis/apiextensions.k8s.io/v1/customresourcedefinitions")
        ),
        unread=tuple(reader.unread),
    )


def _nodes(reader: _Reader) -> Iterator[SeenNode]:
    for item in reader.items("api/v1/nodes"):
        amounts = mapping(mapping(item.get("status")).get("allocatable"))
        taints = [mapping(taint) for taint in sequence(mapping(item.get("spec")).get("taints"))]
        yield SeenNode(
            name=_name(item),
            allocatable={str(name): str(amount) for name, amount in amounts.items()},
            labels=_labels(item),
            taints=tuple(_taint(taint) for taint in taints if not str(taint.get("key")).startswith(_PASSING_TAINTS)),
        )


def _taint(taint: dict[str, Any]) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint.get('key')}{value}:{taint.get('effect')}"


def _classes(reader: _Reader) -> Iterator[dict[str, Any]]:
    for path in _CLASSES:
        api_version, _, resource = path.rpartition("/")
        for item in reader.items(f"apis/{path}"):
            if not _name(item).startswith("system-"):
                yield bare(item, api_version, _KINDS[resource])


def _namespaces(reader: _Reader) -> Iterator[SeenNamespace]:
    for item in reader.items("api/v1/namespaces"):
        yield SeenNamespace(name=_name(item), labels=_labels(item))


def _keyed(reader: _Reader) -> Iterator[Keyed]:
    for kind, resource in (("Secret", "secrets"), ("ConfigMap", "configmaps")):
        for item in reader.outside(f"api/v1/{resource}"):
            if _is_lasting(item):
                keys = sorted({*mapping(item.get("data")), *mapping(item.get("binaryData"))})
                yield Keyed(kind=kind, namespace=_namespace(item), name=_name(item), keys=tuple(keys))


def _is_lasting(item: dict[str, Any]) -> bool:
    """Whether a person has made it, and not the cluster itself for its own work."""
    if _namespace(item).startswith(_OF_KUBERNETES) or _name(item) in _MADE_BY_CONTROLLERS:
        return False
    return item.get("type") not in _PASSING_TYPES


def _named(reader: _Reader) -> Iterator[Named]:
    for resource in ("serviceaccounts", "persistentvolumeclaims"):
        for item in reader.outside(f"api/v1/{resource}"):
            if not _namespace(item).startswith(_OF_KUBERNETES) and _name(item) != "default":
                yield Named(kind=_KINDS[resource], namespace=_namespace(item), name=_name(item))


def _limits(reader: _Reader) -> Iterator[dict[str, Any]]:
    for resource in ("resourcequotas", "limitranges"):
        for item in reader.outside(f"api/v1/{resource}"):
            yield bare(item, "v1", _KINDS[resource])


def _policies(reader: _Reader) -> Iterator[dict[str, Any]]:
    for resource in ("validatingadmissionpolicies", "validatingadmissionpolicybindings"):
        for item in reader.outside(f"{_ADMISSION}/{resource}"):
            yield bare(item, "admissionregistration.k8s.io/v1", _KINDS[resource])


def _webhooks(reader: _Reader) -> Iterator[str]:
    for resource in ("validatingwebhookconfigurations", "mutatingwebhookconfigurations"):
        for item in reader.outside(f"{_ADMISSION}/{resource}"):
            yield f"{_KINDS[resource]}/{_name(item)}"


def _service_ranges(reader: _Reader) -> Iterator[str]:
    for item in reader.items("apis/networking.k8s.io/v1/servicecidrs"):
        yield from (str(text) for text in sequence(mapping(item.get("spec")).get("cidrs")))


_KINDS = {
    "storageclasses": "StorageClass",
    "ingressclasses": "IngressClass",
    "priorityclasses": "PriorityClass",
    "runtimeclasses": "RuntimeClass",
    "serviceaccounts": "ServiceAccount",
    "persistentvolumeclaims": "PersistentVolumeClaim",
    "resourcequotas": "ResourceQuota",
    "limitranges": "LimitRange",
    "validatingadmissionpolicies": "ValidatingAdmissionPolicy",
    "validatingadmissionpolicybindings": "ValidatingAdmissionPolicyBinding",
    "validatingwebhookconfigurations": "ValidatingWebhookConfiguration",
    "mutatingwebhookconfigurations": "MutatingWebhookConfiguration",
}
"""The kinds by their resource: the items of a list do not name theirs."""


def _name(item: dict[str, Any]) -> str:
    return str(mapping(item.get("metadata")).get("name") or "")


def _namespace(item: dict[str, Any]) -> str:
    return str(mapping(item.get("metadata")).get("namespace") or "")


def _labels(item: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping(mapping(item.get("metadata")).get("labels")).items()}
