"""Manifests are sealed as kubeseal seals them, and files are written as a person would want it."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.api import certificate_for, seal_manifests, write_sealed
from elysium.errors import SealingError
from elysium.sealing.sealed import Scope
from elysium.secrets import Place, Wish, json_text, yaml_document
from tests.secrets.sealing_keys import certificate, opened

HEAD = "apiVersion: v1\nkind: Secret\n"
APP = HEAD + "metadata: {name: app, namespace: web}\n"
PLACE = Place(name="app", namespace="web")


def sealed(text: str, scope: Scope | None = None, namespace: str = "") -> list[dict[str, Any]]:
    return seal_manifests(text, Wish(certificate=certificate(), scope=scope, namespace=namespace), subject="in.yaml")


def test_a_secret_keeps_what_belongs_to_it() -> None:
    (body,) = sealed(
        HEAD + "metadata:\n  name: app\n  namespace: web\n  uid: x\n  creationTimestamp: null\n  labels: {a: 'true'}\n"
        "  annotations: {note: b, kubectl.kubernetes.io/last-applied-configuration: hunter2}\n  finalizers: [x/y]\n"
        "  ownerReferences: [{}]\ntype: Opaque\nimmutable: true\ndata: {a: eA==, b: eA==}\nstringData: {b: 'yes'}\n"
    )
    assert list(body) == ["kind", "apiVersion", "metadata", "spec"]
    assert body["metadata"] == {"name": "app", "namespace": "web"}
    assert body["spec"]["template"] == {
        "metadata": {
            "name": "app",
            "namespace": "web",
            "labels": {"a": "true"},
            "annotations": {"note": "b"},
            "finalizers": ["x/y"],
        },
        "type": "Opaque",
        "immutable": True,
    }
    assert opened(yaml_document(body), b"web/app") == {"a": b"x", "b": b"yes"}


@pytest.mark.parametrize(
    ("annotation", "asked", "label"),
    [
        ("", None, b"web/app"),
        ("sealedsecrets.bitnami.com/namespace-wide: 'true'", None, b"web"),
        ("sealedsecrets.bitnami.com/cluster-wide: 'true'", None, b""),
        ("sealedsecrets.bitnami.com/cluster-wide: 'true'", Scope.STRICT, b"web/app"),
        ("", Scope.NAMESPACE, b"web"),
    ],
)
def test_the_scope_is_the_manifests_unless_another_is_asked_for(
    annotation: str, asked: Scope | None, label: bytes
) -> None:
    text = f"{HEAD}metadata: {{name: app, namespace: web, annotations: {{{annotation}}}}}\nstringData: {{a: x}}\n"
    (body,) = sealed(text, asked)
    assert opened(yaml_document(body), label) == {"a": b"x"}
    assert body["metadata"].get("annotations") == body["spec"]["template"]["metadata"].get("annotations")


def test_several_documents_and_json() -> None:
    text = f"---\n{APP}data: {{a: eA==}}\n---\n---\n{APP}data: {{a: eA==}}\n"
    assert len(sealed(text)) == 2
    one = json.dumps(
        {"kind": "Secret", "metadata": {"name": "app", "namespace": "web"}, "data": {"a": "eA=="}}, indent=4
    )
    made = sealed(one.replace("    ", "\t") + "\n" + one)
    assert [opened(json_text(body), b"web/app") for body in made] == [{"a": b"x"}] * 2


def test_the_namespace_may_come_from_the_command_line() -> None:
    (body,) = sealed(HEAD + "metadata: {name: app}\nstringData: {a: x}\n", namespace="web")
    assert opened(yaml_document(body), b"web/app") == {"a": b"x"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (APP, "secret.data is empty in input Secret"),
        (HEAD + "metadata: {namespace: web}\ndata: {a: eA==}\n", "missing metadata.name in input Secret"),
        (HEAD + "metadata: {name: app}\ndata: {a: eA==}\n", "secret must declare a namespace"),
        (HEAD + "metadata: {name: app, namespace: n}\ndata: {a: eA==}\n", '"namespace" is not a text'),
        (HEAD + "metadata: []\ndata: {a: eA==}\n", "metadata is no mapping"),
        (APP + "data: {a: hunter2!}\n", 'data "a" is not Base64'),
        (APP + "data: [hunter2]\n", "data is no mapping"),
        (APP + "stringData: {a: 0123}\n", '"a" is not a text'),
        (APP + "stringData: {a b: hunter2}\n", '"a b" is not valid key name for a Secret'),
        (APP.replace("Secret", "ConfigMap") + "data: {a: hunter2}\n", "this is no Secret but a ConfigMap"),
        ("hunter2\n", "this is no Secret"),
        ("", "there is no Secret"),
        (APP + "stringData: {a: *hunter2}\n", "this is not YAML"),
        (APP + "stringData: {a: 'hunter2\n", "this is not YAML"),
        ('{"kind": "Secret", "data": {"a": "hunter2}', "this is not YAML"),
    ],
)
def test_what_cannot_be_sealed_says_why_and_shows_nothing(text: str, message: str) -> None:
    with pytest.raises(SealingError) as caught:
        sealed(text)
    assert caught.value.message == message
    assert caught.value.subject.startswith("in.yaml")
    assert caught.value.hint
    assert "hunter2" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda deeper: (
        st.lists(deeper, max_size=3) | st.dictionaries(st.text("abk.\ud800", max_size=3), deeper, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = ("type", "immutable", "data", "stringData")
METADATA = ("annotations", "labels", "finalizers", "generateName")


@given(
    st.dictionaries(st.sampled_from(FIELDS), ANYTHING),
    st.dictionaries(st.sampled_from((*METADATA, "name", "namespace")), ANYTHING),
)
def test_whatever_a_manifest_holds_is_sealed_or_refused(fields: dict[str, Any], metadata: dict[str, Any]) -> None:
    known = {"name": "app", "namespace": "web", **metadata}
    text = json.dumps({"kind": "Secret", "stringData": {"k": "x"}, "metadata": known, **fields})
    try:
        (body,) = sealed(text)
    except SealingError as refused:
        assert refused.hint
    else:
        assert "k" in opened(json_text(body), b"web/app") or "data" in fields or "stringData" in fields
        assert opened(yaml_document(body), b"web/app") == opened(json_text(body), b"web/app")
        assert yaml_document(body).encode()


def test_another_namespace_than_the_manifests_is_refused_in_the_words_of_kubeseal() -> None:
    with pytest.raises(SealingError) as caught:
        sealed(APP + "data: {a: eA==}\n", namespace="other")
    expected = 'namespace mismatch: input secret is in namespace "web" but "other" was specified'
    assert caught.value.message == expected


def test_the_document_is_named_when_there_are_several() -> None:
    with pytest.raises(SealingError, match=r"^in\.yaml, document 2: "):
        sealed(f"{APP}data: {{a: eA==}}\n---\n{APP}")


def test_a_certificate_is_that_of_the_repository(repository: Path) -> None:
    (repository / ".git").mkdir()
    with pytest.raises(SealingError, match="the repository keeps no certificate"):
        certificate_for("", repository)
    (repository / "etc" / "certs").mkdir(parents=True)
    (repository / "etc" / "certs" / "pub-sealed-secrets.pem").write_text(certificate())
    deeper = repository / "apps" / "base"
    assert certificate_for("", repository) == certificate_for("", deeper, repository) == certificate()
    (repository / ".git").rmdir()
    assert certificate_for("", deeper, repository) == certificate()
    with pytest.raises(SealingError, match="there is no such certificate"):
        certificate_for(str(repository / "missing.pem"), repository)


def test_a_file_is_made_and_then_merged_into(repository: Path) -> None:
    file = repository / "app.yaml"
    assert not write_sealed(file, PLACE, {"a": b"1"}, certificate(), "Opaque")
    file.write_text("# Why it is here.\n" + file.read_text())
    file.chmod(0o640)
    assert write_sealed(file, PLACE, {"b": b"2"}, certificate())
    assert file.read_text().startswith("# Why it is here.\n---\n")
    assert opened(file.read_text(), b"web/app") == {"a": b"1", "b": b"2"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [entry.name for entry in repository.iterdir()] == ["app.yaml"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (Place(name="other", namespace="web"), 'its name is "app", not "other"'),
        (Place(name="app", namespace="other"), 'its namespace is "web", not "other"'),
        (Place(name="app", namespace="web", scope=Scope.CLUSTER), 'its scope is "strict", not "cluster-wide"'),
    ],
)
def test_a_file_of_another_secret_stays(repository: Path, place: Place, message: str) -> None:
    file = repository / "app.yaml"
    write_sealed(file, PLACE, {"a": b"1"}, certificate())
    before = file.read_bytes()
    with pytest.raises(SealingError, match=message):
        write_sealed(file, place, {"a": b"hunter2"}, certificate())
    assert file.read_bytes() == before


def test_a_file_of_another_type_stays(repository: Path) -> None:
    file = repository / "app.yaml"
    write_sealed(file, PLACE, {"a": b"1"}, certificate(), "Opaque")
    before = file.read_bytes()
    with pytest.raises(SealingError, match="it is of another type"):
        write_sealed(file, PLACE, {"a": b"1"}, certificate(), "kubernetes.io/tls")
    assert file.read_bytes() == before


def test_nothing_is_written_through_links_or_beside_files(repository: Path, tmp_path: Path) -> None:
    (repository / ".git").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "app.yaml").write_text("kept\n")
    (repository / "link").symlink_to(outside)
    (repository / "app.yaml").symlink_to(outside / "app.yaml")
    for file, message in (
        (repository / "link" / "new.yaml", "a link leads out of the repository"),
        (repository / "app.yaml", "this is no regular file"),
        (repository / "missing" / "app.yaml", "there is no such directory"),
        (repository / ".git", "this is no regular file"),
    ):
        with pytest.raises(SealingError, match=message):
            write_sealed(file, PLACE, {"a": b"1"}, certificate())
    assert [(entry.name, entry.read_text()) for entry in outside.iterdir()] == [("app.yaml", "kept\n")]


def test_a_file_that_is_no_text_stays(repository: Path) -> None:
    file = repository / "app.yaml"
    file.write_bytes(b"\xff")
    with pytest.raises(SealingError, match="this is not UTF-8 text"):
        write_sealed(file, PLACE, {"a": b"1"}, certificate())
    assert file.read_bytes() == b"\xff"
