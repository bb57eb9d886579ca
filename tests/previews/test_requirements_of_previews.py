"""Whole requirements about previews that take several commands or a program of others."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import programs
from tests.previews.platforms import ANSWERS, FULL, bodies, edit, platform, preview, rendered
from tests.previews.test_workflows import decoded
from tests.scaffold.harness import run

HOST = "pr-123.previews.example.org"


# 2.P3e: one decision where TLS ends


def test_where_tls_ends_is_decided_once_and_both_ways_render(repository: Path) -> None:
    root = platform(repository)
    for way, annotated in (("edge", False), ("cert-manager", True)):
        ingress = bodies(rendered(root, tls=way))["Ingress/pr-123/app"]
        assert ("cert-manager.io/cluster-issuer" in ingress["metadata"].get("annotations", {})) is annotated
        assert ("tls" in ingress["spec"]) is annotated
        assert preview(root, f"render 123 --tls {way}")[0] == 0
    assert preview(root, "edge 123")[0] == 0
    for text, said in (("", "0 times"), ("PREVIEW_TLS=", "nothing"), ("PREVIEW_TLS=perhaps", "perhaps")):
        edit(root, "platform.env", "PREVIEW_TLS=edge", text or "# undecided")
        code, out, _ = preview(root, "edge 123")
        assert (code, f"it is said: {said}" in out) == (1, True), out
        edit(root, "platform.env", text or "# undecided", "PREVIEW_TLS=edge")
    edit(root, "platform.env", "PREVIEW_TLS=edge", "PREVIEW_TLS=edge\nPREVIEW_TLS=cert-manager")
    code, out, _ = preview(root, "edge 123")
    assert (code, "it is said: 2 times" in out) == (1, True), out


# 2.P6a: the smoke test


class Answers(http.server.BaseHTTPRequestHandler):
    """A preview that is well at /healthz, and nowhere else."""

    def do_GET(self) -> None:
        well = self.path == "/healthz" and self.headers["Host"] == HOST
        self.send_response(200 if well else 503)
        self.end_headers()
        self.wfile.write(b"well" if well else b"not ready")

    def log_message(self, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The edge with the certificate of the host: its port, and the file of whom to trust."""
    trusted = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, tmp_path / "key.pem")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as served:
        served.socket = context.wrap_socket(served.socket, server_side=True)
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served.server_port, trusted
        served.shutdown()


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem"


def test_the_smoke_test_tells_status_size_and_time(
    server: tuple[int, Path], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, trusted = server
    monkeypatch.setenv("CURL_CA_BUNDLE", str(trusted))
    monkeypatch.setenv("NO_PROXY", "*")
    script = platform(repository) / "devops/scripts/smoke-test-preview.sh"
    asked = ("--edge", f"127.0.0.1:{port}", "--timeout", "0")
    ended = programs.run(repository, script, *asked, "123")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"ok: https://{HOST}/healthz answered 200 with 4 bytes in 0.")
    ended = programs.run(repository, script, *asked, "--path", "/other", "123")
    assert ended.returncode == 1
    assert f"failed: https://{HOST}/other after 0 s: expected 200, answered 503 with 9 bytes in 0." in ended.stderr
    assert programs.run(repository, script, *asked, "--path", "/other", "--expect", "503", "123").returncode == 0
    ended = programs.run(repository, script, *asked, "124")
    assert (ended.returncode, "certificate" in ended.stderr.lower()) == (1, True), ended.stderr
    guides = [repository / "devops/README.md", repository / "docs/preview-environments.md"]
    assert all("pr-" in page.read_text(encoding="utf-8") for page in guides if page.is_file())
    assert any(page.is_file() for page in guides)


# 2.P7a: charts are published, names have records, templates are tested


def test_charts_are_tested_and_published_and_each_preview_has_a_record(repository: Path) -> None:
    root = platform(repository, *ANSWERS, "external-dns=false", workflows=True)
    assert run(root, "ci check")[0] == 0
    flow = decoded(root, ".github/workflows/chart-publish.yml")
    test, publish = flow["jobs"]["test"], flow["jobs"]["publish"]
    assert publish["needs"] == "test"
    assert "helm push" in publish["steps"][-1]["run"]
    command = test["steps"][-1]["run"]
    environment = {"CHART": flow["env"]["CHART"], "PATH": f"{Path(programs.helm()).parent}:/usr/bin:/bin"}
    environment["HOME"] = str(root)
    ended = programs.run(root, "bash", "-euo", "pipefail", "-c", command, environment=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    service = next((root / "devops/helm/app/templates").glob("app*.yaml"))
    service.write_text(service.read_text(encoding="utf-8") + "{{ .Values.nothing.more }}\n", encoding="utf-8")
    assert programs.run(root, "bash", "-euo", "pipefail", "-c", command, environment=environment).returncode != 0


def test_a_record_for_each_pull_request(repository: Path) -> None:
    root = platform(repository, *FULL)
    without = bodies(rendered(root))["Ingress/pr-123/app"]["metadata"].get("annotations", {})
    assert not [name for name in without if name.startswith("external-dns")]
    for number in (123, 7):
        ingress = bodies(rendered(root, number, external_dns=True))[f"Ingress/pr-{number}/app"]
        assert ingress["spec"]["rules"][0]["host"] == f"pr-{number}.previews.example.org"
        assert [name for name in ingress["metadata"]["annotations"] if name.startswith("external-dns")]
