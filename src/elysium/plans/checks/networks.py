"""The network as live checks ask it: names, connections and certificates, all within seconds.

Name servers and slow answers have no limit of their own in Python, so each question runs in a thread that is left
behind when its time is over. Link-local addresses, where clouds hand out credentials, are never asked.
"""

from __future__ import annotations

import errno
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from typing import TypeVar

from elysium.plans.checks import reading
from elysium.plans.results import Outcome, failed, unknown
from elysium.plans.world import World

__all__ = ["SECONDS", "Refused", "addresses", "connect", "guarded", "is_inside", "reached", "trust", "within"]

SECONDS = 5.0
"""How long a connection, and each part of an answer, may take."""

_MOST_ADDRESSES = 3
_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL)
_METADATA = (ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200"))
"""Where clouds hand out credentials at addresses that are not link-local."""

_Answer = TypeVar("_Answer")


class Refused(Exception):
    """An address that is not asked; the text says which, and why."""


def within(seconds: float, ask: Callable[[], _Answer]) -> _Answer:
    """What a question gives, or TimeoutError; what it raises is raised."""
    answers: queue.SimpleQueue[tuple[_Answer | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((ask(), None))
        except BaseException as error:
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # without an error it is what was asked for


def addresses(host: str) -> list[str]:
    """The addresses of a host, best first. Raises OSError; Refused for one that is never asked."""
    found = within(SECONDS, lambda: socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM))
    known = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    for address in known:
        meant = _meant(address)
        if meant.is_link_local or meant in _METADATA:
            raise Refused(f"{host} is {address}, which is link-local or the like and never asked")
    return known


def is_inside(address: str) -> bool:
    """Whether an address is no public one."""
    return not _meant(address).is_global


def _meant(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address; that of IPv4 where IPv6 only wraps it."""
    found = ipaddress.ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found


def reached(host: str, ask: Callable[[str], _Answer]) -> _Answer:
    """What asking gives at the first address of a host that takes connections. Raises OSError or Refused."""
    problem = OSError(f"{host} has no address")
    for address in addresses(host)[:_MOST_ADDRESSES]:
        try:
            return ask(address)
        except ConnectionError as error:
            problem = error
        except OSError as error:
            if error.errno not in _UNREACHABLE:
                raise
            problem = error
    raise problem


def connect(host: str, port: int) -> socket.socket:
    """A connection to a port. Raises OSError or Refused."""
    connection = reached(host, lambda address: socket.create_connection((address, port), timeout=SECONDS))
    connection.settimeout(SECONDS)
    return connection


def trust(world: World, authority: str) -> ssl.SSLContext | Outcome:
    """Whom to trust: the system's authorities, or the certificates of a file in the repository."""
    if not authority:
        return ssl.create_default_context()
    text = reading.read(world, authority)
    if isinstance(text, Outcome):
        return text
    try:
        return ssl.create_default_context(cadata=text)
    except ssl.SSLError:
        return failed(f"{authority} holds no certificate", path=authority)


def guarded(what: str, ask: Callable[[], Outcome]) -> Outcome:
    """The result of asking; an error of the network is a failure, having no network is unknown."""
    try:
        return ask()
    except Refused as error:
        return unknown(str(error))
    except OSError as error:
        return _told(what, error)


def _told(what: str, error: OSError) -> Outcome:
    if isinstance(error, TimeoutError):
        return failed(f"{what} does not answer in time")
    if isinstance(error, ssl.SSLCertVerificationError):
        return failed(f"{what}: the certificate is not valid: {error.verify_message}")
    if isinstance(error, socket.gaierror) and error.errno != socket.EAI_AGAIN:
        return failed(f"{what}: the name does not resolve")
    if isinstance(error, socket.gaierror) or error.errno == errno.ENETUNREACH:
        return unknown(f"{what} cannot be asked from here now: ask again with a network")
    return failed(f"{what} does not answer: {error.strerror or type(error).__name__}")
