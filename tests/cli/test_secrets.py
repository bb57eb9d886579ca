"""`elysium secrets`: what is printed and written, its exit codes, and that no plaintext shows anywhere."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from elysium.cli.main import main
from elysium.sealing.seal import unseal_value
from tests.secrets.sealing_keys import certificate, expired_certificate, opened, private_key

PLAINTEXT = "hunter2-hunter2"
LABELS = {"strict": b"web/app", "namespace-wide": b"web", "cluster-wide": b""}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in a repository with a certificate; what it wrote never shows the plaintext."""
    (repository / ".git").mkdir()
    folder = repository / "etc" / "certs"
    folder.mkdir(parents=True)
    (folder / "pub-sealed-secrets.pem").write_text(certificate())
    monkeypatch.chdir(repository)

    def run(*arguments: str, stdin: str = PLAINTEXT) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(["secrets", *arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        if "--plain" not in arguments:
            assert PLAINTEXT not in printed.out + printed.err
            for file in (path for path in repository.rglob("*") if path.is_file() and path.suffix != ".given"):
                assert PLAINTEXT not in file.read_text()
        return code, printed.out, printed.err

    return run


@pytest.mark.parametrize("scope", LABELS)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_value_from_standard_input_is_sealed_in_every_scope(run: Run, scope: str, form: str) -> None:
    code, out, err = run("create", "generic", "app", "-n", "web", "--from-stdin", "k", "--scope", scope, "-o", form)
    assert (code, err) == (0, "")
    assert opened(out, LABELS[scope]) == {"k": PLAINTEXT.encode()}
    assert out.startswith("---\n" if form == "yaml" else "{\n  ")


def test_a_value_is_piped_as_kubeseals_users_do(run: Run) -> None:
    code, out, _ = run("create", "generic", "app", "-n", "web", "--from-file", "key=-", "--seal")
    assert code == 0
    assert opened(out, b"web/app") == {"key": PLAINTEXT.encode()}
    assert "type" not in out


def test_a_login_of_a_registry_is_sealed(run: Run) -> None:
    login = ("--docker-server", "ghcr.io", "--docker-username", "me", "--docker-password-file", "-")
    code, out, _ = run("create", "docker-registry", "app", "-n", "web", *login, stdin=PLAINTEXT + "\n")
    assert code == 0
    assert out.endswith("    type: kubernetes.io/dockerconfigjson\n")
    (value,) = opened(out, b"web/app").values()
    assert value is not None
    entry = json.loads(value)["auths"]["ghcr.io"]
    assert (entry["username"], entry["password"]) == ("me", PLAINTEXT)


def test_a_certificate_is_sealed_with_its_key(run: Run, repository: Path) -> None:
    (repository / "tls.given").write_text(certificate())
    pair = ("--tls-cert", "tls.given", "--tls-key", "-")
    code, out, _ = run("create", "tls", "app", "-n", "web", *pair, stdin=private_key())
    assert code == 0
    assert opened(out, b"web/app") == {"tls.crt": certificate().encode(), "tls.key": private_key().encode()}
    assert out.endswith("    type: kubernetes.io/tls\n")


def test_a_file_is_made_then_changed_in_place(run: Run, repository: Path) -> None:
    made = run("create", "generic", "app", "-n", "web", "--from-stdin", "a", "--into", "app.yaml")
    assert made == (0, "wrote app.yaml: a\n", "")
    file = repository / "app.yaml"
    file.write_text(file.read_text().replace("  encryptedData:", "  encryptedData: # by hand"))
    changed = run("create", "generic", "app", "-n", "web", "--generate", "b:40", "--into", "app.yaml")
    assert changed == (0, "changed app.yaml: b\n", "")
    text = file.read_text()
    assert "# by hand" in text
    values = opened(text, b"web/app")
    assert values["a"] == PLAINTEXT.encode()
    assert len(values["b"] or b"") == 40


def test_plain_prints_what_kubectl_prints_and_writes_nothing(run: Run, repository: Path) -> None:
    code, out, _ = run("create", "generic", "app", "-n", "web", "--from-stdin", "k", "--plain", stdin="x")
    assert code == 0
    assert out == (
        "apiVersion: v1\ndata:\n  k: eA==\nkind: Secret\nmetadata:\n  creationTimestamp: null\n"
        "  name: app\n  namespace: web\n"
    )
    code, out, err = run("create", "generic", "app", "--from-stdin", "k", "--plain", "--into", "app.yaml", stdin="x")
    assert (code, out) == (2, "")
    assert "a plaintext is never written to a file" in err
    assert not (repository / "app.yaml").exists()


@pytest.mark.parametrize("source", ["-", "in.given"])
def test_manifests_are_sealed(run: Run, repository: Path, source: str) -> None:
    text = f"kind: Secret\nmetadata: {{name: app, namespace: web}}\nstringData: {{a: {PLAINTEXT}}}\n"
    (repository / "in.given").write_text(text)
    code, out, err = run("seal", source, stdin=f"{text}---\n{text}")
    assert (code, err) == (0, "")
    documents = out.removeprefix("---\n").split("---\n")
    assert [opened(document, b"web/app") for document in documents] == [{"a": PLAINTEXT.encode()}] * len(documents)
    assert len(documents) == (2 if source == "-" else 1)


def test_another_certificate_may_be_named(run: Run, repository: Path) -> None:
    (repository / "old.given").write_text(expired_certificate())
    code, out, err = run("create", "generic", "app", "-n", "web", "--from-stdin", "k", "--cert", "old.given")
    assert (code, out) == (2, "")
    assert err.startswith("error: failed to encrypt using an expired certificate on January 2, 2006\nhint: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create", "generic", "app", "--from-stdin", "k"), "secret must declare a namespace"),
        (("create", "generic", "app", "-n", "web"), "secret.data is empty in input Secret"),
        (("create", "generic", "App", "-n", "web", "--from-stdin", "k"), "metadata.name 'App' is not a name"),
        (("create", "generic", "app", "-n", "web", "--from-stdin", "a b"), '"a b" is not valid key name for a Secret'),
        (("create", "generic", "app", "-n", "web", "--from-file", "gone"), "gone: No such file or directory"),
        (("create", "generic", "app", "-n", "web", "--from-literal", "k=v"), "Unknown option: --from-literal"),
        (("create", "generic", "app", "-n", "web", "--from-stdin", "k", "--cert", "gone"), "gone: there is no such"),
        (("create", "generic", "app", "-n", "web", "--from-stdin", "k", "--scope", "wide"), "--scope"),
        (("create", "generic", "app", "-n", "web", "--from-stdin", "k", "--into", "a/b.yaml"), "there is no such dir"),
        (("create", "tls", "app", "-n", "web", "--from-stdin", "tls.key"), "a TLS Secret has tls.crt and tls.key"),
        (("create", "docker-registry", "app", "-n", "web", "--from-stdin", "password"), "a registry's login has a ser"),
        (("seal", "-"), "this is no Secret"),
        (("seal", "gone.yaml"), "gone.yaml: No such file or directory"),
        (("seal", "-", "--cert", "gone"), "gone: there is no such certificate"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_a_hint(run: Run, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "\nhint: " in err


def test_what_is_sealed_opens_with_no_other_key(run: Run) -> None:
    _, out, _ = run("create", "generic", "app", "-n", "web", "--from-stdin", "k", "-o", "json")
    text = json.loads(out)["spec"]["encryptedData"]["k"]
    assert unseal_value("", text, b"web/app") is None
