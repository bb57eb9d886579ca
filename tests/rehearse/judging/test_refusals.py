"""What a real server said is read as what it means: cause, field, what to do, and whether it counts."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from elysium.cluster.protocol import Action, Cause, Entry, Reference
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.judging.refusals import judge
from elysium.rehearse.judging.uncertain import takes_part
from elysium.rehearse.types import Verdict
from tests.rehearse.judging.recorded import Case, cases, entry_of

CASES = cases()
TOKEN = "opaque-0123456789ab"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_the_server_said_means(case: Case) -> None:
    refusal = judge(entry_of(case), opaque=False)
    assert (refusal.cause, refusal.field, refusal.hint) == (case.cause, case.field, case.hint)
    words = ("webhook", "range of valid IPs")  # what another cluster answers otherwise
    assert bool(refusal.unknown) == any(word in case.answer.message for word in words)


def test_every_cause_is_one_of_the_contract() -> None:
    words = set(re.findall(r"`([a-z-]+)`", (Verdict.__doc__ or "").split("attempts")[0]))
    assert {case.cause for case in CASES} <= words
    assert words - {case.cause for case in CASES} == {"message", "hint", "cause", "ownership", "other"}


def test_every_hint_is_short_and_names_no_opaque_value() -> None:
    for case in CASES:
        assert 10 < len(case.hint) < 400, case.name
        assert "\n" not in case.hint
        assert TOKEN not in judge(entry_of(case), opaque=True).hint


@pytest.mark.parametrize("case", [case for case in CASES if case.cause == "immutable"], ids=lambda case: case.name)
def test_what_a_chart_made_is_not_recreated_by_an_annotation(case: Case) -> None:
    hint = judge(msgspec.structs.replace(entry_of(case), step="release"), opaque=False).hint
    assert "force: enabled" not in hint
    assert hint


def entry(message: str, kind: str = "Deployment", group: str = "apps", **more: Any) -> Entry:
    reference = Reference(group=group, version="v1", kind=kind, namespace="web", name="web")
    return Entry(object=reference, action=Action.REJECTED, message=message, **more)


def unit(name: str, kind: UnitKind = UnitKind.KUSTOMIZATION) -> UnitId:
    return UnitId("clusters/test", kind, "flux-system", name)


def test_the_unit_that_makes_a_missing_namespace_is_named() -> None:
    missing = entry('namespaces "web" not found', reason="NotFound", code=404)
    makers = {ObjectId("", "Namespace", "", "web"): unit("namespaces")}
    assert judge(missing, opaque=False, makers=makers, unit=unit("apps")).hint == (
        "ks/flux-system/namespaces makes Namespace/web: let ks/flux-system/apps wait for it with"
        " dependsOn: [{name: namespaces}]"
    )


def test_the_unit_that_brings_a_missing_definition_is_named() -> None:
    missing = entry('no matches for kind "Widget" in version "example.com/v1"', "Widget", "example.com")
    definition = ObjectId("apiextensions.k8s.io", "CustomResourceDefinition", "", "widgets.example.com")
    hint = judge(missing, opaque=False, makers={definition: unit("op", UnitKind.HELM_RELEASE)}, unit=unit("apps")).hint
    assert hint.startswith(
        "hr/flux-system/op brings CustomResourceDefinition/widgets.example.com: let the Kustomization"
    )


def test_helm_takes_over_only_its_own() -> None:
    message = (
        'ConfigMap "web" in namespace "web" exists and cannot be imported into the current release: invalid ownership'
        ' metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"'
    )
    refusal = judge(entry(message, "ConfigMap", ""), opaque=False)
    assert refusal.cause == "ownership"
    assert "meta.helm.sh/release-name" in refusal.hint


def test_what_nobody_knows_is_other_and_has_no_hint() -> None:
    refusal = judge(entry("etcdserver: request timed out", reason="Timeout", code=504), opaque=False)
    assert (refusal.cause, refusal.hint, refusal.unknown) == ("other", "", "")


def invalid(field: str, message: str = "must be a number", kind: str = "Deployment") -> Entry:
    cause = Cause(reason="FieldValueInvalid", field=field, message=message)
    return entry(f'{kind}.apps "web" is invalid: {field}: {message}', kind, reason="Invalid", code=422, causes=(cause,))


def test_a_message_about_an_unknown_value_is_unknown() -> None:
    assert judge(invalid("spec.x", f'Invalid value: "{TOKEN}"'), opaque=False).unknown


def test_an_unknown_value_in_the_refused_field_makes_it_unknown() -> None:
    refused, body = invalid("spec.items[0].host"), {"spec": {"items": [{"host": TOKEN}, {"host": "b"}], "other": "c"}}
    assert takes_part(refused, body)
    assert judge(refused, opaque=True).unknown
    assert not takes_part(invalid("spec.items[1].host"), body)
    assert not takes_part(invalid("spec.other"), body)
    assert not judge(refused, opaque=False).unknown


def test_items_of_a_list_are_found_by_their_key() -> None:
    message = 'failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.env[name="A"].value: expected'
    body = {"spec": {"env": [{"name": "B", "value": "b"}, {"name": "A", "value": TOKEN}]}}
    assert takes_part(entry(f"{message} numeric, got string"), body)
    assert not takes_part(entry(f"{message} numeric, got string".replace('"A"', '"B"')), body)


def test_without_a_field_any_unknown_value_counts() -> None:
    denied = entry("denied request: ValidatingAdmissionPolicy 'x'")
    assert takes_part(denied, {"data": {"a": TOKEN}})
    assert not takes_part(denied, {"data": {"a": "b"}})


def test_a_secret_is_looked_into() -> None:
    body = {"kind": "Secret", "data": {"tls.crt": "b3BhcXVlLTAxMjM0NTY3ODlhYg=="}}
    assert takes_part(invalid("data[tls.crt]", kind="Secret"), body)


@pytest.mark.parametrize(
    "message",
    [
        'namespaces "web" not found',
        'pods "web" is forbidden: exceeded quota: limits, requested: pods=1, used: pods=1, limited: pods=1',
        'User "x" cannot patch resource "pods" in API group "" in the namespace "web"',
        'failed to create typed patch object (a/b): .spec.env: duplicate entries for key [name="A"]',
    ],
)
def test_what_no_value_mends_stays_a_refusal(message: str) -> None:
    assert not judge(entry(message), opaque=True).unknown


def test_a_field_that_is_missing_stays_a_refusal() -> None:
    cause = Cause(reason="FieldValueRequired", field="spec.image", message="Required value")
    assert not judge(entry("x is invalid", reason="Invalid", causes=(cause,)), opaque=True).unknown


def test_a_known_change_of_an_immutable_field_is_certain() -> None:
    refused = invalid("spec.template", "field is immutable", "Job")
    before = {"spec": {"template": {"image": "a:1", "env": TOKEN}}}
    other_token = {"spec": {"template": {"image": "a:1", "env": "opaque-ba9876543210"}}}
    assert not takes_part(refused, {"spec": {"template": {"image": "a:2", "env": TOKEN}}}, before)
    assert takes_part(refused, other_token, before)


def test_a_quoted_template_is_judged_by_what_changed_in_it() -> None:
    quoted = invalid("spec.template", f'Invalid value: {{"env": "{TOKEN}"}}: field is immutable', "Job")
    before = {"spec": {"template": {"image": "a:1", "env": TOKEN}}}
    after = {"spec": {"template": {"image": "a:2", "env": TOKEN}}}
    assert not judge(quoted, opaque=takes_part(quoted, after, before)).unknown
    assert judge(quoted, opaque=takes_part(quoted, after)).unknown


def test_what_may_change_of_a_set_takes_no_part() -> None:
    refused = invalid("spec", "updates to statefulset spec for fields other than", "StatefulSet")
    assert not takes_part(refused, {"spec": {"template": {"env": TOKEN}, "serviceName": "a"}})
    assert takes_part(refused, {"spec": {"serviceName": TOKEN}})
