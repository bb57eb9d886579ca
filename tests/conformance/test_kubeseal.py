"""The real kubeseal opens what we seal, and we open what it seals: in every scope, for every kind of Secret.

It is built once, from the module pinned in `kubeseal/go.mod`, into `build/`.
"""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from elysium.cli.main import main
from elysium.sealing.sealed import Scope
from elysium.secrets import Place, merged_text
from tests import programs
from tests.secrets.sealing_keys import certificate, opened, private_key

SCOPES = list(Scope)
SEALED = re.compile(r"A[A-Za-z0-9+/=]{300,}")

SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: app
  namespace: web
  uid: 9d1a
  creationTimestamp: null
  labels: {a: b, app.kubernetes.io/name: "true"}
  annotations: {note: "two", sealedsecrets.bitnami.com/%s: "true", sealedsecrets.bitnami.com/managed: "true"}
  finalizers: [x/y]
  ownerReferences: []
type: Opaque
immutable: true
data: {b: aGk=, "123": aGk=, key10: AP8=, key2: "", .env: aGk=, "on": aGk=, "0x1f": aGk=, _x: aGk=}
stringData: {b: ä}
"""


class Kubeseal:
    """The program with a key pair."""

    def __init__(self, folder: Path) -> None:
        self.program = programs.kubeseal()
        self.certificate = folder / "cert.pem"
        self.certificate.write_text(certificate())
        self.key = folder / "key.pem"
        self.key.write_text(private_key())

    def opened(self, sealed: str) -> dict[str, Any]:
        """The Secret that its recovery mode makes of a SealedSecret."""
        text = self._run(sealed, "--recovery-unseal", "--recovery-private-key", str(self.key), "-o", "json")
        found: dict[str, Any] = json.loads(text)
        del found["metadata"]["ownerReferences"]
        return found

    def sealed(self, secret: str, *arguments: str) -> str:
        return self._run(secret, "--cert", str(self.certificate), *arguments)

    def _run(self, text: str, *arguments: str) -> str:
        command = [self.program, *arguments]
        return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.fixture
def kubeseal(tmp_path: Path) -> Kubeseal:
    return Kubeseal(tmp_path)


pytestmark = pytest.mark.timeout(900)  # the first time, it is compiled


CREATE = {
    "generic": ["--from-stdin", "key", "--from-file", "other={key}", "--type", "Opaque"],
    "docker-registry": ["--docker-server", "ghcr.io", "--docker-username", "me", "--docker-password-file", "-"],
    "tls": ["--tls-cert", "{cert}", "--tls-key", "{key}"],
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("kind", CREATE)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_kubeseal_opens_what_we_make(
    kubeseal: Kubeseal,
    scope: Scope,
    kind: str,
    form: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [text.format(cert=kubeseal.certificate, key=kubeseal.key) for text in CREATE[kind]]

    def printed(*arguments: str) -> str:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'p\xc3\xa4ss"<word>')))
        assert main(["secrets", "create", kind, "app", "-n", "web", *given, *arguments]) == 0
        return capsys.readouterr().out

    sealed = printed("--cert", str(kubeseal.certificate), "--scope", scope, "-o", form)
    plain = json.loads(printed("--plain", "-o", "json"))
    found = kubeseal.opened(sealed)
    assert {field: found[field] for field in ("data", "type")} == {field: plain[field] for field in ("data", "type")}
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("app", "web")


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_manifest_is_sealed_alike(
    kubeseal: Kubeseal, scope: Scope, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = SECRET % scope
    theirs = kubeseal.sealed(secret, "-o", form)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(secret.encode())))
    assert main(["secrets", "seal", "-", "--cert", str(kubeseal.certificate), "-o", form]) == 0
    ours = capsys.readouterr().out
    assert without_what_differs(ours) == without_what_differs(theirs)
    assert kubeseal.opened(ours) == kubeseal.opened(theirs)
    label = Place(name="app", namespace="web", scope=scope).label
    assert opened(theirs, label) == opened(ours, label)


def without_what_differs(text: str) -> str:
    """Sealed values never look the same twice; kubeseal ends with no line's end in JSON."""
    return SEALED.sub("…", text).strip()


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_merged_opens_beside_what_was_there(kubeseal: Kubeseal, scope: Scope) -> None:
    text = "# by hand\n" + kubeseal.sealed(SECRET % scope, "-o", "yaml")
    made = merged_text(text, values={"b": b"new", "c": b"\0"}, certificate=certificate())
    data = kubeseal.opened(made)["data"]
    assert (base64.b64decode(data["b"]), base64.b64decode(data["c"]), data["key10"]) == (b"new", b"\0", "AP8=")
    assert made.startswith("# by hand\n---\n")
