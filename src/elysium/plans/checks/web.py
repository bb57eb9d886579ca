"""Whether an address in the web answers, and what."""

from __future__ import annotations

import re
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from elysium.kit import durations
from elysium.plans.checks import networks, searching
from elysium.plans.checks.arguments import amount, first_of, split_asked, wrong_path
from elysium.plans.checks.arguments import host as wrong_host
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World

if TYPE_CHECKING:
    import httpx

__all__ = ["VERBS"]

_OPTION = re.compile(r"status=[1-5]\d\d|ca=.+|time<\S+|redirect=\S+")
_MOST_REDIRECTS = 5
_LARGEST = 1 << 20
_REDIRECTS = (301, 302, 303, 307, 308)


def _refuse(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1) or _wrong_address(words[0])
    options, texts = split_asked(words[1:])
    option = next((word for word in options if not _OPTION.fullmatch(word)), "")
    if option:
        wrong = wrong or f"{option!r} is none of status=200, time<2s, redirect=URL, ca=FILE and contains TEXT"
    slow = next((word[5:] for word in options if word.startswith("time<")), "1s")
    if durations.seconds(slow) is None:
        wrong = wrong or f"{slow!r} is no duration, such as 2s"
    return wrong or first_of(
        [*map(searching.problem, texts), *(wrong_path(word[3:]) for word in options if word.startswith("ca="))]
    )


def _wrong_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return f"{text!r} is no address of the web"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return f"{text!r} is no address of the web: write https://HOST/PATH"
    if parts.username is not None or parts.password is not None:
        return "an address with a user or a password is not asked"
    return wrong_host(parts.hostname) if ":" not in parts.hostname else ""


def _run(words: tuple[str, ...], world: World) -> Outcome:
    options, texts = split_asked(words[1:])
    asked = dict(re.split("[=<]", option, maxsplit=1) for option in options)
    context = networks.trust(world, asked.get("ca", ""))
    if isinstance(context, Outcome):
        return context
    most = _seconds(asked["time"]) if "time" in asked else 2 * networks.SECONDS

    def ask() -> Outcome:
        return networks.within(most + networks.SECONDS, lambda: _asked(words[0], context, asked, texts, most))

    return networks.guarded(words[0], ask)


def _seconds(text: str) -> float:
    """Parts of a second count here."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", text)
    return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else float(durations.seconds(text) or 0)


def _asked(
    address: str, context: ssl.SSLContext, asked: dict[str, str], texts: tuple[str, ...], most: float
) -> Outcome:
    import httpx  # noqa: PLC0415 - a fifth of a second that other checks can save

    timeout = httpx.Timeout(networks.SECONDS)
    # Without the environment: proxies and the passwords of ~/.netrc are not the plan's.
    with httpx.Client(verify=context, timeout=timeout, trust_env=False, follow_redirects=False) as client:
        if "redirect" in asked:
            return _leads_to(client, address, asked["redirect"])
        started = time.monotonic()
        status, body, last = _followed(client, address, asked.get("status", ""))
    took = time.monotonic() - started
    wanted = asked.get("status", "2xx")
    if str(status) != wanted and not (wanted == "2xx" and 200 <= status < 300):
        return failed(f"{last} answers {status}, not {wanted}")
    if took > most:
        return failed(f"{last} took {took:.1f} s, not less than {asked.get('time', f'{most:g}s')}")
    return _held(last, status, body, texts)


def _leads_to(client: httpx.Client, address: str, wanted: str) -> Outcome:
    status, _, location = _got(client, address, urlsplit(address).hostname)
    target = urljoin(address, location) if status in _REDIRECTS else ""
    if target == urljoin(address, wanted):
        return passed(f"{address} leads to {target}")
    return failed(f"{address} answers {status}" + (f" and leads to {target}" if target else ""))


def _held(address: str, status: int, body: str, texts: tuple[str, ...]) -> Outcome:
    for text in texts:
        try:
            if not searching.line_of(text, body):
                return failed(f"{address} answers {status}, without {text}")
        except searching.TooMuchWork:
            return unknown(f"{text} takes too long on the answer: write a simpler pattern")
    return passed(f"{address} answers {status}")


def _followed(client: httpx.Client, address: str, wanted: str) -> tuple[int, str, str]:
    """Status, body and address of the answer, behind redirections unless the status of one is wanted."""
    host = urlsplit(address).hostname
    for _ in range(_MOST_REDIRECTS):
        status, body, location = _got(client, address, host)
        if status not in _REDIRECTS or not location or str(status) == wanted:
            return status, body, address
        address = urljoin(address, location)
        if _wrong_address(address):
            raise networks.Refused(f"{host} leads to an address that is not asked")
    raise networks.Refused(f"{host} leads on and on")


def _got(client: httpx.Client, address: str, asked: str | None) -> tuple[int, str, str]:
    """Status, body and where it leads. The address is looked up once: another answer may not lead elsewhere."""
    host = urlsplit(address).hostname or ""

    def ask(found: str) -> tuple[int, str, str]:
        if host != asked and networks.is_inside(found):
            raise networks.Refused(f"{asked} leads to {host}, which is {found}: not asked")
        return _answer(client, address, found)

    return networks.reached(host, ask)


def _answer(client: httpx.Client, address: str, found: str) -> tuple[int, str, str]:
    """What one of the addresses of a host answers."""
    import httpx  # noqa: PLC0415 - see above

    parts = urlsplit(address)
    place = (f"[{found}]" if ":" in found else found) + (f":{parts.port}" if parts.port else "")
    url = urlunsplit(parts._replace(netloc=place, fragment=""))
    headers, named = {"Host": parts.netloc}, {"sni_hostname": parts.hostname}
    try:
        with client.stream("GET", url, headers=headers, extensions=named) as response:
            body = b""
            for piece in response.iter_bytes(1 << 16):
                body += piece
                if len(body) > _LARGEST:
                    break
            text = body[:_LARGEST].decode("utf-8", "replace")
            return response.status_code, text, response.headers.get("location", "")
    except httpx.TimeoutException as error:
        raise TimeoutError from error
    except httpx.TransportError as error:
        raise _cause(error) from error


def _cause(error: BaseException) -> OSError:
    """The error of the network behind one of httpx."""
    known: BaseException | None = error
    while known is not None:
        if isinstance(known, OSError):
            return known
        known = known.__cause__ or known.__context__
    return OSError(0, "it does not speak HTTP")


VERBS = (
    Verb(
        name="http",
        usage="http URL [status=200] [time<2s] [redirect=URL] [ca=FILE] [contains TEXT|/PATTERN/]…",
        summary="The address answers, with 2xx or that status, fast enough, and with these texts.",
        example="http https://wiki.example.com/healthz contains ok time<2s",
        refuse=_refuse,
        run=_run,
        live=True,
    ),
)
