"""The types of parameters: how a text becomes a value, what is allowed, and how to say so.

Names follow the API server: labels of DNS-1123 with 63 characters, hosts of DNS-1123 with 253. Images need a tag or a
digest, because `latest` is another image tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from elysium.evaluate import cron
from elysium.evaluate.quantities import parse_quantity
from elysium.kit import dns, durations
from elysium.scaffold.description import Parameter, ParameterType

__all__ = ["EMPTY", "allowed", "coerce", "safe_path"]

_LONGEST = 4096
_LONGEST_PATH = 1024
_LONGEST_NAME = 200
_MOST = 200
_DOMAIN = re.compile(rf"(?:\*\.)?(?:{dns.LABEL}\.)+{dns.LABEL}")
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_IMAGE = re.compile(
    r"(?:[a-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_URL = re.compile(r"(?:https?|oci|ssh|git)://[^\s\"'<>`\\]+|[\w.-]+@[\w.-]+:[\w./~-]+")
_VERSION = re.compile(r"v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_PATH = re.compile(r"[A-Za-z0-9._@-]+(?:/[A-Za-z0-9._@-]+)*")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_KEY = re.compile(r"[-._a-zA-Z0-9]+(?:/[-._a-zA-Z0-9]+)?")
_TRUE = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}

EMPTY: dict[ParameterType, Any] = {
    ParameterType.BOOLEAN: False,
    ParameterType.INTEGER: 0,
    ParameterType.PORT: 0,
    ParameterType.NAMES: (),
    ParameterType.LIST: (),
    ParameterType.PAIRS: {},
}
"""What a parameter that nobody answered is; a text otherwise."""


def coerce(parameter: Parameter, raw: Any) -> Any:
    """The value of an answer. Raises ValueError when it is not allowed; `allowed` says what would be."""
    kind = parameter.type
    if raw == EMPTY.get(kind, "") and parameter.optional and not isinstance(raw, bool):
        return EMPTY.get(kind, "")
    if raw == "" and parameter.optional:
        return EMPTY.get(kind, "")
    if kind in _COLLECTIONS:
        return _COLLECTIONS[kind](parameter, raw)
    if kind is ParameterType.BOOLEAN:
        return _boolean(raw)
    if kind in (ParameterType.INTEGER, ParameterType.PORT):
        return _integer(parameter, raw)
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        raise ValueError
    text = str(raw)
    if len(text) > _LONGEST or not text or any(ord(sign) < 32 and sign != "\n" for sign in text):
        raise ValueError
    text.encode()  # an argument that is no UTF-8 has surrogates; what they raise is a ValueError
    if not _TESTS[kind](text) or (parameter.choices and text not in parameter.choices):
        raise ValueError
    return text


def allowed(parameter: Parameter) -> str:
    """What may be answered, as a person reads it."""
    if parameter.choices:
        several = "some of" if parameter.type in _COLLECTIONS else "one of"
        return f"{several} {', '.join(parameter.choices)}"
    if parameter.type is ParameterType.INTEGER:
        low = "" if parameter.minimum is None else f" from {parameter.minimum}"
        high = "" if parameter.maximum is None else f" to {parameter.maximum}"
        return f"a whole number{low}{high}"
    return _WORDS[parameter.type]


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in _TRUE:
        return _TRUE[raw.lower()]
    raise ValueError


def _integer(parameter: Parameter, raw: Any) -> int:
    if isinstance(raw, (bool, float)) or not re.fullmatch(r"-?[0-9]{1,15}", str(raw)):
        raise ValueError
    number = int(raw)
    low, high = (1, 65535) if parameter.type is ParameterType.PORT else (parameter.minimum, parameter.maximum)
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError
    return number


def _sequence(parameter: Parameter, raw: Any) -> tuple[str, ...]:
    items = [part.strip() for part in raw.split(",")] if isinstance(raw, str) else raw
    if not isinstance(items, (list, tuple)) or not 0 < len(items) <= _MOST:
        raise ValueError
    test = dns.is_label if parameter.type is ParameterType.NAMES else _one_line
    for item in items:
        if not isinstance(item, str) or not test(item) or (parameter.choices and item not in parameter.choices):
            raise ValueError
    if len(set(items)) != len(items):
        raise ValueError
    return tuple(items)


def _pairs(_: Parameter, raw: Any) -> dict[str, str]:
    if isinstance(raw, str):
        parts = [part.partition("=") for part in raw.split(",")]
        if any(not sign for _, sign, _ in parts) or len({key for key, _, _ in parts}) != len(parts):
            raise ValueError
        raw = {key.strip(): value for key, _, value in parts}
    if not isinstance(raw, dict) or not 0 < len(raw) <= _MOST:
        raise ValueError
    found = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in raw.items()}
    if any(isinstance(value, (dict, list)) for value in raw.values()):
        raise ValueError
    if not all(isinstance(key, str) and _KEY.fullmatch(key) and _one_line(value) for key, value in found.items()):
        raise ValueError
    return found


def _one_line(text: str) -> bool:
    return bool(text) and len(text) <= _LONGEST and text.isprintable()


def _host(text: str) -> bool:
    """A domain name; Flux's variables may stand in it, because every name depends on the cluster's domain."""
    plain = _VARIABLE.sub("x.example", text)
    return len(plain) <= dns.LONGEST_SUBDOMAIN and bool(_DOMAIN.fullmatch(plain))


def _image(text: str) -> bool:
    tag = text.partition("@")[0].rpartition("/")[2].partition(":")[2]
    return bool(_IMAGE.fullmatch(text)) and tag != "latest" and (bool(tag) or "@sha256:" in text)


def _quantity(text: str) -> bool:
    found = parse_quantity(text)
    return found is not None and found.nano > 0


def safe_path(text: str) -> bool:
    """Whether a text is a path that stays in a repository, and is none of git's own and no record of components."""
    parts = text.lower().split("/")
    short = len(text) <= _LONGEST_PATH and max(map(len, parts)) <= _LONGEST_NAME
    return short and bool(_PATH.fullmatch(text)) and not {".", "..", ".git"} & set(parts) and parts[0] != ".elysium"


def _cron(text: str) -> bool:
    try:
        return cron.parse(text) is not None
    except cron.CronError:
        return False


_COLLECTIONS: dict[ParameterType, Callable[[Parameter, Any], Any]] = {
    ParameterType.NAMES: _sequence,
    ParameterType.LIST: _sequence,
    ParameterType.PAIRS: _pairs,
}

_TESTS: dict[ParameterType, Callable[[str], Any]] = {
    ParameterType.TEXT: lambda text: "\0" not in text,
    ParameterType.NAME: dns.is_label,
    ParameterType.QUANTITY: _quantity,
    ParameterType.HOST: _host,
    ParameterType.IMAGE: _image,
    ParameterType.CRON: _cron,
    ParameterType.DURATION: lambda text: (durations.seconds(text) or 0) > 0,
    ParameterType.URL: _URL.fullmatch,
    ParameterType.VERSION: _VERSION.fullmatch,
    ParameterType.PATH: safe_path,
    ParameterType.EMAIL: _EMAIL.fullmatch,
    ParameterType.CHOICE: lambda text: True,
}

_WORDS = {
    ParameterType.TEXT: "a text",
    ParameterType.NAME: "a name of lower-case letters, digits and dashes, at most 63 characters",
    ParameterType.BOOLEAN: "true or false",
    ParameterType.PORT: "a port from 1 to 65535",
    ParameterType.QUANTITY: "an amount such as 500m, 2 or 10Gi",
    ParameterType.HOST: "a domain name such as app.example.com or app.${CLUSTER_DOMAIN}",
    ParameterType.IMAGE: "an image with a tag that is not latest, or with a digest: ghcr.io/owner/app:1.2.3",
    ParameterType.CRON: "a schedule of five fields, such as 0 3 * * *",
    ParameterType.DURATION: "a duration such as 30s, 10m or 1h",
    ParameterType.URL: "an address such as https://charts.example.com, oci://… or ssh://…",
    ParameterType.VERSION: "a version such as 1.2.3",
    ParameterType.PATH: "a path inside the repository, without . or ..",
    ParameterType.EMAIL: "an e-mail address",
    ParameterType.CHOICE: "one of the choices",
    ParameterType.NAMES: "names of lower-case letters, digits and dashes, separated by commas, each once",
    ParameterType.LIST: "texts separated by commas, each once",
    ParameterType.PAIRS: "KEY=VALUE, separated by commas",
}
