"""What a person is told of objects that were made anew, or that nothing manages any more."""

from __future__ import annotations

import pytest

from elysium.cluster.protocol import Action
from elysium.model import ObjectId
from elysium.rehearse.consequences import consequence

CLAIM = ObjectId("", "PersistentVolumeClaim", "wiki", "data")


def test_a_recreated_claim_loses_its_data() -> None:
    assert "its data is gone" in consequence(Action.RECREATED, CLAIM)


def test_any_other_recreated_object_says_so_too() -> None:
    assert "made anew" in consequence(Action.RECREATED, ObjectId("batch", "Job", "wiki", "migrate"))


@pytest.mark.parametrize(
    ("identity", "command"),
    [
        (CLAIM, "kubectl -n wiki delete persistentvolumeclaim data"),
        (ObjectId("apps", "Deployment", "wiki", "wiki"), "kubectl -n wiki delete deployment.apps wiki"),
        (
            ObjectId("rbac.authorization.k8s.io", "ClusterRole", "", "w"),
            "delete clusterrole.rbac.authorization.k8s.io w",
        ),
    ],
)
def test_an_orphan_comes_with_the_command_that_removes_it(identity: ObjectId, command: str) -> None:
    assert command in consequence(Action.ORPHANED, identity)


@pytest.mark.parametrize("action", [Action.CREATED, Action.CONFIGURED, Action.UNCHANGED, Action.PRUNED])
def test_what_needs_no_word_has_none(action: Action) -> None:
    assert consequence(action, CLAIM) == ""
