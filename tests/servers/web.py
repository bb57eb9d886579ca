"""The frame of every server here: a threading HTTP server with an optional login, that remembers what it was asked."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Answer = tuple[int, dict[str, str], bytes]


class Asked:
    """One request, read to its end."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        self.path, _, self.query = handler.path.partition("?")
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = _body(handler, self.headers)

    @property
    def login(self) -> str:
        """`user:password` of Basic authorization, empty without."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return base64.b64decode(value).decode() if scheme == "Basic" else ""


class Server:
    """Serves on a free port of 127.0.0.1 while its `with` block lasts. `login` demands Basic authorization.

    `trouble` answers the next requests, one entry each, before the server itself does.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, login: str = "") -> None:
        self.login = login
        self.trouble: list[Answer] = []
        self.asked: list[Asked] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._serve))
        self._http.daemon_threads = True
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self.host = f"127.0.0.1:{self._http.server_port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, asked: Asked) -> Answer:
        """What a kind of server answers."""
        return 404, {}, b"not here"

    def _serve(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.trouble:
            return self.trouble.pop(0)
        if self.login and asked.login != self.login:
            return 401, {"WWW-Authenticate": 'Basic realm="test"'}, b"who are you"
        return self.answer(asked)


def _handler(serve: Callable[[Asked], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            status, headers, body = serve(Asked(self))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_HEAD = _any  # noqa: N815 (names that http.server prescribes)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _body(handler: BaseHTTPRequestHandler, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return handler.rfile.read(int(headers.get("content-length", "0")))
    pieces = []
    while size := int(handler.rfile.readline().split(b";")[0], 16):
        pieces.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(pieces)
