"""A real API server takes what is gathered, and is read without a value of a Secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Workspace
from elysium.cluster import kubeconfig
from elysium.cluster.asking import Asker
from elysium.cluster.protocol import Action, Entries
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.engine import EnginePool
from elysium.rehearse.facts import Snapshot, gather, read_snapshot, take_snapshot, write_snapshot
from tests.rehearse.facts.conftest import ROOT, Gathered, created
from tests.rehearse.facts.test_gathering import CERTIFICATE, CLAIM, POD

pytestmark = pytest.mark.timeout(300)

_VALUE = "correct horse battery staple"
_SEED: list[dict[str, Any]] = [
    {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "vault", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
    },
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "login",
            "namespace": "vault",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"password": _VALUE})},
        },
        "stringData": {"password": _VALUE, "user": _VALUE},
    },
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "managed",
            "namespace": "vault",
            "labels": {"kustomize.toolkit.fluxcd.io/name": "apps"},
        },
        "stringData": {"password": _VALUE},
    },
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "vault"},
        "data": {"url": f"https://user:{_VALUE}@example.org"},
    },
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "deployer", "namespace": "vault"}},
    {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "small", "namespace": "vault"},
        "spec": {"hard": {"pods": "1"}},
    },
    {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": "example.org/fast",
    },
    {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "kyrion", "labels": {"disk": "fast"}},
        "spec": {"taints": [{"key": "dedicated", "value": "media", "effect": "NoSchedule"}]},
        "status": {"capacity": {"cpu": "4", "memory": "16Gi", "pods": "110", "gpu.intel.com/i915": "1"}},
    },
    {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "named"},
        "spec": {
            "matchConstraints": {
                "resourceRules": [
                    {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["services"]}
                ]
            },
            "validations": [{"expression": "object.metadata.name != 'forbidden'"}],
        },
    },
]


@pytest.fixture(scope="module")
def asker(server: Server) -> Iterator[Asker]:
    with Asker(kubeconfig.load(server.kubeconfig, "rehearsal")) as asking:
        yield asking


@pytest.fixture(scope="module")
def snapshot(replayer: Replayer, asker: Asker) -> Snapshot:
    """Of a cluster with a little of everything."""
    answer = replayer.call("create", {"objects": _SEED}, Entries)
    assert not [entry for entry in answer.entries if entry.action is Action.REJECTED]
    return take_snapshot(asker.get)


def test_a_snapshot_holds_names_and_no_values(snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    write_snapshot(snapshot, path)
    text = path.read_bytes()
    for hidden in (_VALUE.encode(), base64.b64encode(_VALUE.encode()), b"last-applied", b"example.org/@"):
        assert hidden not in text
    found = read_snapshot(path)
    assert found == snapshot and found.kubernetes.startswith("v1.") and found.service_ranges
    assert [(item.kind, item.name, item.keys) for item in found.keyed if item.namespace == "vault"] == [
        ("Secret", "login", ("password", "user")),
        ("ConfigMap", "settings", ("url",)),
    ]
    assert ("ServiceAccount", "deployer") in [(item.kind, item.name) for item in found.named]
    assert not found.unread and list(tmp_path.iterdir()) == [path]


def test_a_snapshot_is_what_the_cluster_is_like(snapshot: Snapshot, gathered: Gathered) -> None:
    facts = gathered({"pod.yaml": POD, "claim.yaml": CLAIM % ""}, snapshot=snapshot)
    bodies = {(body["kind"], body["metadata"]["name"]): body for body in map(json.loads, facts.objects)}
    node = bodies["Node", "kyrion"]
    assert node["status"]["allocatable"]["gpu.intel.com/i915"] == "1"
    assert node["spec"]["taints"] == [{"key": "dedicated", "value": "media", "effect": "NoSchedule"}]
    assert bodies["Namespace", "vault"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert bodies["StorageClass", "fast"]["provisioner"] == "example.org/fast"
    assert bodies["ResourceQuota", "small"]["spec"]["hard"] == {"pods": "1"}
    assert ("ValidatingAdmissionPolicy", "named") in bodies
    assert bodies["Secret", "login"]["data"].keys() == {"password", "user"}
    assert not facts.made_up & {"nodes", "storage-classes"}


@pytest.mark.parametrize("declared", [True, False])
def test_the_server_takes_what_is_gathered(
    gathered: Gathered, replayer: Replayer, snapshot: Snapshot, declared: bool
) -> None:
    settings = _SETTINGS if declared else ""
    files = {"pod.yaml": POD, "claim.yaml": CLAIM % ", storageClassName: slow", "certificate.yaml": CERTIFICATE}
    files |= {"service.yaml": _SERVICE}
    facts = gathered(files, settings=settings, snapshot=None if declared else snapshot)
    assert created(replayer, facts) == []
    if declared:
        service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "default"}}
        body = service | {"spec": {"clusterIP": "10.43.0.10", "ports": [{"port": 80}]}}
        answer = replayer.call("create", {"objects": [body]}, Entries)
        assert answer.entries[0].action is Action.CREATED, answer.entries[0].message


_SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: apps}
spec: {clusterIP: 10.43.0.10, ports: [{port: 80}]}
"""
_SETTINGS = """
external = ["Secret/elsewhere/token", "PersistentVolumeClaim/elsewhere/data", "RuntimeClass//kata",
            "ClusterRole//reader", "ConfigMap/elsewhere/settings", "Role/elsewhere/reader"]
[cluster."clusters/test"]
storage-classes = ["local-path"]
ingress-classes = ["traefik"]
priority-classes = ["household"]
runtime-classes = ["gvisor"]
[[cluster."clusters/test".nodes]]
name = "second"
memory = "0.5Gi"
taints = ["a=b:NoExecute"]
"""


_KINDS = (
    ("gateway.networking.k8s.io", "HTTPRoute", ["v1"]),
    ("snapshot.storage.k8s.io", "VolumeSnapshot", ["v1beta1"]),
    ("postgresql.cnpg.io", "Cluster", ["v1", "v9"]),
    ("external-secrets.io", "ExternalSecret", ["v1beta1"]),
)
"""Kinds of protected groups, with many rules, with versions that are gone or that nobody knows. That the schemas of all
definitions are sound is tested where they are made."""


def test_the_server_serves_definitions_of_the_catalogue(replayer: Replayer) -> None:
    kinds = [{"group": group, "kind": kind, "versions": versions} for group, kind, versions in _KINDS]
    with EnginePool() as pool:
        made = pool.call("catalogue.definitions", {"flux": "2.9", "kinds": kinds})["definitions"]
    objects = [item["definition"] for item in made] + [_OLD]
    answer = replayer.call("create", {"objects": objects}, Entries)
    assert [entry.message for entry in answer.entries if entry.action is Action.REJECTED] == []
    wanted = {"group": "external-secrets.io", "version": "v1beta1", "kind": "ExternalSecret"}
    (found,) = replayer.call("get", {"objects": [wanted | _OLD["metadata"]]}, dict)["objects"]
    assert found["spec"]["dataFrom"][0]["find"]["tags"] == {"team": "media"}


_OLD: dict[str, Any] = {
    "apiVersion": "external-secrets.io/v1beta1",
    "kind": "ExternalSecret",
    "metadata": {"name": "login", "namespace": "default"},
    "spec": {"secretStoreRef": {"name": "vault"}, "dataFrom": [{"find": {"tags": {"team": "media"}}}]},
}


def test_the_server_takes_what_the_example_needs(replayer: Replayer) -> None:
    with Workspace(ROOT / "examples" / "kyrion") as workspace:
        facts = gather("clusters/kyrion", [workspace.render()], workspace.settings, None, workspace.pool.call)
    assert created(replayer, facts) == []
    assert not facts.absent
