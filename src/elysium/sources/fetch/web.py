"""HTTP with retries, bounds and no surprises: one `Web` a run, one connection pool for each kind of trust."""

from __future__ import annotations

import email.utils
import os
import random
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import msgspec

from elysium import __version__
from elysium.sources import urls
from elysium.sources.fetch import trust
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.options import FetchSettings, Stop, text
from elysium.sources.requests import Credentials

__all__ = ["Reply", "Web"]

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_HINTS = {
    401: "give credentials: docker config, netrc, or the source's own secretRef in the repository",
    403: "these credentials do not suffice (or there are none): docker config, netrc, or the source's own secretRef",
}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str


class Web:
    """Asks servers. Proxies come from the usual variables, credentials from whoever asks."""

    def __init__(self, settings: FetchSettings, stop: Stop) -> None:
        self.settings = settings
        self._stop = stop
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, ...], httpx.Client] = {}

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def get(
        self,
        url: str,
        credentials: Credentials,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int,
        accept: frozenset[int] = frozenset(),
    ) -> Reply:
        """The answer to a GET, at most `limit` bytes. Statuses in `accept` are answers too, other errors are raised."""
        request = ("GET", url, dict(headers or {}), b"")
        return self._checked(self._asked(request, credentials, limit), accept)

    def post(self, url: str, credentials: Credentials, *, form: bytes, limit: int) -> Reply:
        """The answer to a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._checked(self._asked(("POST", url, headers, form), credentials, limit), frozenset())

    def _checked(self, reply: Reply, accept: frozenset[int]) -> Reply:
        if reply.status < 300 or reply.status in accept:
            return reply
        message = f"{urls.redacted(reply.url)} answered {reply.status} {httpx.codes.get_reason_phrase(reply.status)}"
        raise FetchError(message, hint=_HINTS.get(reply.status, ""), final=reply.status in (404, 410))

    def _asked(self, request: tuple[str, str, dict[str, str], bytes], credentials: Credentials, limit: int) -> Reply:
        """Ask until there is an answer that is not a server's trouble, or the attempts are used up."""
        for attempt in range(1, self.settings.attempts + 1):
            last = attempt == self.settings.attempts
            wait = 0.0
            try:
                reply = self._once(request, credentials, limit)
                if reply.status not in _RETRIED or last:
                    return reply
                wait = _retry_after(reply.headers)
            except httpx.TransportError as error:
                if last or isinstance(error, httpx.UnsupportedProtocol):
                    raise _unreachable(request[1], error) from error
            self._pause(attempt, wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, request: tuple[str, str, dict[str, str], bytes], credentials: Credentials, limit: int) -> Reply:
        method, url, headers, body = request
        pieces: list[bytes] = []
        size = 0
        try:
            with self._client(credentials).stream(method, url, headers=headers, content=body or None) as answer:
                for piece in answer.iter_bytes():
                    size += len(piece)
                    if size > limit:
                        raise FetchError(f"{urls.redacted(url)} is larger than {limit // 1_000_000:,} MB")
                    if self._stop.is_set():
                        raise FetchError("interrupted")
                    pieces.append(piece)
                found = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(status=answer.status_code, headers=found, content=b"".join(pieces), url=str(answer.url))
        except (httpx.InvalidURL, httpx.TooManyRedirects, httpx.DecodingError, UnicodeError) as error:
            raise FetchError(f"{urls.redacted(url)}: {error}", hint="check the address") from error

    def _client(self, credentials: Credentials) -> httpx.Client:
        key = credentials.names
        with self._lock:
            client = self._clients.get(key)
            if client is None:
                client = self._clients[key] = httpx.Client(
                    verify=trust.context(self.settings, credentials),
                    timeout=self.settings.timeout,
                    follow_redirects=True,
                    headers={"User-Agent": f"elysium/{__version__}"},
                    auth=_netrc(),
                    proxy=_proxy(self.settings, credentials),
                )
            return client

    def _pause(self, attempt: int, wait: float) -> None:
        longest = self.settings.longest_pause
        pause = min(longest, wait or self.settings.pause * 2 ** (attempt - 1) * random.uniform(0.8, 1.2))  # noqa: S311
        if self._stop.wait(pause):
            raise FetchError("interrupted")


def _proxy(settings: FetchSettings, credentials: Credentials) -> httpx.Proxy | None:
    """The proxy of the source's `proxySecretRef`; otherwise the usual variables count."""
    values = settings.secret(credentials.proxy)
    address = text(values, "address")
    if not address:
        return None
    user = text(values, "username")
    return httpx.Proxy(address, auth=(user, text(values, "password")) if user else None)


def _netrc() -> httpx.Auth | None:
    """The user's netrc, if there is one that can be read. A request with its own Authorization keeps that."""
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    try:
        return _KeepingNetrc(str(path)) if path.is_file() else None
    except (OSError, SyntaxError):
        return None


class _KeepingNetrc(httpx.NetRCAuth):
    """netrc for requests that carry no credentials yet."""

    def auth_flow(self, request: httpx.Request):  # type: ignore[no-untyped-def]  # as in httpx
        if "Authorization" in request.headers:
            yield request
        else:
            yield from super().auth_flow(request)


def _retry_after(headers: Mapping[str, str]) -> float:
    """What the server asks for: seconds, or a date."""
    value = headers.get("retry-after", "")
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def _unreachable(url: str, error: httpx.TransportError) -> FetchError:
    words = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in words:
        hint = "give the certificate authority with --ca-file, SSL_CERT_FILE or the source's certSecretRef"
        return FetchError(f"{urls.redacted(url)}: the server's certificate is not trusted", hint=hint)
    return FetchError(f"{urls.redacted(url)}: {words}", hint="check the network and the proxy (HTTPS_PROXY, NO_PROXY)")
