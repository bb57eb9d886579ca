"""Servers on this machine's loopback that answer as checks need it, with certificates made for a test."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["certificate", "https", "raw", "serving"]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, rest = self.path.partition("?")
        status = {"/missing": 404, "/moved": 302, "/away": 302, "/round": 302, "/file": 302}.get(path, 200)
        if path == "/slow":
            time.sleep(1.2)
        self.send_response(status)
        targets = {"/moved": "/healthz", "/away": rest, "/round": "/round", "/file": "file:///etc/passwd"}
        if path in targets:
            self.send_header("Location", targets[path])
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for _ in range(64 if path == "/huge" else 1):
                self.wfile.write(b"x" * (1 << 16) if path == "/huge" else b"all is well\n")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a web server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that end early are expected
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def raw(answer: bytes, *, drip: float = 0.0) -> Iterator[int]:
    """The port of a server that says these bytes, one after another with `drip` seconds between them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def answer_all() -> None:
            while not ended.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = server.accept()
                    with connection:
                        _say(connection, answer, drip, ended)

        thread = threading.Thread(target=answer_all)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            with contextlib.suppress(OSError), socket.create_connection(server.getsockname(), timeout=1):
                pass
            thread.join()


def _say(connection: socket.socket, answer: bytes, drip: float, ended: threading.Event) -> None:
    if not drip:
        connection.sendall(answer)
        return
    for byte in answer:
        if ended.wait(drip):
            return
        connection.sendall(bytes([byte]))


def certificate(folder: Path, *, days: int = 90, name: str = "localhost") -> ssl.SSLContext:
    """What a server needs to be `name` and 127.0.0.1 for so many days; `ca.pem` in the folder trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(tz=datetime.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=400))
        .not_valid_after(now.replace(hour=12) + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    (folder / "server.pem").unlink()
    return context


@contextlib.contextmanager
def https(folder: Path, *, days: int = 90, name: str = "localhost") -> Iterator[int]:
    """The port of a web server with a certificate."""
    with serving(certificate(folder, days=days, name=name)) as port:
        yield port
