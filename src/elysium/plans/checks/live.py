"""What answers in the network: names, ports and certificates."""

from __future__ import annotations

import datetime
import functools
import ipaddress
import re
import ssl

from elysium.plans.checks import networks
from elysium.plans.checks.arguments import amount, first_of, wrong_path
from elysium.plans.checks.arguments import host as wrong_host
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed
from elysium.plans.world import World

__all__ = ["VERBS"]

_PORT = re.compile(r"(.+?)(?::(\d{1,5}))?")
_TLS_OPTIONS = re.compile(r"days=\d{1,4}|ca=.+|name=[\w.*-]+")


def _refuse_dns(words: tuple[str, ...]) -> str:
    return amount(words, 1) or wrong_host(words[0]) or first_of(map(_wrong_address, words[1:]))


def _wrong_address(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return f"{text!r} is no address"
    return ""


def _dns(words: tuple[str, ...], world: World) -> Outcome:
    def ask() -> Outcome:
        known = networks.addresses(words[0])
        wanted = [str(ipaddress.ip_address(word)) for word in words[1:]]
        lacking = [address for address in wanted if address not in known]
        if lacking:
            return failed(f"{words[0]} is {', '.join(known)}, not {', '.join(lacking)}")
        return passed(f"{words[0]} is {', '.join(known)}")

    return networks.guarded(words[0], ask)


def _endpoint(text: str) -> tuple[str, int]:
    found = _PORT.fullmatch(text)
    return (found[1], int(found[2] or 0)) if found else (text, 0)


def _wrong_endpoint(text: str, default: int) -> str:
    host, port = _endpoint(text)
    return wrong_host(host) or ("" if 0 < (port or default) < 65536 else f"{text!r} has no port from 1 to 65535")


def _refuse_tcp(words: tuple[str, ...]) -> str:
    return amount(words, 1) or first_of(_wrong_endpoint(word, 0) for word in words)


def _tcp(words: tuple[str, ...], world: World) -> Outcome:
    outcome = passed()
    for word in words:
        outcome = networks.guarded(word, functools.partial(_open, *_endpoint(word)))
        if outcome.result != "pass":
            break
    return outcome


def _open(host: str, port: int) -> Outcome:
    with networks.connect(host, port):
        return passed(f"{host}:{port} is open")


def _refuse_tls(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1) or _wrong_endpoint(words[0], 443)
    option = next((word for word in words[1:] if not _TLS_OPTIONS.fullmatch(word)), "")
    if option and not wrong:
        wrong = f"{option!r} is none of days=…, name=… and ca=…"
    return wrong or first_of(wrong_path(word[3:]) for word in words[1:] if word.startswith("ca="))


def _tls(words: tuple[str, ...], world: World) -> Outcome:
    options = dict(word.split("=", 1) for word in words[1:])
    host, port = _endpoint(words[0])
    context = networks.trust(world, options.get("ca", ""))
    if isinstance(context, Outcome):
        return context

    def ask() -> Outcome:
        last = networks.within(3 * networks.SECONDS, lambda: _last_day(context, host, port or 443, options))
        left = (last - world.today).days
        if left < int(options.get("days", "14")):
            return failed(f"the certificate of {words[0]} ends on {last}, in {left} days")
        return passed(f"the certificate of {words[0]} is valid until {last}")

    return networks.guarded(words[0], ask)


def _last_day(context: ssl.SSLContext, host: str, port: int, options: dict[str, str]) -> datetime.date:
    """When the certificate of a server ends. Raises SSLError where it is not valid for the host."""
    name = options.get("name", host.strip("[]"))
    with networks.connect(host, port) as plain, context.wrap_socket(plain, server_hostname=name) as secured:
        ends = (secured.getpeercert() or {}).get("notAfter", "")
    seconds = ssl.cert_time_to_seconds(str(ends))
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC).date()


VERBS = (
    Verb(
        name="dns",
        usage="dns NAME [ADDRESS…]",
        summary="A name resolves, to these addresses among others.",
        example="dns wiki.example.com 203.0.113.7",
        refuse=_refuse_dns,
        run=_dns,
        live=True,
    ),
    Verb(
        name="tcp",
        usage="tcp HOST:PORT…",
        summary="The ports take connections.",
        example="tcp server.example.com:6443",
        refuse=_refuse_tcp,
        run=_tcp,
        live=True,
    ),
    Verb(
        name="tls",
        usage="tls HOST[:PORT] [days=14] [name=NAME] [ca=FILE]",
        summary="The certificate of a server is valid for its name, and for so many days more.",
        example="tls wiki.example.com days=30",
        refuse=_refuse_tls,
        run=_tls,
        live=True,
    ),
)
