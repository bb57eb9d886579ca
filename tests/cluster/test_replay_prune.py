"""The replay prunes, deletes, reports and takes stock on a real API server."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from elysium.cluster.protocol import Action, Entries, Entry, Stored
from elysium.cluster.replay import Replayer
from elysium.errors import ClusterError
from tests.cluster.replay_harness import (
    DEFINITION,
    Manifest,
    actions,
    apply,
    configmap,
    deployment,
    entry,
    held,
    manifest,
    namespace,
    node,
    reference,
    widget,
)

NUMBERS = itertools.count()
FLUX = "kustomize.toolkit.fluxcd.io"
OWNER = {f"{FLUX}/name": "apps", f"{FLUX}/namespace": "flux-system"}
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


@pytest.fixture
def home(replayer: Replayer) -> str:
    name = f"prune-{next(NUMBERS)}"
    apply(replayer, namespace(name))
    return name


def owned(name: str, home: str, **annotations: str) -> Manifest:
    marks = {f"{FLUX}/{key}": value for key, value in annotations.items()}
    return configmap(name, home, metadata={"labels": OWNER, "annotations": marks})


def prune(replayer: Replayer, *objects: dict[str, str], **params: Any) -> Entries:
    return replayer.call("prune", {"unit": "apps", "owner": OWNER, "objects": list(objects), **params}, Entries)


def stock(replayer: Replayer) -> dict[tuple[str, str], Stored]:
    """What there is, by kind and name."""
    found = replayer.call("inventory", {}, dict[str, list[Stored]])["objects"]
    return {(stored.object.kind, stored.object.name): stored for stored in found}


def test_what_a_unit_no_longer_has_is_deleted_in_the_order_of_the_request(replayer: Replayer, home: str) -> None:
    apply(replayer, owned("a", home), owned("b", home))
    names = [reference("ConfigMap", name, home) for name in ("b", "a", "never-there")]
    told = prune(replayer, *names)
    assert [(found.index, found.object.name) for found in told.entries] == [(0, "b"), (1, "a"), (2, "never-there")]
    assert set(actions(told).values()) == {"pruned"}
    assert held(replayer, *names) == [None, None, None]


def test_what_belongs_to_another_or_is_marked_stays(replayer: Replayer, home: str) -> None:
    marked = {"prune": "disabled", "reconcile": "disabled", "ssa": "Ignore"}
    replayer.call("create", {"objects": [owned(key, home, **{key: value}) for key, value in marked.items()]}, Entries)
    apply(replayer, configmap("strange", home))
    told = prune(replayer, *(reference("ConfigMap", name, home) for name in (*marked, "strange")))
    assert set(actions(told).values()) == {"orphaned"}
    assert entry(told, "prune").message == f"{FLUX}/prune: disabled"
    assert "belongs to another" in entry(told, "strange").message


def test_an_account_without_rights_prunes_nothing(replayer: Replayer, home: str) -> None:
    apply(replayer, owned("a", home))
    told = prune(replayer, reference("ConfigMap", "a", home), account=f"system:serviceaccount:{home}:nobody")
    assert (entry(told, "a").action, entry(told, "a").reason) == (Action.REJECTED, "Forbidden")


def test_objects_of_a_pruned_definition_go_with_it(replayer: Replayer, home: str) -> None:
    apply(replayer, {**DEFINITION, "metadata": {**DEFINITION["metadata"], "labels": OWNER}}, widget("w", home, size=1))
    definition = reference("CustomResourceDefinition", "widgets.example.org", group="apiextensions.k8s.io")
    assert actions(prune(replayer, definition)) == {"widgets.example.org": "pruned"}
    replayer.call("delete", {"objects": [definition]}, Entries)
    assert held(replayer, reference("Widget", "w", home, "example.org")) == [None]


def test_deleting_waits_until_a_namespace_and_all_in_it_are_gone(replayer: Replayer, home: str) -> None:
    apply(replayer, configmap("a", home), deployment("web", home))
    told = replayer.call("delete", {"objects": [reference("Namespace", home), reference("Node", "no-such")]}, Entries)
    assert actions(told) == {home: "pruned", "no-such": "unchanged"}
    assert held(replayer, reference("Namespace", home), reference("ConfigMap", "a", home)) == [None, None]


def test_creating_changes_only_what_differs_and_gives_a_node_its_status(replayer: Replayer, home: str) -> None:
    objects = [configmap("a", home, x="1"), node("node-1")]
    first = replayer.call("create", {"objects": objects}, Entries)
    assert actions(first) == {"a": "created", "node-1": "created"}
    found = held(replayer, reference("Node", "node-1"))[0]
    assert found and found["status"]["allocatable"]["pods"] == "20"
    assert all(taint["key"] != "node.kubernetes.io/not-ready" for taint in found["spec"].get("taints", []))
    objects[0]["data"]["x"] = "2"
    again = replayer.call("create", {"objects": objects}, Entries)
    assert actions(again)["a"] == "configured"


@pytest.mark.parametrize(
    ("kind", "group"), [("Kustomization", "kustomize.toolkit.fluxcd.io"), ("HelmRelease", "helm.toolkit.fluxcd.io")]
)
def test_a_report_is_the_status_that_the_controller_writes(
    replayer: Replayer, home: str, kind: str, group: str
) -> None:
    plural = f"{kind.lower()}s"
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": ANYTHING, "status": ANYTHING}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema, "subresources": {"status": {}}}
    names = {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    definition = manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"{plural}.{group}", spec=spec)
    apply(replayer, definition, manifest(f"{group}/v1", kind, "apps", home, spec={"path": "./"}))
    named = reference(kind, "apps", home, group)
    told = {"object": named, "ready": True, "message": "Applied revision: main", "revision": "main"}
    inventory = [{**reference("Role", "a:b", home, "rbac.authorization.k8s.io"), "version": "v1"}]
    replayer.call("report", {**told, "inventory": inventory}, dict[str, Any])
    found = held(replayer, named)[0]
    assert found
    status = found["status"]
    assert status["observedGeneration"] == found["metadata"]["generation"]
    ready = next(condition for condition in status["conditions"] if condition["type"] == "Ready")
    assert (ready["status"], ready["message"]) == ("True", "Applied revision: main")
    if kind == "Kustomization":
        assert status["inventory"]["entries"] == [{"id": f"{home}_a__b_rbac.authorization.k8s.io_Role", "v": "v1"}]
        assert status["lastAppliedRevision"] == "main"
    else:
        assert {condition["type"] for condition in status["conditions"]} == {"Ready", "Released"}


def test_a_report_about_nothing_is_nothing(replayer: Replayer, home: str) -> None:
    apply(replayer, configmap("a", home))
    for named in (reference("ConfigMap", "a", home), reference("Kustomization", "a", home, "no.such.group")):
        replayer.call("report", {"object": named, "ready": True, "message": "", "revision": ""}, dict[str, Any])


def test_the_stock_leaves_out_what_the_server_made_for_itself(replayer: Replayer, home: str) -> None:
    before = stock(replayer)
    assert not {kind for kind, _ in before} & {"FlowSchema", "Lease", "Event", "APIService", "Endpoints"}
    assert ("ServiceAccount", "default") not in before and ("ClusterRole", "admin") not in before
    apply(replayer, configmap("stocked", home, x="1"), deployment("stocked", home))
    replayer.call("settle", {"quiet": 300, "limit": 10_000}, dict[str, bool])
    after = stock(replayer)
    assert after[("ConfigMap", "stocked")].managers == ("kustomize-controller",)
    assert not after[("Deployment", "stocked")].owned
    assert [stored.owned for (kind, _), stored in after.items() if kind == "ReplicaSet"] == [True]


def test_the_authorizer_says_what_an_account_may(replayer: Replayer, home: str) -> None:
    version = "rbac.authorization.k8s.io/v1"
    role = manifest(
        version, "Role", "reader", home, rules=[{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]
    )
    subject = {"kind": "ServiceAccount", "name": "reader", "namespace": home}
    role_reference = {"kind": "Role", "name": "reader", "apiGroup": "rbac.authorization.k8s.io"}
    apply(replayer, role, manifest(version, "RoleBinding", "reader", home, subjects=[subject], roleRef=role_reference))
    account = f"system:serviceaccount:{home}:reader"

    def allowed(verb: str) -> Any:
        params = {"account": account, "verb": verb, "object": reference("ConfigMap", "x", home)}
        return replayer.call("allowed", params, dict[str, Any])["allowed"]

    assert [allowed("get"), allowed("delete")] == [True, False]


def test_a_mistaken_request_is_an_error_and_the_replay_goes_on(replayer: Replayer) -> None:
    with pytest.raises(ClusterError, match="unknown method"):
        replayer.call("dance", {}, Entry)
    with pytest.raises(ClusterError, match="parameters"):
        replayer.call("apply", {"objects": 3}, Entries)
    assert replayer.call("apply", {"objects": []}, Entries).entries == ()
