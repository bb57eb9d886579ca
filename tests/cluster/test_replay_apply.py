"""The replay applies objects as kustomize-controller does, on a real API server."""

from __future__ import annotations

import itertools

import pytest

from elysium.cluster.protocol import Entries
from elysium.cluster.replay import Replayer
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
    reference,
    widget,
)

NUMBERS = itertools.count()
FLUX = "kustomize.toolkit.fluxcd.io"


@pytest.fixture
def home(replayer: Replayer) -> str:
    """A namespace of the test's own."""
    name = f"home-{next(NUMBERS)}"
    assert actions(apply(replayer, namespace(name))) == {name: "created"}
    return name


def marked(key: str, value: str) -> Manifest:
    return {"annotations": {f"{FLUX}/{key}": value}}


def test_definitions_come_before_their_users_in_one_unit(replayer: Replayer) -> None:
    names = {"kind": "Gadget", "plural": "gadgets", "singular": "gadget", "listKind": "GadgetList"}
    spec = {**DEFINITION["spec"], "group": "example.com", "names": names}
    definition = {**DEFINITION, "metadata": {"name": "gadgets.example.com"}, "spec": spec}
    gadget = manifest("example.com/v1", "Gadget", "first", "defined", spec={"size": 1})
    told = apply(replayer, gadget, definition, namespace("defined"), configmap("c", "defined"))
    assert set(actions(told).values()) == {"created"}
    assert [found.index for found in told.entries] == [0, 1, 2, 3]
    assert told.stage == "" and told.failed == ""


def test_what_is_applied_again_is_unchanged_and_what_differs_is_configured(replayer: Replayer, home: str) -> None:
    apply(replayer, configmap("a", home, x="1"), configmap("b", home, x="1"))
    told = apply(replayer, configmap("a", home, x="1"), configmap("b", home, x="2"))
    assert actions(told) == {"a": "unchanged", "b": "configured"}


def test_a_refusal_keeps_its_stage_and_all_refusals_are_told(replayer: Replayer, home: str) -> None:
    apply(replayer, DEFINITION)
    told = apply(
        replayer,
        namespace(home),
        configmap("fine", home),
        configmap("wrong", home, number=1),
        widget("big", home, size=30),
        widget("odd", home, sizzze=3),
    )
    assert actions(told) == {
        home: "unchanged",
        "fine": "skipped",
        "wrong": "rejected",
        "big": "rejected",
        "odd": "rejected",
    }
    assert told.stage == "resources"
    assert "wrong" in entry(told, "fine").message
    big = entry(told, "big")
    assert (big.code, big.reason, big.causes[0].field) == (422, "Invalid", "spec")
    assert "too big" in big.message
    assert ".spec.sizzze: field not declared in schema" in entry(told, "odd").message
    assert held(replayer, reference("ConfigMap", "fine", home)) == [None]


def test_a_refused_definition_keeps_the_later_stages(replayer: Replayer, home: str) -> None:
    told = apply(replayer, namespace("Not_A_Name"), configmap("fine", home))
    assert actions(told) == {"Not_A_Name": "rejected", "fine": "skipped"}
    assert told.stage == "definitions"


def test_what_cannot_be_changed_is_refused_or_recreated_by_force(replayer: Replayer, home: str) -> None:
    apply(replayer, deployment("web", home))
    refused = apply(replayer, deployment("web", home, app="b"), configmap("beside", home))
    assert actions(refused) == {"web": "rejected", "beside": "skipped"}
    assert "field is immutable" in entry(refused, "web").message
    assert actions(apply(replayer, deployment("web", home, app="b"), force=True)) == {"web": "recreated"}
    wanted = deployment("web", home, app="c")
    wanted["metadata"] |= marked("force", "enabled")
    assert actions(apply(replayer, wanted)) == {"web": "recreated"}


def test_a_forced_object_beside_a_refused_one_is_left_out_and_not_deleted(replayer: Replayer, home: str) -> None:
    apply(replayer, deployment("web", home))
    before = held(replayer, reference("Deployment", "web", home, "apps"))[0]
    told = apply(
        replayer, *(configmap(f"wrong-{n}", home, x=1) for n in range(9)), deployment("web", home, app="b"), force=True
    )
    assert entry(told, "web").action.value == "skipped"
    after = held(replayer, reference("Deployment", "web", home, "apps"))[0]
    assert before and after and before["metadata"]["uid"] == after["metadata"]["uid"]


@pytest.mark.parametrize(("key", "value"), [("reconcile", "disabled"), ("ssa", "Ignore"), ("ssa", "IfNotPresent")])
def test_marks_keep_the_controller_from_what_is_there(replayer: Replayer, home: str, key: str, value: str) -> None:
    apply(replayer, configmap("kept", home, x="1"))
    told = apply(replayer, configmap("kept", home, metadata=marked(key, value), x="2"), configmap("other", home))
    assert actions(told) == {"kept": "skipped", "other": "created"}
    assert entry(told, "kept").message == f"{FLUX}/{key}: {value}"


def test_if_not_present_creates_what_is_not_there(replayer: Replayer, home: str) -> None:
    told = apply(replayer, configmap("new", home, metadata=marked("ssa", "IfNotPresent")))
    assert actions(told) == {"new": "created"}


def test_ignored_fields_stay_as_they_are_in_the_cluster(replayer: Replayer, home: str) -> None:
    apply(replayer, configmap("shared", home, ours="1", theirs="1"))
    replayer.call("create", {"objects": [configmap("shared", home, theirs="2")]}, Entries)
    rules = [{"paths": ["/data/theirs"], "target": {"kind": "ConfigMap"}}]
    told = apply(replayer, configmap("shared", home, ours="2", theirs="1"), ignore=rules)
    assert actions(told) == {"shared": "configured"}
    found = held(replayer, reference("ConfigMap", "shared", home))[0]
    assert found and found["data"] == {"ours": "2", "theirs": "2"}


def test_a_broken_ignore_rule_fails_the_unit_and_not_the_replay(replayer: Replayer, home: str) -> None:
    told = apply(replayer, configmap("a", home), ignore=[{"paths": ["/data"], "target": {"kind": "("}}])
    assert actions(told) == {"a": "skipped"}
    assert "regex" in told.failed


def test_an_account_does_what_its_roles_allow(replayer: Replayer, home: str) -> None:
    account = f"system:serviceaccount:{home}:deployer"
    refused = apply(replayer, configmap("a", home), account=account)
    assert (entry(refused, "a").reason, entry(refused, "a").code) == ("Forbidden", 403)
    assert account in entry(refused, "a").message
    subject = {"kind": "Group", "name": f"system:serviceaccounts:{home}", "apiGroup": "rbac.authorization.k8s.io"}
    role = {"kind": "ClusterRole", "name": "cluster-admin", "apiGroup": "rbac.authorization.k8s.io"}
    version = "rbac.authorization.k8s.io/v1"
    apply(replayer, manifest(version, "RoleBinding", "deployer", home, subjects=[subject], roleRef=role))
    assert actions(apply(replayer, configmap("a", home), account=account)) == {"a": "created"}
    refused = apply(replayer, namespace("outside"), account=account)
    assert entry(refused, "outside").reason == "Forbidden"


def test_warnings_are_told_of_the_object_they_are_about(replayer: Replayer, home: str) -> None:
    apply(replayer, namespace(home, **{"pod-security.kubernetes.io__warn": "restricted"}))
    told = apply(replayer, configmap("quiet", home), deployment("web", home, securityContext={"privileged": True}))
    assert entry(told, "quiet").warnings == ()
    assert any("would violate PodSecurity" in warning for warning in entry(told, "web").warnings)


def test_fields_that_the_controller_drops_are_warned_of(replayer: Replayer, home: str) -> None:
    """kustomize-controller normalises Kubernetes' own kinds; the server never sees a misspelt field."""
    told = apply(replayer, deployment("web", home, imagePullPolice="Always"))
    assert actions(told) == {"web": "created"}
    assert entry(told, "web").warnings == ('unknown field "spec.template.spec.containers[0].imagePullPolice"',)


@pytest.mark.parametrize(
    ("sent", "reason", "words"),
    [
        ({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}, "Malformed", "name may not be empty"),
        ({"apiVersion": "v1", "kind": "ConfigMap", "metadata": "x"}, "Malformed", "metadata"),
        ({"apiVersion": "a/b/c", "kind": "ConfigMap", "metadata": {"name": "x"}}, "Malformed", "GroupVersion"),
        ({"apiVersion": "v1", "metadata": {"name": "x"}}, "Malformed", "Kind"),
        ({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "../../x"}}, "Malformed", "name"),
        ({}, "Malformed", "Kind"),
        (configmap("x"), "NamespaceNotSpecified", "namespace not specified"),
        (configmap("x", "missing"), "NotFound", 'namespaces "missing" not found'),
        (manifest("policy/v1beta1", "PodDisruptionBudget", "x", "default"), "NoKindMatch", "no matches for kind"),
        ({**configmap("x", "default"), "sops": {}, "kind": "Secret"}, "", "SOPS encrypted"),
    ],
)
def test_hostile_and_mistaken_objects_are_rejected(replayer: Replayer, sent: Manifest, reason: str, words: str) -> None:
    told = apply(replayer, sent, configmap("beside", "default"))
    assert told.entries[0].action.value == "rejected"
    assert told.entries[0].reason == reason
    assert words in told.entries[0].message
    assert told.entries[1].action.value == "skipped"


def test_a_kind_is_unknown_after_its_definition_is_deleted_and_known_again_with_it(
    replayer: Replayer, home: str
) -> None:
    apply(replayer, DEFINITION)
    gone = reference("CustomResourceDefinition", "widgets.example.org", group="apiextensions.k8s.io")
    replayer.call("delete", {"objects": [gone]}, Entries)
    assert entry(apply(replayer, widget("w", home, size=1)), "w").reason == "NoKindMatch"
    wide = {**DEFINITION, "spec": {**DEFINITION["spec"], "scope": "Cluster"}}
    assert actions(apply(replayer, wide, widget("w", size=1))) == {"widgets.example.org": "created", "w": "created"}
    replayer.call("delete", {"objects": [gone]}, Entries)


def test_fields_of_kubectl_are_taken_over_unless_the_object_is_merged(replayer: Replayer, home: str) -> None:
    for name in ("taken", "merged"):
        theirs = configmap(name, home, metadata={"annotations": {"fluxcd.io/sync-checksum": "x"}}, ours="1")
        replayer.call("create", {"objects": [theirs]}, Entries)
    apply(replayer, configmap("taken", home), configmap("merged", home, metadata=marked("ssa", "Merge")))
    taken, merged = held(replayer, reference("ConfigMap", "taken", home), reference("ConfigMap", "merged", home))
    assert taken and merged
    assert "fluxcd.io/sync-checksum" not in taken["metadata"].get("annotations", {})
    assert "fluxcd.io/sync-checksum" in merged["metadata"]["annotations"]


def test_a_policy_is_enforced_when_its_unit_is_applied(replayer: Replayer, home: str) -> None:
    version = "admissionregistration.k8s.io/v1"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
    matched = {"resourceRules": [rule], "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": home}}}
    validations = [{"expression": "!has(object.data)", "message": "no data here"}]
    spec = {"matchConstraints": matched, "validations": validations}
    policy = manifest(version, "ValidatingAdmissionPolicy", home, spec=spec)
    binding = {"policyName": home, "validationActions": ["Deny"]}
    apply(replayer, policy, manifest(version, "ValidatingAdmissionPolicyBinding", home, spec=binding))
    told = apply(replayer, configmap("a", home, x="1"))
    assert "no data here" in entry(told, "a").message


def test_a_quota_is_enforced_on_the_pods_of_its_own_unit(replayer: Replayer, home: str) -> None:
    quota = manifest("v1", "ResourceQuota", "none", home, spec={"hard": {"pods": "0"}})
    account = manifest("v1", "ServiceAccount", "app", home)
    apply(replayer, quota, account)
    pod = manifest(
        "v1", "Pod", "p", home, spec={"serviceAccountName": "app", "containers": [{"name": "c", "image": "x"}]}
    )
    told = apply(replayer, pod)
    assert (entry(told, "p").reason, entry(told, "p").action.value) == ("Forbidden", "rejected")
    assert "exceeded quota: none" in entry(told, "p").message


def test_an_object_that_a_unit_has_twice_has_two_verdicts(replayer: Replayer, home: str) -> None:
    told = apply(replayer, configmap("twice", home, x=1), configmap("twice", home, x=1), configmap("once", home))
    assert [found.action.value for found in told.entries] == ["rejected", "rejected", "skipped"]
