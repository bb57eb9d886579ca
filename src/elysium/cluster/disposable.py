"""A cluster that exists already and may be filled, named by a context of the person's kubeconfig."""

from __future__ import annotations

from elysium.cluster import kubeconfig
from elysium.cluster.asking import Asker
from elysium.cluster.server import Server
from elysium.errors import ClusterError

__all__ = ["MARKER", "MARKER_OBJECT", "disposable"]

MARKER = "elysium-rehearsal"
MARKER_OBJECT = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": MARKER, "namespace": "default"},
    "data": {"about": "Everything in this cluster was made by `elysium rehearse` and may be thrown away."},
}
"""The object by which a later rehearsal knows that a former one made what is there, and says so."""

_COLLECTIONS = {
    "a CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "a namespace": "/api/v1/namespaces",
    "a Deployment": "/apis/apps/v1/deployments",
    "a StatefulSet": "/apis/apps/v1/statefulsets",
    "a DaemonSet": "/apis/apps/v1/daemonsets",
    "a CronJob": "/apis/batch/v1/cronjobs",
    "a Job": "/apis/batch/v1/jobs",
    "a Pod": "/api/v1/pods",
    "a volume": "/api/v1/persistentvolumes",
    "a claim": "/api/v1/persistentvolumeclaims",
    "a Service": "/api/v1/services",
    "a Secret": "/api/v1/secrets",
    "a ConfigMap": "/api/v1/configmaps",
}
_SYSTEM = ("local-path-storage",)  # beside `kube-*`; this one is kind's
_DEFINITIONS = (".k3s.cattle.io", ".helm.cattle.io")  # k3s serves its own settings by these
_STANDARD = (("default", ""), ("default", "kubernetes"), ("default", "kube-root-ca.crt"), ("default", MARKER))


def disposable(context: str) -> Server:
    """The cluster of a context, if nothing is in it but what every new cluster has.

    Only names are read. Raises ClusterError with the first object that belongs to somebody, or that a former rehearsal
    left: what is there already would be `unchanged`, and nothing would be known of whether it can be created.
    """
    path = kubeconfig.locate(context)
    with Asker(kubeconfig.load(path, context)) as asker:
        version = asker.version()
        _refuse_occupied(asker, context)
        url = asker.url
    return Server(url=url, kubeconfig=path, version=version, context=context)


def _refuse_occupied(asker: Asker, context: str) -> None:
    for what, path in _COLLECTIONS.items():
        for namespace, name in asker.names(path):
            if not _is_standard(what, namespace, name):
                raise _occupied(asker, context, what, f"{namespace}/{name}" if namespace else name)


def _occupied(asker: Asker, context: str, what: str, shown: str) -> ClusterError:
    if asker.has(f"/api/v1/namespaces/default/configmaps/{MARKER}"):
        return ClusterError(
            f"a former rehearsal filled this cluster: it left {what}, {shown}",
            subject=f"--context {context}",
            hint="make the cluster anew before each rehearsal, and name one cluster of the repository with --cluster",
        )
    return ClusterError(
        f"this cluster is in use: it holds {what} that no rehearsal made, {shown}",
        subject=f"--context {context}",
        hint="name a fresh cluster that may be thrown away, or leave --context out",
    )


def _is_standard(what: str, namespace: str, name: str) -> bool:
    """Whether a new cluster has this object."""
    if what == "a CustomResourceDefinition":
        return name.endswith(_DEFINITIONS)
    if what == "a namespace":
        namespace, name = name, ""
    return namespace.startswith("kube-") or namespace in _SYSTEM or (namespace, name) in _STANDARD
