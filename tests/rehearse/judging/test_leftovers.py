"""There and back again: what is not as it was, and why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.model import ObjectId
from elysium.rehearse.judging.leftovers import Leftover, compare_worlds


def world(*bodies: dict[str, Any]) -> dict[ObjectId, dict[str, Any]]:
    found = {}
    for body in bodies:
        group = body["apiVersion"].rpartition("/")[0]
        metadata = body["metadata"]
        found[ObjectId(group, body["kind"], metadata.get("namespace", ""), metadata["name"])] = body
    return found


def thing(kind: str = "ConfigMap", api: str = "v1", name: str = "a", **more: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "web", "uid": "1", "resourceVersion": "2", **more.pop("metadata", {})}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **more}


def compared(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, str]]:
    found = compare_worlds(world(*filter(None, [before])), world(*filter(None, [after])))
    return [(item.change, item.reason) for item in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            thing(data={}),
            thing(data={}, metadata={"uid": "9", "resourceVersion": "9", "generation": 4, "managedFields": []}),
        ),
        (thing(metadata={"annotations": {"deployment.kubernetes.io/revision": "1"}}), thing()),
        (thing(status={"a": 1}), thing(status={"a": 2})),
        (
            thing(
                "Service",
                spec={"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ports": [{"port": 80, "nodePort": 30001}]},
            ),
            thing(
                "Service",
                spec={"clusterIP": "10.0.0.2", "clusterIPs": ["10.0.0.2"], "ports": [{"port": 80, "nodePort": 30002}]},
            ),
        ),
        (thing("PersistentVolumeClaim", spec={}), thing("PersistentVolumeClaim", spec={"volumeName": "pv-1"})),
        (
            thing(
                "Job",
                "batch/v1",
                spec={"selector": {"a": 1}, "template": {"metadata": {"labels": {"controller-uid": "1"}}}},
            ),
            thing(
                "Job",
                "batch/v1",
                spec={"selector": {"a": 2}, "template": {"metadata": {"labels": {"controller-uid": "2"}}}},
            ),
        ),
        (None, thing("Pod", metadata={"ownerReferences": [{"kind": "ReplicaSet"}]})),
        (None, thing("Secret", type="helm.sh/release.v1", name="sh.helm.release.v1.a.v2")),
        (None, thing("ConfigMap", name="kube-root-ca.crt")),
        (None, thing("EndpointSlice", "discovery.k8s.io/v1")),
        (
            None,
            thing(
                "APIService",
                "apiregistration.k8s.io/v1",
                metadata={"labels": {"kube-aggregator.kubernetes.io/automanaged": "true"}},
            ),
        ),
        (None, thing("Namespace", metadata={"deletionTimestamp": "now"})),
    ],
)
def test_what_the_cluster_writes_itself_is_no_difference(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    assert compared(before, after) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (thing(), ""),
        (
            thing("PersistentVolumeClaim", name="data-db-0"),
            "claims that a StatefulSet made stay, so that no data is lost",
        ),
        (
            thing("CustomResourceDefinition", "apiextensions.k8s.io/v1"),
            "Helm never deletes the definitions of a chart's crds directory",
        ),
        (
            thing(metadata={"annotations": {"kustomize.toolkit.fluxcd.io/prune": "Disabled"}}),
            "kustomize.toolkit.fluxcd.io/prune: disabled keeps it",
        ),
        (
            thing(metadata={"annotations": {"helm.sh/resource-policy": "keep"}}),
            "helm.sh/resource-policy: keep keeps it",
        ),
        (
            thing(metadata={"deletionTimestamp": "now", "finalizers": ["example.com/wait"]}),
            "its deletion waits for example.com/wait, whose controller does not run here",
        ),
    ],
)
def test_what_stays_says_why(body: dict[str, Any], reason: str) -> None:
    assert compared(None, body) == [("left", reason)]


def test_what_does_not_come_back() -> None:
    assert compared(thing(), None) == [("lost", "")]


def test_fields_that_are_not_as_they_were() -> None:
    [found] = compare_worlds(world(thing(data={"a": "1"})), world(thing(data={"a": "2", "b": "1"})))
    assert found == Leftover(
        object=ObjectId("", "ConfigMap", "web", "a"), change="changed", fields=("data.a", "data.b")
    )
    assert str(found) == "ConfigMap/web/a is not as it was (data.a, data.b)"


def test_a_headless_service_is_not_one_with_an_address() -> None:
    assert compared(thing("Service", spec={"clusterIP": "None"}), thing("Service", spec={"clusterIP": "10.0.0.1"}))


def test_a_claim_made_anew_is_not_the_same() -> None:
    before, after = (
        thing("PersistentVolumeClaim", spec={}),
        thing("PersistentVolumeClaim", spec={}, metadata={"uid": "2"}),
    )
    assert compared(before, after) == [("recreated", "it was deleted and made anew: its data is gone")]
    assert compared(thing(), thing(metadata={"uid": "2"})) == []


BODIES = st.builds(
    thing,
    st.sampled_from(["ConfigMap", "Service", "PersistentVolumeClaim", "Job", "Pod"]),
    name=st.sampled_from(["a", "b"]),
    spec=st.none()
    | st.dictionaries(
        st.sampled_from(["ports", "clusterIP", "template", "x"]), st.none() | st.text() | st.lists(st.text())
    ),
    metadata=st.dictionaries(st.sampled_from(["labels", "annotations"]), st.dictionaries(st.text(), st.text())),
)


@given(st.lists(BODIES))
def test_a_world_equals_itself(bodies: list[dict[str, Any]]) -> None:
    assert compare_worlds(world(*bodies), world(*bodies)) == ()


@given(st.lists(BODIES), st.lists(BODIES))
def test_what_stays_one_way_is_lost_the_other(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    turned = {"left": "lost", "lost": "left"}
    there = {(item.object, item.change) for item in compare_worlds(world(*one), world(*other))}
    back = {(item.object, turned.get(item.change, item.change)) for item in compare_worlds(world(*other), world(*one))}
    assert there == back


def test_a_namespace_that_is_being_deleted_takes_what_is_in_it_along() -> None:
    going = thing("Namespace", name="apps", metadata={"deletionTimestamp": "now"})
    claim = thing(
        "PersistentVolumeClaim", metadata={"namespace": "apps", "finalizers": ["kubernetes.io/pvc-protection"]}
    )
    assert compare_worlds({}, world(going, claim)) == ()


def test_a_namespace_that_something_holds_stays_with_it() -> None:
    going = thing("Namespace", name="apps", metadata={"deletionTimestamp": "now"})
    held = thing(
        metadata={"namespace": "apps", "deletionTimestamp": "now", "finalizers": ["example.com/wait"]},
    )
    assert {item.object.kind for item in compare_worlds({}, world(going, held))} == {"Namespace", "ConfigMap"}
