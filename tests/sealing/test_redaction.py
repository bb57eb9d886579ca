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
    assert (made.namespace, made.name, made.keys, made.open_ended) == ("n", "made", ("a", "b"), False)


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
