"""What is sent for an object: itself, byte for byte, except for the few things that call or hold what must not be."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest

from elysium.model import Origin, RenderedObject, UnitId, UnitKind
from elysium.rehearse.preparing import Prepared, prepare
from elysium.rehearse.types import Phase
from elysium.sealing import is_opaque, opaque_token

_UNIT = UnitId("clusters/test", UnitKind.KUSTOMIZATION, "flux-system", "apps")
_TOKEN = opaque_token("apps", "login", "password")


def item_of(body: dict[str, Any]) -> RenderedObject:
    """An object that some unit has rendered."""
    metadata = body["metadata"]
    return RenderedObject(
        api_version=body["apiVersion"],
        kind=body["kind"],
        namespace=metadata.get("namespace", ""),
        name=metadata["name"],
        origin=Origin(unit=_UNIT),
        raw=msgspec.json.encode(body),
    )


def _secret(**fields: Any) -> RenderedObject:
    return item_of({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "namespace": "apps"}, **fields})


def _sent(item: RenderedObject) -> dict[str, Any]:
    raw = prepare(item, Phase.HEAD).raw
    assert raw is not None
    return dict(json.loads(raw))


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_what_needs_no_change_is_sent_byte_for_byte() -> None:
    raw = b'{"kind":"ConfigMap", "apiVersion":"v1","metadata":{"name":"a"},  "data":{"b":"c"}}'
    item = msgspec.structs.replace(item_of(json.loads(raw)), raw=raw)
    assert prepare(item, Phase.HEAD) == Prepared(raw=raw)


def test_an_opaque_value_is_told() -> None:
    item = item_of({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": f"x{_TOKEN}"}})
    assert prepare(item, Phase.HEAD).opaque


def test_a_secret_keeps_its_keys_and_none_of_its_values() -> None:
    item = _secret(type="Opaque", data={"password": _b64("correct horse battery")}, stringData={"user": "somebody"})
    prepared = prepare(item, Phase.HEAD)
    sent = _sent(item)
    assert prepared.raw is not None
    for value in (b"correct horse", _b64("correct horse battery").encode(), b"somebody"):
        assert value not in prepared.raw
    assert sent["data"].keys() == {"password"} and sent["stringData"].keys() == {"user"}
    assert len(base64.b64decode(sent["data"]["password"])) == 32
    assert not prepared.opaque and not prepared.unknown


def test_a_value_that_changes_changes_its_placeholder() -> None:
    before, after = (_sent(_secret(data={"password": _b64(text)})) for text in ("one", "two"))
    assert before != after
    assert before == _sent(_secret(data={"password": _b64("one")}))


def test_an_opaque_value_of_a_secret_is_well_formed() -> None:
    sent = _sent(
        _secret(type="kubernetes.io/dockerconfigjson", data={".dockerconfigjson": _TOKEN, "other": "!" + _TOKEN})
    )
    assert json.loads(base64.b64decode(sent["data"][".dockerconfigjson"]))["auths"] == {}
    assert base64.b64decode(sent["data"]["other"], validate=True)
    assert not is_opaque(json.dumps(sent))


@pytest.mark.parametrize(
    ("kind", "key", "value", "sound"),
    [
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson", '{"auths":{"r":{"auth":"eA=="}}}', True),
        ("kubernetes.io/dockercfg", ".dockercfg", '{"r":{"auth":"eA=="}}', True),
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson", "no json", False),
    ],
)
def test_credentials_of_registries_stay_what_the_server_makes_of_them(
    kind: str, key: str, value: str, sound: bool
) -> None:
    text = base64.b64decode(_sent(_secret(type=kind, data={key: _b64(value)}))["data"][key]).decode()
    assert "eA==" not in text
    if sound:
        assert isinstance(json.loads(text), dict)
    else:
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(text)


def test_what_is_wrong_with_a_secret_stays_wrong() -> None:
    sent = _sent(_secret(data={"port": 8080, "flag": True, "text": "not base64 at all", "empty": ""}))
    assert sent["data"]["port"] == 0 and sent["data"]["flag"] is False and sent["data"]["empty"] == ""
    with pytest.raises(ValueError, match=r"."):
        base64.b64decode(sent["data"]["text"], validate=True)
    assert _sent(_secret(data=["hidden"]))["data"] == []


def test_what_kubectl_noted_is_no_way_out() -> None:
    body = _secret().body()
    body["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": '{"data":{"a":"hidden"}}'}
    raw = prepare(item_of(body), Phase.HEAD).raw
    assert raw is not None and b"hidden" not in raw


@pytest.mark.parametrize("kind", ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"])
def test_a_webhook_is_sent_and_never_called(kind: str) -> None:
    rule = {"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}
    conditions = [{"name": f"c{number}", "expression": "true"} for number in range(64)]
    webhooks = [{"name": "a.b.c", "rules": [rule]}, {"name": "d.e.f", "rules": [rule], "matchConditions": conditions}]
    body = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": "hooks"},
        "webhooks": webhooks,
    }
    prepared = prepare(item_of(body), Phase.HEAD)
    sent = _sent(item_of(body))
    assert [hook["matchConditions"][-1]["expression"] for hook in sent["webhooks"]] == ["false", "false"]
    assert len(sent["webhooks"][1]["matchConditions"]) == 64
    assert prepared.unknown[0].code == "webhook"
    assert "CREATE of core/v1 pods" in prepared.unknown[0].message


def _definition(conversion: dict[str, Any] | None, *versions: str) -> RenderedObject:
    spec: dict[str, Any] = {"group": "example.org", "versions": [{"name": name, "served": True} for name in versions]}
    if conversion:
        spec["conversion"] = conversion
    return item_of(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "things.example.org"},
            "spec": spec,
        }
    )


def test_a_webhook_of_conversion_is_taken_away() -> None:
    webhook = {"strategy": "Webhook", "webhook": {"clientConfig": {"service": {"name": "a", "namespace": "b"}}}}
    item = _definition(webhook, "v1", "v2")
    assert _sent(item)["spec"]["conversion"] == {"strategy": "None"}
    assert [found.code for found in prepare(item, Phase.BASE).unknown] == ["conversion"]
    assert prepare(_definition(webhook, "v1"), Phase.BASE).unknown == ()
    plain = _definition(None, "v1", "v2")
    assert prepare(plain, Phase.BASE) == Prepared(raw=plain.raw)


def test_an_api_of_another_server_is_left_out() -> None:
    body: dict[str, Any] = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1beta1.metrics.k8s.io"},
        "spec": {"service": {"name": "metrics-server", "namespace": "kube-system"}},
    }
    prepared = prepare(item_of(body), Phase.HEAD)
    assert prepared.raw is None and [found.code for found in prepared.unknown] == ["aggregated"]
    local = item_of(body | {"spec": {"group": "apps", "version": "v1"}})
    assert prepare(local, Phase.HEAD) == Prepared(raw=local.raw)
