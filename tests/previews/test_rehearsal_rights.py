"""What an account may not do when it deploys a preview: each step, the server's words, and the rule that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.api.preview_rehearsing import PreviewRehearsalOptions, events_of, rehearse_preview
from elysium.cluster.protocol import Action, Entry, Reference
from elysium.evaluate import ObjectIndex
from elysium.model import ObjectId
from elysium.previews.rehearsal import (
    EventKind,
    MissingRule,
    PreviewRehearsal,
    RehearsedEvent,
    RehearsedStep,
    StepEntry,
    StepState,
)
from elysium.previews.rehearsal.refusals import entry_of, merged, rules_in, where_to_add
from tests.previews.platforms import edit
from tests.previews.rehearsals import STRANGER, rehearsed, step_of
from tests.previews.test_original import ORIGINAL


@pytest.fixture(scope="module")
def stranger(warm_cache: Path) -> PreviewRehearsal:
    """An account without any right."""
    return rehearsed("opened,closed", account=STRANGER)


# 2.P3d: it fails on each step that the account may not do


def test_a_stranger_fails_on_every_step_and_the_rehearsal_goes_on(stranger: PreviewRehearsal) -> None:
    assert (stranger.account, stranger.passed) == (STRANGER, False)
    opened, closed = stranger.events
    assert [step.state for step in opened.steps] == [StepState.REFUSED] * 7
    assert [step.state for step in closed.steps] == [StepState.REFUSED] * 3
    assert all(step.stood_in for event in stranger.events for step in event.steps)


def test_each_refusal_has_the_words_of_the_server(stranger: PreviewRehearsal) -> None:
    for event in stranger.events:
        for step in event.steps:
            for entry in step.entries:
                assert f'User "{STRANGER}" cannot ' in entry.message
                assert (entry.cause, bool(entry.missing)) == ("forbidden", True)


def test_the_missing_rules_are_whole(stranger: PreviewRehearsal) -> None:
    told = {str(rule) for rule in stranger.summary.missing}
    assert told == {
        "get, create, patch, delete namespaces",
        "get, create, patch rolebindings.rbac.authorization.k8s.io in pr-123",
        "get, create, patch resourcequotas in pr-123",
        "get, create, patch limitranges in pr-123",
        "get, create, patch networkpolicies.networking.k8s.io in pr-123",
        "get, list, create, update, patch, delete secrets in pr-123",
        "get, create, patch, delete configmaps in pr-123",
        "get, create, patch, delete services in pr-123",
        "get, list, watch, create, patch, delete deployments.apps in pr-123",
        "get, create, patch, delete statefulsets.apps in pr-123",
        "get, create, patch, delete jobs.batch in pr-123",
        "get, create, patch, delete ingresses.networking.k8s.io in pr-123",
    }


def test_what_the_platform_does_instead_comes_up_and_goes_again(stranger: PreviewRehearsal) -> None:
    opened, closed = stranger.events
    assert {item.state.value for item in opened.workloads} == {"ready"}
    assert not closed.leftovers


def test_one_missing_right_fails_its_steps_and_no_other(warm_cache: Path) -> None:
    (event,) = rehearsed("opened", without_policies).events
    refused = [step.name for step in event.steps if step.state is StepState.REFUSED]
    assert refused == ["wait for the rights", "apply the policies"]
    step = step_of(event, "apply the policies")
    (rule,) = step.missing
    assert rule.rule == '{apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: [create, patch]}'
    assert (rule.namespace, step.hint) == (
        "pr-123",
        f"give ServiceAccount/preview-system/preview-deployer: {rule.rule} in pr-123",
    )
    assert step_of(event, "install the chart").state is StepState.DONE


def without_policies(root: Path) -> None:
    before = "resources: [networkpolicies]\n    verbs: [get, create, patch]"
    edit(root, "k8s/rbac/pr-admin.yaml", before, "resources: [networkpolicies]\n    verbs: [get]")


def test_nobody_gives_what_he_does_not_hold(warm_cache: Path) -> None:
    (event,) = rehearsed("opened", without_bind).events
    step = step_of(event, "make the namespace")
    assert [str(rule) for rule in step.missing] == ["bind clusterroles.rbac.authorization.k8s.io preview-namespace"]
    assert "attempting to grant RBAC permissions not currently held" in step.message
    assert 'resourceNames: ["preview-namespace"], verbs: [bind]' in step.hint


def without_bind(root: Path) -> None:
    edit(root, "k8s/rbac/pr-admin.yaml", "verbs: [bind]", "verbs: [get]")


def test_the_plan_that_previews_began_with_could_not_have_worked(warm_cache: Path) -> None:
    with Workspace(ORIGINAL, options=Options(workers=1)) as workspace:
        options = PreviewRehearsalOptions(events=events_of("opened,closed,closed"))
        found = rehearse_preview(workspace, 123, options)
    assert found.account == "system:serviceaccount:preview-system:pr-admin"
    assert [str(rule) for rule in found.summary.missing] == [
        "get, create, patch limitranges in pr-123",
        "patch namespaces",
        "get, create, patch resourcequotas in pr-123",
        "get, create, patch, delete serviceaccounts in pr-123",
    ]
    opened, closed, again = found.events
    refused = [step.name for step in opened.steps if step.state is StepState.REFUSED]
    assert refused == ["make the namespace", "apply the policies", "install the chart"]
    assert {item.cause for item in opened.troubled} == {"quota"}
    assert (closed.leftovers, again.passed) == ((), True)


# Reading and putting together


def test_rules_are_read_from_the_words_of_the_server() -> None:
    words = (
        'secrets is forbidden: User "ann" cannot list resource "secrets" in API group "" in the namespace "pr-1"; '
        'User "ann" cannot get resource "nodes" in API group "" at the cluster scope'
    )
    assert [str(rule) for rule in rules_in(words)] == ["get nodes", "list secrets in pr-1"]


def test_rules_of_one_resource_are_put_together() -> None:
    rules = [MissingRule(group="", resource="pods", verbs=(verb,), namespace="a") for verb in ("patch", "get", "patch")]
    assert [rule.verbs for rule in merged(rules)] == [("get", "patch")]
    assert where_to_add((), "ann") == ""
    assert where_to_add(merged(rules), "ann").startswith("give user ann: ")


def test_what_changes_without_a_reason_is_drift() -> None:
    known = ObjectId("", "Service", "pr-1", "app")
    entries = tuple(
        StepEntry(object=known, action=Action(action), expected=expected)
        for action, expected in (("configured", False), ("configured", True), ("unchanged", False), ("pruned", False))
    )
    step = RehearsedStep(name="upgrade the chart", command="helm", state=StepState.DONE, entries=entries)
    event = RehearsedEvent(number=1, kind=EventKind.SYNCHRONIZE, steps=(step,))
    assert event.drift == (entries[0],)
    assert not event.passed


def test_a_refusal_of_a_value_that_only_the_cluster_has_is_none() -> None:
    told = Entry(
        object=Reference(kind="ConfigMap", namespace="pr-1", name="app"),
        action=Action.REJECTED,
        reason="Invalid",
        message='ConfigMap "app" is invalid: data.port: Invalid value: "opaque-0123456789ab": must be a number',
    )
    entry = entry_of(told, None, ObjectIndex(()), ("get",), lambda verb, identity: True)
    assert (entry.action, entry.cause) == (Action.SKIPPED, "")
    assert "only the cluster holds" in entry.unknown
    step = RehearsedStep(name="install the chart", command="helm", state=StepState.SKIPPED, entries=(entry,))
    assert step.ends_the_job
    assert not step.in_trouble
