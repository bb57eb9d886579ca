"""No known plaintext survives in any of its forms."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from elysium.sealing import Redactor, is_opaque, opaque_token, produced_secret

_VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=6, max_size=40).filter(
    lambda text: len(text.strip()) >= 6 and not is_opaque(text)
)


def _secret(value: str) -> dict[str, object]:
    encoded = base64.b64encode(value.encode()).decode()
    return {"kind": "Secret", "metadata": {"name": "s", "namespace": "n"}, "data": {"k": encoded}}


@given(_VALUES)
def test_every_form_of_a_value_is_replaced(value: str) -> None:
    redactor = Redactor()
    assert redactor.learn_secret(_secret(value))
    encoded = base64.b64encode(value.encode()).decode()
    for form in (value, encoded, json.dumps(value), json.dumps(value, ensure_ascii=False), quote(value, safe="")):
        shown = redactor.text(f"<<{form}>>")
        assert form not in shown.removeprefix("<<").removesuffix(">>") or form == '"'


def test_tokens_depend_on_the_reference_alone() -> None:
    assert opaque_token("n", "s", "k") == opaque_token("n", "s", "k")
    assert opaque_token("n", "s", "k") != opaque_token("n", "s", "other")
    assert is_opaque(opaque_token("n", "s", "k"))


def test_short_values_stay_in_texts_but_not_in_the_secret() -> None:
    redactor = Redactor()
    redactor.learn_secret(_secret("abc"))
    assert redactor.text("abc") == "abc"
    shown = redactor.secret(_secret("abc"))
    assert base64.b64decode(shown["data"]["k"]).decode() == opaque_token("n", "s", "k")


def test_a_value_that_is_a_name_is_spared() -> None:
    redactor = Redactor()
    redactor.learn_secret(_secret("postgres"))
    redactor.spare(["postgres"])
    assert redactor.text("Service/postgres") == "Service/postgres"


def test_opaque_values_are_not_learned() -> None:
    redactor = Redactor()
    assert not redactor.learn_secret(_secret(opaque_token("n", "s", "k")))
    assert not redactor


def test_a_sealed_secret_ends_as_a_secret_with_its_keys() -> None:
    body = {
        "metadata": {"name": "sealed", "namespace": "n"},
        "spec": {"encryptedData": {"b": "Ag"}, "template": {"metadata": {"name": "made"}, "data": {"a": "{{ .b }}"}}},
    }
    made = produced_secret("bitnami.com", "SealedSecret", body)
    assert made is not None
    assert (made.namespace, made.name, made.keys, made.open_ended) == ("n", "sealed", ("a", "b"), False)


def test_an_external_secret_may_have_keys_that_nobody_knows() -> None:
    body = {
        "metadata": {"name": "external", "namespace": "n"},
        "spec": {"target": {"name": "made"}, "data": [{"secretKey": "user"}], "dataFrom": [{"extract": {"key": "x"}}]},
    }
    made = produced_secret("external-secrets.io", "ExternalSecret", body)
    assert made is not None
    assert (made.name, made.keys, made.open_ended) == ("made", ("user",), True)


def test_other_kinds_make_no_secret() -> None:
    assert produced_secret("apps", "Deployment", {}) is None


def _knowing(value: str) -> Redactor:
    redactor = Redactor()
    redactor.learn("n", "s", "k", value)
    return redactor


@given(_VALUES.filter(str.isascii), st.binary(max_size=5), st.binary(max_size=5))
def test_base64_of_something_longer_does_not_hold_the_value(value: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + value.strip().encode() + after).decode()
    assert _knowing(value).text(encoded) != encoded


def test_values_inside_a_value_are_replaced() -> None:
    docker = json.dumps({"auths": {"r": {"auth": base64.b64encode(b"robot:pass-1234").decode(), "port": 12345678}}})
    values = {
        "a: 1\nexport PASSWORD='in-a-line'\n": "in-a-line",
        "postgres://user:p%40ss-word@host/db": "p@ss-word",
        docker: "pass-1234",
    }
    for value, inside in values.items():
        assert is_opaque(_knowing(value).text(f"<{inside}>"))
    assert is_opaque(_knowing(docker).value({"port": 12345678})["port"])


def test_words_of_kubernetes_beside_a_secret_are_none() -> None:
    redactor = _knowing("password: hunter2hunter2\ntype: ClusterIP\n")
    assert redactor.text("ClusterIP hunter2hunter2").startswith("ClusterIP opaque-")


def test_the_beginning_of_a_value_that_was_cut_is_replaced() -> None:
    redactor = _knowing("hunter2hunter2")
    assert redactor.text("cannot read `hunter2...` here") == f"cannot read `{opaque_token('n', 's', 'k')}...` here"
    assert redactor.text("wait… and see…") == "wait… and see…"


def test_an_object_stays_an_object_whatever_its_secrets_are_called() -> None:
    redactor = _knowing("metadata")
    for value in ("Deployment", "replicas", "1000000"):
        redactor.learn("n", "s", "k", value)
    body = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"count": 1000000}}
    cleaned = redactor.object(body)
    assert cleaned["kind"] == "Deployment"
    assert cleaned["metadata"] == {"name": "a"}
    assert is_opaque(cleaned["spec"]["count"])


def test_narrowing_forgets_only_what_does_not_occur() -> None:
    redactor = _knowing("first-secret-of-all")
    redactor.learn("n", "s", "other", "second-secret-of-all")
    for text in ("x first-secret-of-all", json.dumps({"a": json.dumps("first-secret-of-all")}), "the first-s..."):
        assert redactor.narrowed(text.encode()).text(text) == redactor.text(text) != text
    assert not redactor.narrowed(b"nothing of the kind")
