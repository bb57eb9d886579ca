"""A cluster by context: an empty one is taken, one that somebody uses is refused, and so is what leads elsewhere."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from elysium.cluster.command import Command
from elysium.cluster.disposable import MARKER_OBJECT, disposable
from elysium.cluster.opening import open_server
from elysium.cluster.protocol import Entries
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.errors import ClusterError


def silent(text: str, done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def mine(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A person's kubeconfig with the server as its context `spare`; written by `save`."""
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'absent'}:{tmp_path / 'config'}")
    content: dict[str, Any] = json.loads(json.dumps(_load(server.kubeconfig)))
    content["contexts"][0]["name"] = "spare"
    save(content, tmp_path)
    return content


def _load(path: Path) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(path.read_text())


def save(content: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "config").write_text(json.dumps(content))


def named(kind: str, version: str, name: str, namespace: str = "", **more: Any) -> dict[str, Any]:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **more}


CONTAINER = {"name": "a", "image": "example/a:1"}
TEMPLATE = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [CONTAINER]}}
SCHEMA = {"openAPIV3Schema": {"type": "object"}}


def definition(group: str) -> dict[str, Any]:
    versions = [{"name": "v1", "served": True, "storage": True, "schema": SCHEMA}]
    names = {"plural": "things", "kind": "Thing"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": versions}
    return named("CustomResourceDefinition", "apiextensions.k8s.io/v1", f"things.{group}", spec=spec)


OCCUPANTS = {
    "a namespace that no rehearsal made, shop": named("Namespace", "v1", "shop"),
    "a ConfigMap that no rehearsal made, default/settings": named("ConfigMap", "v1", "settings", "default"),
    "a Secret that no rehearsal made, default/key": named("Secret", "v1", "key", "default"),
    "a Deployment that no rehearsal made, default/shop": named(
        "Deployment",
        "apps/v1",
        "shop",
        "default",
        spec={"selector": {"matchLabels": {"app": "a"}}, "template": TEMPLATE},
    ),
    "a CustomResourceDefinition that no rehearsal made, things.example.org": definition("example.org"),
}


def put(replayer: Replayer, content: dict[str, Any]) -> dict[str, str]:
    [entry] = replayer.call("create", {"objects": [content]}, Entries).entries
    assert entry.action in ("created", "unchanged"), entry.message
    place = entry.object
    names = ("group", "version", "kind", "namespace", "name")
    return {name: getattr(place, name) for name in names}


def take_away(replayer: Replayer, reference: dict[str, str]) -> None:
    replayer.call("delete", {"objects": [reference]}, Entries)


def test_an_empty_cluster_is_taken(mine: dict[str, Any], server: Server, tmp_path: Path) -> None:
    found = disposable("spare")
    assert found == Server(
        url=server.url, kubeconfig=tmp_path / "config", version=server.version, context="spare", controllers=True
    )


@pytest.mark.parametrize("words", OCCUPANTS)
def test_a_cluster_that_somebody_uses_is_refused(mine: dict[str, Any], replayer: Replayer, words: str) -> None:
    reference = put(replayer, OCCUPANTS[words])
    try:
        with pytest.raises(ClusterError, match=f"this cluster is in use: it holds {words}"):
            disposable("spare")
        marker = put(replayer, MARKER_OBJECT)
        try:
            with pytest.raises(ClusterError, match="a former rehearsal filled this cluster: it left a"):
                disposable("spare")
        finally:
            take_away(replayer, marker)
    finally:
        take_away(replayer, reference)


@pytest.mark.parametrize(
    "content", [definition("helm.cattle.io"), named("Namespace", "v1", "local-path-storage")], ids=["k3s", "kind"]
)
def test_what_a_new_cluster_of_a_distribution_has_is_nobodys(
    mine: dict[str, Any], replayer: Replayer, content: dict[str, Any]
) -> None:
    reference = put(replayer, content)
    try:
        assert disposable("spare").context == "spare"
    finally:
        take_away(replayer, reference)


def test_a_rehearsal_marks_what_it_takes(
    mine: dict[str, Any],
    replayer: Replayer,
    server_binary: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ELYSIUM_CONTROLPLANE", server_binary[0])
    with ExitStack() as stack:
        taken, its = open_server(stack, tmp_path, context="spare", notice=silent)
        assert taken.context == "spare"
        shop = put(its, named("Namespace", "v1", "shop"))
    with pytest.raises(ClusterError, match="it left a namespace, shop"):
        disposable("spare")
    take_away(replayer, shop)
    assert disposable("spare").url == taken.url
    take_away(
        replayer,
        {"group": "", "version": "v1", "kind": "ConfigMap", "namespace": "default"} | {"name": "elysium-rehearsal"},
    )


@pytest.mark.parametrize(
    ("section", "change", "words"),
    [
        ("user", {"exec": {"command": "/bin/touch"}}, "uses `exec`"),
        ("user", {"auth-provider": {"name": "cloud"}}, "uses `auth-provider`"),
        ("user", {"username": "admin", "password": "secret"}, "uses `username`"),
        ("user", {"as": "somebody"}, "uses `as`"),
        ("cluster", {"insecure-skip-tls-verify": True}, "uses `insecure-skip-tls-verify`"),
        ("cluster", {"proxy-url": "http://127.0.0.1:9"}, "uses `proxy-url`"),
    ],
)
def test_what_runs_programs_or_goes_through_others_is_refused(
    mine: dict[str, Any], tmp_path: Path, section: str, change: dict[str, Any], words: str
) -> None:
    mine[f"{section}s"][0][section] |= change
    save(mine, tmp_path)
    with pytest.raises(ClusterError, match=words) as raised:
        disposable("spare")
    assert "kind, k3d and minikube" in raised.value.hint


def test_certificates_of_clients_are_sent(mine: dict[str, Any], server: Server, tmp_path: Path) -> None:
    """The server does not know this one, so it asks who we are: but the pair was loaded, by paths beside the file."""
    from elysium.cluster import certificates

    made = certificates.make(tmp_path)
    mine["users"][0]["user"] = {"client-certificate": made.certificate.name, "client-key": made.key.name}
    save(mine, tmp_path)
    with pytest.raises(ClusterError, match="Unauthorized"):
        disposable("spare")


def test_a_server_that_is_not_the_one_of_the_kubeconfig_is_not_trusted(mine: dict[str, Any], tmp_path: Path) -> None:
    import base64

    from elysium.cluster import certificates

    other = certificates.make(tmp_path).certificate.read_bytes()
    mine["clusters"][0]["cluster"]["certificate-authority-data"] = base64.b64encode(other).decode()
    save(mine, tmp_path)
    with pytest.raises(ClusterError, match=r"does not answer as one.*certificate verify failed"):
        disposable("spare")


def test_a_context_that_nobody_has_is_an_error(mine: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no kubeconfig has this context") as raised:
        disposable("missing")
    assert str(tmp_path / "config") in raised.value.hint


def test_a_kubeconfig_that_is_none_is_not_quoted(mine: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "config").write_text("token: [secret")
    with pytest.raises(ClusterError, match="cannot be read") as raised:
        disposable("spare")
    assert "secret" not in f"{raised.value} {raised.value.hint}"


def test_a_context_whose_user_is_elsewhere_is_an_error(mine: dict[str, Any], tmp_path: Path) -> None:
    mine["users"] = []
    save(mine, tmp_path)
    with pytest.raises(ClusterError, match="`users` has no 'admin'"):
        disposable("spare")
