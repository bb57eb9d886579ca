"""The replay installs, upgrades and uninstalls releases as helm-controller does, on a real API server."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from elysium.cluster.protocol import Entries
from elysium.cluster.replay import Replayer
from tests.cluster.replay_harness import (
    DEFINITION,
    Manifest,
    actions,
    configmap,
    deployment,
    entry,
    held,
    job,
    manifest,
    namespace,
    node,
    reference,
    widget,
)

NUMBERS = itertools.count()


@pytest.fixture(scope="module", autouse=True)
def a_node(replayer: Replayer) -> None:
    """Something for Jobs of hooks to run on."""
    replayer.call("create", {"objects": [node("node-1")]}, Entries)


@pytest.fixture
def home(replayer: Replayer) -> str:
    name = f"release-{next(NUMBERS)}"
    replayer.call("create", {"objects": [namespace(name)]}, Entries)
    return name


def release(replayer: Replayer, home: str, *objects: Manifest, revision: int = 1, **params: Any) -> Entries:
    record = {"name": "app", "namespace": home, "chart": "app", "revision": revision, "upgrade": revision > 1}
    record |= params.pop("release", {})
    return replayer.call("release", {"unit": "app", "release": record, "objects": list(objects), **params}, Entries)


def hook(event: str, sent: Manifest, weight: int = 0, *policies: str) -> dict[str, Any]:
    return {"object": sent, "events": [event], "weight": weight, "delete_policies": list(policies)}


def record(home: str, revision: int = 1) -> dict[str, str]:
    return reference("Secret", f"sh.helm.release.v1.app.v{revision}", home)


def test_an_installation_marks_its_objects_and_is_recorded(replayer: Replayer, home: str) -> None:
    told = release(replayer, home, configmap("a", x="1"), deployment("web", home))
    assert actions(told) == {"a": "created", "web": "created"}
    assert told.failed == "" and {found.step for found in told.entries} == {"release"}
    found, secret = held(replayer, reference("ConfigMap", "a", home), record(home))
    assert found and secret
    assert found["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "Helm"
    assert found["metadata"]["annotations"]["meta.helm.sh/release-namespace"] == home
    assert (secret["type"], secret["metadata"]["labels"]["status"]) == ("helm.sh/release.v1", "deployed")


def test_an_upgrade_deletes_what_is_gone_and_keeps_what_is_to_be_kept(replayer: Replayer, home: str) -> None:
    keep = {"annotations": {"helm.sh/resource-policy": "keep"}}
    release(replayer, home, configmap("a", x="1"), configmap("gone"), configmap("kept", metadata=keep))
    previous = [reference("ConfigMap", name, home) for name in ("a", "gone", "kept")]
    told = release(replayer, home, configmap("a", x="1"), configmap("b"), revision=2, previous=previous)
    assert actions(told) == {"a": "unchanged", "b": "created", "gone": "pruned", "kept": "orphaned"}
    assert [found.index for found in told.entries if found.step == "prune"] == [-1, -1]
    before, after, gone = held(replayer, record(home), record(home, 2), previous[1])
    assert before and after and gone is None
    assert [secret["metadata"]["labels"]["status"] for secret in (before, after)] == ["superseded", "deployed"]


def test_definitions_of_a_chart_come_first_by_policy(replayer: Replayer, home: str) -> None:
    told = release(replayer, home, widget("w", size=1), crds={"policy": "Skip", "objects": [DEFINITION]})
    assert actions(told) == {"widgets.example.org": "skipped", "w": "rejected"}
    assert "ensure CRDs are installed first" in told.failed
    told = release(replayer, home, widget("w", size=1), crds={"policy": "Create", "objects": [DEFINITION]})
    assert actions(told) == {"widgets.example.org": "created", "w": "created"}
    assert entry(told, "widgets.example.org").step == "crds"


def test_an_unknown_kind_keeps_the_whole_release(replayer: Replayer, home: str) -> None:
    told = release(replayer, home, configmap("a"), manifest("nope.example/v1", "Nope", "x"), configmap("b", y=1))
    assert actions(told) == {"a": "skipped", "x": "rejected", "b": "rejected"}
    assert entry(told, "x").reason == "NoKindMatch"
    assert held(replayer, reference("ConfigMap", "a", home), record(home)) == [None, None]


def test_hooks_run_in_order_and_are_deleted_by_policy(replayer: Replayer, home: str) -> None:
    hooks = [
        hook("post-install", job("last")),
        hook("pre-install", job("second"), 1, "hook-succeeded"),
        hook("pre-install", configmap("first"), -1),
        hook("test", job("never")),
    ]
    told = release(replayer, home, configmap("a"), hooks=hooks)
    assert [found.object.name for found in told.entries] == ["first", "second", "a", "last"]
    assert [found.index for found in told.entries if found.step == "hook"] == [2, 1, 0]
    kept = held(replayer, *(reference("Job", name, home, "batch") for name in ("second", "last")))
    assert kept[0] is None and kept[1] is not None
    again = release(replayer, home, revision=2, hooks=[hook("pre-upgrade", job("last"))])
    assert actions(again) == {"last": "created"}, "before-hook-creation is the default"


def test_a_failed_hook_keeps_the_objects(replayer: Replayer, home: str) -> None:
    hooks = [hook("pre-install", configmap("bad", x=1)), hook("pre-install", configmap("later"), 1)]
    told = release(replayer, home, configmap("a"), configmap("b", x=1), hooks=hooks)
    assert actions(told) == {"bad": "rejected", "later": "skipped", "a": "skipped", "b": "rejected"}
    assert told.failed.startswith("failed pre-install: ")
    secret = held(replayer, record(home))[0]
    assert secret and secret["metadata"]["labels"]["status"] == "failed"


def test_a_first_installation_tries_every_object(replayer: Replayer, home: str) -> None:
    told = release(replayer, home, configmap("bad", x=1), configmap("fine"), deployment("web", home))
    assert actions(told) == {"bad": "rejected", "fine": "created", "web": "created"}


def test_an_upgrade_stops_at_what_it_cannot_create(replayer: Replayer, home: str) -> None:
    release(replayer, home, configmap("a"))
    previous = [reference("ConfigMap", "a", home)]
    told = release(
        replayer, home, configmap("a", x="2"), configmap("bad", x=1), configmap("fine"), revision=2, previous=previous
    )
    assert actions(told) == {"a": "configured", "bad": "rejected", "fine": "skipped"}
    assert "bad" in entry(told, "fine").message
    assert told.failed.startswith("failed to create resource: ")


def test_what_cannot_be_changed_is_refused(replayer: Replayer, home: str) -> None:
    release(replayer, home, deployment("web", home))
    previous = [reference("Deployment", "web", home, "apps")]
    told = release(replayer, home, deployment("web", home, app="b"), revision=2, previous=previous)
    assert entry(told, "web").reason == "Invalid"
    assert "field is immutable" in entry(told, "web").message


def test_fields_that_a_kind_does_not_have_are_refused(replayer: Replayer, home: str) -> None:
    """Helm sends what the chart says; nobody drops a misspelt field before the server sees it."""
    told = release(replayer, home, deployment("web", home, imagePullPolice="Always"))
    assert "imagePullPolice: field not declared in schema" in entry(told, "web").message


def test_what_is_there_is_taken_over_unless_that_is_disabled(replayer: Replayer, home: str) -> None:
    replayer.call("create", {"objects": [configmap("theirs", home)]}, Entries)
    told = release(replayer, home, configmap("theirs", x="1"), configmap("b"), release={"take_ownership": False})
    assert actions(told) == {"theirs": "rejected", "b": "skipped"}
    assert 'missing key "app.kubernetes.io/managed-by": must be set to "Helm"' in entry(told, "theirs").message
    assert "exists and cannot be imported into the current release: invalid ownership metadata" in told.failed
    assert actions(release(replayer, home, configmap("theirs", x="1"))) == {"theirs": "configured"}


def test_a_missing_namespace_is_made_when_asked_for(replayer: Replayer, home: str) -> None:
    elsewhere = {"namespace": f"{home}-new"}
    told = release(replayer, home, configmap("a"), release=elsewhere)
    assert f'namespaces "{home}-new" not found' in told.failed
    told = release(replayer, home, configmap("a"), release={**elsewhere, "create_namespace": True})
    assert actions(told) == {"a": "created"}


def test_an_account_needs_its_rights(replayer: Replayer, home: str) -> None:
    told = release(replayer, home, configmap("a"), account=f"system:serviceaccount:{home}:nobody")
    assert entry(told, "a").reason == "Forbidden"


def test_an_uninstalled_release_leaves_only_what_is_to_be_kept(replayer: Replayer, home: str) -> None:
    keep = {"annotations": {"helm.sh/resource-policy": "keep"}}
    release(replayer, home, configmap("a"), configmap("kept", metadata=keep), deployment("web", home))
    record_ = {"name": "app", "namespace": home, "revision": 1}
    objects = [
        reference("ConfigMap", "a", home),
        reference("ConfigMap", "kept", home),
        reference("Deployment", "web", home, "apps"),
    ]
    hooks = [hook("pre-delete", job("goodbye"), 0, "hook-succeeded")]
    told = replayer.call("uninstall", {"unit": "app", "release": record_, "objects": objects, "hooks": hooks}, Entries)
    assert actions(told) == {"goodbye": "created", "web": "pruned", "a": "pruned", "kept": "orphaned"}
    assert [found.object.name for found in told.entries][:2] == ["goodbye", "web"]
    assert [found is None for found in held(replayer, *objects, record(home))] == [True, False, True, True]
