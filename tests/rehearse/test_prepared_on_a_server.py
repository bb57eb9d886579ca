"""What is prepared does on a real API server what it is prepared for."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.protocol import Action, Entries, Entry
from elysium.cluster.replay import Replayer
from elysium.rehearse.preparing import prepare
from elysium.rehearse.types import Phase
from elysium.sealing import opaque_token
from tests.rehearse.test_preparing import item_of

pytestmark = pytest.mark.timeout(120)
_ROOT = Path(__file__).resolve().parents[2]
_TOKEN = opaque_token("default", "login", "password")


@pytest.fixture(scope="module")
def replayer() -> Iterator[Replayer]:
    binary = os.environ.get("ELYSIUM_CONTROLPLANE") or str(_ROOT / "build" / "elysium-controlplane")
    with (
        run_directory() as directory,
        embedded((binary,), directory.path, controllers=False, lock=directory.lock) as server,
        Replayer((binary, "replay"), server) as running,
    ):
        yield running


def _created(replayer: Replayer, *bodies: dict[str, Any]) -> list[Entry]:
    prepared = [prepare(item_of(body), Phase.BASE).raw for body in bodies]
    objects = [msgspec.Raw(raw) for raw in prepared if raw is not None]
    return list(replayer.call("create", {"objects": objects}, Entries).entries)


def _named(kind: str, name: str, api_version: str = "v1", **fields: Any) -> dict[str, Any]:
    namespace = {"namespace": "default"} if kind in ("Secret", "ConfigMap", "Widget") else {}
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **namespace}, **fields}


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("Opaque", {"a": _b64("value"), "b": ""}),
        ("kubernetes.io/tls", {"tls.crt": _b64("certificate"), "tls.key": _TOKEN}),
        ("kubernetes.io/dockerconfigjson", {".dockerconfigjson": _TOKEN}),
        ("kubernetes.io/dockercfg", {".dockercfg": _b64('{"r": {"auth": "eA=="}}')}),
        ("kubernetes.io/basic-auth", {"username": _b64("somebody"), "password": _b64("something")}),
        ("kubernetes.io/ssh-auth", {"ssh-privatekey": _b64("-----BEGIN OPENSSH PRIVATE KEY-----")}),
    ],
)
def test_the_server_takes_placeholders(replayer: Replayer, kind: str, data: dict[str, str]) -> None:
    (entry,) = _created(replayer, _named("Secret", f"sound-{kind.rpartition('/')[2].lower()}", type=kind, data=data))
    assert entry.action is Action.CREATED, entry.message


@pytest.mark.parametrize(
    ("kind", "data", "part"),
    [
        ("Opaque", {"a": "not base64 at all"}, "base64"),
        ("kubernetes.io/tls", {"tls.crt": _b64("certificate")}, "tls.key"),
        ("kubernetes.io/dockerconfigjson", {".dockerconfigjson": _b64("no json")}, ".dockerconfigjson"),
        ("kubernetes.io/ssh-auth", {"ssh-privatekey": ""}, "ssh-privatekey"),
        ("Opaque", {"port": 8080}, "data"),
    ],
)
def test_the_server_refuses_what_it_would_have_refused(
    replayer: Replayer, kind: str, data: dict[str, Any], part: str
) -> None:
    (entry,) = _created(replayer, _named("Secret", "wrong", type=kind, data=data))
    assert entry.action is Action.REJECTED and part in entry.message
    assert "not base64 at all" not in entry.message and "8080" not in entry.message


def test_an_immutable_secret_with_another_value_is_refused(replayer: Replayer) -> None:
    before, same, after = (
        _named("Secret", "fixed", immutable=True, data={"a": _b64(text)}) for text in ("one", "one", "two")
    )
    assert _created(replayer, before)[0].action is Action.CREATED
    assert _created(replayer, same)[0].action is Action.UNCHANGED
    (entry,) = _created(replayer, after)
    assert entry.action is Action.REJECTED and "immutable" in entry.message


def test_a_webhook_that_matches_everything_stops_nothing(replayer: Replayer) -> None:
    webhook = {
        "name": "everything.example.org",
        "clientConfig": {"service": {"name": "gone", "namespace": "gone"}},
        "failurePolicy": "Fail",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "matchConditions": [{"name": "all", "expression": "true"}],
        "rules": [{"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}],
    }
    version = "admissionregistration.k8s.io/v1"
    configurations = [
        _named(f"{sort}WebhookConfiguration", "everything", version, webhooks=[webhook])
        for sort in ("Validating", "Mutating")
    ]
    assert [entry.action for entry in _created(replayer, *configurations)] == [Action.CREATED] * 2
    assert _created(replayer, _named("ConfigMap", "after"))[0].action is Action.CREATED
    broken = json.loads(json.dumps(configurations[0]).replace("everything.example.org", "nodots"))
    assert _created(replayer, broken)[0].action is Action.REJECTED


def test_an_object_in_another_version_than_the_stored_one_is_taken(replayer: Replayer) -> None:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    service = {"name": "gone", "namespace": "gone"}
    spec = {
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [
            {"name": "v2", "served": True, "storage": True, "schema": schema},
            {"name": "v1", "served": True, "storage": False, "schema": schema},
        ],
        "conversion": {
            "strategy": "Webhook",
            "webhook": {"clientConfig": {"service": service}, "conversionReviewVersions": ["v1"]},
        },
    }
    definition = _named("CustomResourceDefinition", "widgets.example.org", "apiextensions.k8s.io/v1", spec=spec)
    entries = _created(replayer, definition, _named("Widget", "first", "example.org/v1", spec={"size": 1}))
    assert [entry.action for entry in entries] == [Action.CREATED] * 2, [entry.message for entry in entries]
