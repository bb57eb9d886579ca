"""A real server still says what was recorded of it: all cases at once, on one control plane."""

from __future__ import annotations

import time
from typing import Any

import pytest

from elysium.cluster.protocol import Action, Entries, Entry
from elysium.cluster.replay import Replayer
from elysium.rehearse.judging.refusals import judge
from tests.rehearse.judging.recorded import Case, cases

UNFORCED = {"field of another"}  # Flux always takes a field over
CASES = [case for case in cases() if case.how == "apply" and case.name not in UNFORCED]


@pytest.fixture(scope="module")
def prepared(replayer: Replayer) -> Replayer:
    prepare(replayer)
    return replayer


def prepare(replayer: Replayer) -> None:
    """What must be there before: namespaces, definitions, then all the rest."""
    labels = {
        body["metadata"].get("namespace", ""): case.labels for case in CASES for body in (*case.before, case.object)
    }
    namespaces = [namespace(name, marks) for name, marks in labels.items() if name not in ("", "default", "j-nowhere")]
    before = [body for case in CASES for body in case.before]
    definitions = [body for body in before if body["kind"] == "CustomResourceDefinition"]
    for objects in (namespaces, definitions):
        create(replayer, objects)
    references = [
        {"group": "apiextensions.k8s.io", "kind": body["kind"], "name": body["metadata"]["name"]}
        for body in definitions
    ]
    replayer.call("ready", {"objects": references, "quiet": 10000, "limit": 10000}, dict[str, Any])
    create(replayer, [body for body in before if body["kind"] != "CustomResourceDefinition"])
    # Quotas and admission policies take effect some time after they are there.
    time.sleep(2)


def namespace(name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def create(replayer: Replayer, objects: list[dict[str, Any]]) -> None:
    unique = {str((body["kind"], body["metadata"])): body for body in objects}
    answer = replayer.call("create", {"objects": list(unique.values())}, Entries)
    assert not [entry for entry in answer.entries if entry.action is Action.REJECTED]


def said(replayer: Replayer, case: Case) -> Entry:
    params = {
        "unit": {"kind": "Kustomization", "namespace": "flux-system", "name": "apps"},
        "controller": "kustomize-controller",
        "account": case.account,
        "force": False,
        "ignore": [],
        "objects": [case.object],
    }
    [entry] = replayer.call("apply", params, Entries).entries
    return entry


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_server_says_the_same(prepared: Replayer, case: Case) -> None:
    entry = said(prepared, case)
    refusal = judge(entry, opaque=False)
    assert entry.action is Action.REJECTED
    assert (refusal.cause, refusal.field, refusal.hint) == (case.cause, case.field, case.hint), entry.message
