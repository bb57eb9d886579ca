"""What is taken as there before Flux begins: what is declared, and else what objects ask for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from elysium.errors import SettingsError
from elysium.rehearse.facts import Facts, Snapshot, describe
from elysium.rehearse.types import Phase
from tests.rehearse.facts.conftest import Gathered

CERTIFICATE = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: apps}
spec: {secretName: web, issuerRef: {name: internal}}
"""
WIDGET = """
apiVersion: example.org/v1
kind: Widget
metadata: {name: first, namespace: apps}
"""
DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: worker, namespace: apps}
spec:
  priorityClassName: household
  runtimeClassName: gvisor
  nodeSelector: {disk: fast}
  containers: [{name: worker, image: "a:1", resources: {limits: {gpu.intel.com/i915: "1"}}}]
"""
CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: apps}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}%s}
"""


def _objects(facts: Facts, kind: str) -> dict[str, dict[str, Any]]:
    bodies = [json.loads(raw) for raw in facts.objects]
    return {body["metadata"]["name"]: body for body in bodies if body["kind"] == kind}


def _codes(facts: Facts) -> list[str]:
    return [item.code for item in facts.unknown]


def test_flux_is_there_before_what_it_reconciles(gathered: Gathered) -> None:
    facts = gathered({})
    assert "kustomizations.kustomize.toolkit.fluxcd.io" in _objects(facts, "CustomResourceDefinition")
    assert "flux-system" in _objects(facts, "Namespace")
    assert _codes(facts) == []


def test_a_definition_of_the_catalogue_stands_in(gathered: Gathered) -> None:
    facts = gathered({"certificate.yaml": CERTIFICATE})
    assert "certificates.cert-manager.io" in _objects(facts, "CustomResourceDefinition")
    (unknown,) = facts.unknown
    assert unknown.code == "definition" and "cert-manager v" in unknown.message and "Certificate" in unknown.message


def test_objects_of_a_kind_that_nobody_defines_are_left_out(gathered: Gathered) -> None:
    facts = gathered({}, {"widget.yaml": WIDGET})
    assert facts.absent == {("example.org", "Widget")}
    (unknown,) = facts.unknown
    assert (unknown.code, unknown.phase) == ("kind", Phase.HEAD) and "Widget/apps/first" in unknown.message


def test_a_definition_that_a_unit_makes_is_not_there_before(gathered: Gathered) -> None:
    for revisions in (
        [{"widget.yaml": WIDGET, "definition.yaml": DEFINITION}],
        [{"widget.yaml": WIDGET, "definition.yaml": DEFINITION}, {"widget.yaml": WIDGET}],
        [{}, {"widget.yaml": WIDGET, "definition.yaml": DEFINITION}],
    ):
        facts = gathered(*revisions)
        assert "widgets.example.org" not in _objects(facts, "CustomResourceDefinition")
        assert not facts.absent and not facts.unknown


def test_a_definition_that_comes_later_was_there_for_those_who_needed_it(gathered: Gathered) -> None:
    facts = gathered({"widget.yaml": WIDGET}, {"widget.yaml": WIDGET, "definition.yaml": DEFINITION})
    assert "widgets.example.org" in _objects(facts, "CustomResourceDefinition")


def test_folders_of_schemas_come_before_the_catalogue(gathered: Gathered) -> None:
    own = (
        DEFINITION.replace("example.org", "cert-manager.io")
        .replace("Widget", "Certificate")
        .replace("widgets", "certificates")
    )
    facts = gathered({"certificate.yaml": CERTIFICATE, "schemas/own.yaml": own}, settings='schemas = ["schemas"]')
    found = _objects(facts, "CustomResourceDefinition")["certificates.cert-manager.io"]
    assert found["spec"]["versions"][0]["schema"] == {"openAPIV3Schema": {"type": "object"}}
    assert not facts.unknown


def test_definitions_of_a_suspended_unit_are_there(gathered: Gathered) -> None:
    facts = gathered({"widget.yaml": WIDGET, "operator.yaml": _SUSPENDED, "operator/definition.yaml": DEFINITION})
    assert "widgets.example.org" in _objects(facts, "CustomResourceDefinition")
    assert not facts.absent


_SUSPENDED = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: operator, namespace: flux-system}
spec:
  interval: 1h
  path: ./operator
  prune: true
  suspend: true
  sourceRef: {kind: GitRepository, name: flux-system}
"""


def test_made_up_nodes_take_every_pod(gathered: Gathered) -> None:
    facts = gathered({"pod.yaml": POD})
    nodes = _objects(facts, "Node")
    assert len(nodes) == 4 and all(node["status"]["allocatable"]["gpu.intel.com/i915"] for node in nodes.values())
    assert any(node["metadata"]["labels"].get("disk") == "fast" for node in nodes.values())
    assert "nodes" in facts.made_up and "nodes" in _codes(facts)


def test_declared_nodes_are_all_there_is(gathered: Gathered) -> None:
    nodes = """
        [[cluster."clusters/test".nodes]]
        name = "kyrion"
        cpu = "4"
        count = 2
        taints = ["dedicated=media:NoSchedule", "slow:PreferNoSchedule"]
        extended = { "gpu.intel.com/i915" = "1" }
        """
    facts = gathered({"pod.yaml": POD}, settings=nodes)
    node = _objects(facts, "Node")["kyrion-2"]
    assert node["status"]["allocatable"]["cpu"] == "4" and node["status"]["allocatable"]["gpu.intel.com/i915"] == "1"
    assert node["spec"]["taints"] == [
        {"key": "dedicated", "value": "media", "effect": "NoSchedule"},
        {"key": "slow", "effect": "PreferNoSchedule"},
    ]
    assert "nodes" not in facts.made_up and facts.nodes == ("kyrion-1", "kyrion-2")
    assert any("kyrion-1 has as much memory" in line for line in describe(facts))


def test_classes_are_made_up_for_what_asks_for_them(gathered: Gathered) -> None:
    facts = gathered({"claim.yaml": CLAIM % "", "pod.yaml": POD})
    default = _objects(facts, "StorageClass")["standard"]
    assert default["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert "household" in _objects(facts, "PriorityClass") and "gvisor" in _objects(facts, "RuntimeClass")
    assert facts.made_up == {"nodes", "storage-classes", "priority-classes", "runtime-classes"}
    assert _codes(facts).count("class") == 3


def test_declared_classes_are_all_there_is(gathered: Gathered) -> None:
    settings = '[cluster."clusters/test"]\nstorage-classes = ["local-path", "slow"]\n'
    facts = gathered({"claim.yaml": CLAIM % ", storageClassName: longhorn"}, settings=settings)
    classes = _objects(facts, "StorageClass")
    assert classes.keys() == {"local-path", "slow"} and "annotations" in classes["local-path"]["metadata"]
    assert "annotations" not in classes["slow"]["metadata"] and "storage-classes" not in facts.made_up


def test_classes_of_units_are_theirs(gathered: Gathered) -> None:
    made = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast%s}\nprovisioner: a.b\n"
    facts = gathered({"claim.yaml": CLAIM % ", storageClassName: fast", "class.yaml": made % ""})
    assert not _objects(facts, "StorageClass") and "storage-classes" not in facts.made_up


def test_classes_of_the_distribution_are_made_up_beside_those_of_units(gathered: Gathered) -> None:
    made = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast%s}\nprovisioner: a.b\n"
    default = ', annotations: {storageclass.kubernetes.io/is-default-class: "true"}'
    named = gathered({"claim.yaml": CLAIM % ", storageClassName: local-path", "class.yaml": made % ""})
    assert _objects(named, "StorageClass").keys() == {"local-path"} and "storage-classes" in named.made_up
    unnamed = gathered({"claim.yaml": CLAIM % "", "class.yaml": made % default})
    assert not _objects(unnamed, "StorageClass") and "storage-classes" not in unnamed.made_up


def test_what_is_outside_of_git_waits_for_its_namespace(gathered: Gathered) -> None:
    settings = (
        'external = ["Secret/vault/token", "ServiceAccount/apps/deployer", "ClusterIssuer//internal",'
        ' "PersistentVolumeClaim/vault/data"]'
    )
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: apps}\n"
    facts = gathered({"namespace.yaml": namespace}, settings=settings)
    assert "vault" in _objects(facts, "Namespace") and "apps" not in _objects(facts, "Namespace")
    assert "token" in _objects(facts, "Secret") and "data" in _objects(facts, "PersistentVolumeClaim")
    assert [json.loads(raw)["metadata"]["name"] for raw in facts.deferred["apps"]] == ["deployer"]
    assert any("ClusterIssuer" in line for line in describe(facts))


def test_addresses_that_services_ask_for_are_of_the_cluster(gathered: Gathered) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: apps}\nspec: {clusterIP: %s}\n---\n"
    asked = ("10.43.0.10", "10.43.1.10", "10.96.0.10", "None", "fd00::1", "8.8.8.8")
    text = "".join(service % (f"s{number}", repr(address)) for number, address in enumerate(asked))
    facts = gathered({"services.yaml": text})
    assert [body["spec"]["cidrs"] for body in _objects(facts, "ServiceCIDR").values()] == [
        ["10.43.0.0/16"],
        ["fd00::/64"],
    ]
    seen = gathered({"services.yaml": text}, snapshot=Snapshot(service_ranges=("172.20.0.0/16", "fd00::/108")))
    assert [body["spec"]["cidrs"] for body in _objects(seen, "ServiceCIDR").values()] == [
        ["172.20.0.0/16"],
        ["fd00::/108"],
    ]


def test_a_namespace_that_nobody_makes_is_not_there(gathered: Gathered) -> None:
    assert "apps" not in _objects(gathered({"pod.yaml": POD}), "Namespace")


def test_a_folder_that_is_not_there_is_told(gathered: Gathered) -> None:
    with pytest.raises(SettingsError, match="there is no directory gone"):
        gathered({}, settings='schemas = ["gone"]')
