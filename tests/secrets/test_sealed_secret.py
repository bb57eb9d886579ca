"""The text of a SealedSecret."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from elysium.errors import SealingError
from elysium.sealing.sealed import Scope
from elysium.secrets import Place, sealed_object, sealed_text, yaml_document
from elysium.secrets.writing import is_plain, json_text, scalar, yaml_lines
from tests.secrets.sealing_keys import certificate, expired_certificate, opened

SEALED = re.compile(r"AQ[A-Za-z0-9+/=]+")


def read(text: str, version: str) -> object:
    reader = YAML(typ="safe", pure=True)
    reader.version = version
    return reader.load(f"%YAML {version}\n---\n{text}")


def test_the_text_is_the_one_of_kubeseal() -> None:
    values = {"token": b"x", ".env": b"A=1", "123": b"", "on": b"\xff", "key10": b"1", "key2": b"2"}
    text = sealed_text(
        name="app",
        namespace="web",
        values=values,
        certificate=certificate(),
        type="Opaque",
        comments=["What the app logs in with.", ""],
    )
    assert SEALED.sub("…", text) == (
        "---\n# What the app logs in with.\n#\n"
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n"
        "metadata:\n  name: app\n  namespace: web\n"
        "spec:\n  encryptedData:\n"
        '    .env: …\n    "123": …\n    key2: …\n    key10: …\n    "on": …\n    token: …\n'
        "  template:\n    metadata:\n      name: app\n      namespace: web\n    type: Opaque\n"
    )
    assert opened(text, b"web/app") == values


@pytest.mark.parametrize(("scope", "label"), [(Scope.NAMESPACE, b"web"), (Scope.CLUSTER, b"")])
def test_a_wider_scope_stands_in_both_places(scope: Scope, label: bytes) -> None:
    body = sealed_object(Place(name="app", namespace="web", scope=scope), {"a": b"x"}, certificate())
    annotation = {f"sealedsecrets.bitnami.com/{scope}": "true"}
    assert body["metadata"]["annotations"] == body["spec"]["template"]["metadata"]["annotations"] == annotation
    assert opened(yaml_document(body), label) == {"a": b"x"}


@pytest.mark.parametrize(
    ("name", "namespace", "message"),
    [
        ("", "web", "missing metadata.name in input Secret"),
        ("app", "", "secret must declare a namespace"),
        ("App", "web", "metadata.name 'App' is not a name"),
        ("app", "a b", "metadata.namespace 'a b' is not a name"),
        ("app-${CLUSTER_NAME}", "web", "metadata.name 'app-${CLUSTER_NAME}' holds a variable"),
        ("x" * 254, "web", f"metadata.name '{'x' * 254}' is not a name"),
    ],
)
def test_a_place_that_cannot_be_is_refused(name: str, namespace: str, message: str) -> None:
    with pytest.raises(SealingError) as caught:
        sealed_text(name=name, namespace=namespace, values={"a": b"hunter2"}, certificate=certificate())
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize("key", ["a b", "", "a/b", ".", "..", "ä", "x" * 254])
def test_a_key_that_kubernetes_refuses_is_refused(key: str) -> None:
    with pytest.raises(SealingError, match="is not valid key name for a Secret"):
        sealed_text(name="app", namespace="web", values={key: b"hunter2"}, certificate=certificate())


def test_nothing_is_sealed_for_nobody() -> None:
    with pytest.raises(SealingError, match=r"secret\.data is empty in input Secret"):
        sealed_text(name="app", namespace="web", values={}, certificate=certificate())
    with pytest.raises(SealingError, match="expired certificate"):
        sealed_text(name="app", namespace="web", values={"a": b""}, certificate=expired_certificate())


WORDS = st.sampled_from(
    ["yes", "N", "on", "null", "~", "0x1F", "1e3", "1_0", "0o7", "12:30", "2024-01-01", ".5", "=", ""]
)


@given(st.dictionaries(st.text(max_size=9) | WORDS, st.text(max_size=30) | WORDS, min_size=1, max_size=6))
def test_whatever_a_label_says_is_read_as_it_was(texts: dict[str, str]) -> None:
    texts = {clean(key): clean(value) for key, value in texts.items()}
    text = "\n".join(yaml_lines({"metadata": {"labels": texts, "list": sorted(texts)}})) + "\n"
    for version in ("1.1", "1.2"):
        assert read(text, version) == {"metadata": {"labels": texts, "list": sorted(texts)}}


def clean(text: str) -> str:
    """Without what YAML cannot hold, even escaped, for the reader of these tests."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t\x85\u2028")


def test_only_words_stand_without_quotes() -> None:
    assert [is_plain(text) for text in ("app", "a.b/c-d", ".env", "2024-backup")] == [True] * 4
    assert not any(
        map(is_plain, ["yes", "n", "null", "1", "1.5", "0x1f", "1e3", "12:30", "", "a: b", "#", "-", ".inf"])
    )
    assert (scalar(True), scalar(None), scalar("true"), scalar("a b")) == ("true", "null", '"true"', '"a b"')


def test_json_is_as_go_writes_it() -> None:
    assert json_text({"b": "<&>é", "a": 1}) == '{"b":"\\u003c\\u0026\\u003eé","a":1}'
