"""Whether a text under a key is a secret that somebody wrote down: judged by what the key says and what the text is.

The text is never part of a result. Patterns look at single values, after the files were parsed (a scanner of whole
texts takes sealed values and references for secrets, and misses what is nested).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import msgspec

from elysium.check.plaintext.formats import credential_format, url_password
from elysium.model import Severity
from elysium.sealing import is_opaque

__all__ = ["Judgement", "for_scope", "is_address", "is_placeholder", "judge", "key_class", "suspicious"]

_PASSWORDS = ("password", "passwd", "passphrase", "pwd", "pass", "passcode")
_TOKENS = (
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "clientsecret",
    "authkey",
    "encryptionkey",
    "signingkey",
    "masterkey",
    "secretaccesskey",
    "secretkeybase",
    "licensekey",
    "jwtsecret",
    "cookiesecret",
    "sharedsecret",
    "webhooksecret",
    "appsecret",
    "hmackey",
    "bearer",
)
_LOOSE = ("secret", "credential", "credentials", "auth", "salt", "psk")
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_PLACEHOLDER = re.compile(
    r"""(?ix) ^\s*(
        (please[-_ ]?)?change[-_ ]?(me|it|this|in).* | replace[-_ ]?(me|with|this).* | (your|my|some|the)[-_ ].*
        | insert[-_ ].* | x{3,} | \*{3,} | \.{3,} | to[-_ ]?do.* | tbd | placeholder.* | dummy.* | example.* | sample.*
        | redacted.* | fake.* | test | <[^<>]*> | \[[^\[\]]*\] | null | nil | none | n/a | undefined | -+ | unused
        | not[-_ ]?(used|needed|set|real).* | ignored? | true|false|yes|no|on|off|enabled|disabled|auto|default
        | (op|vault|bws|doppler|akeyless|infisical|file|env|secret|secretref|projects)://?.+ | ref\+\w+://.+
        | vault:.+ | ENC\[.* | required|optional|generated?|random | \{\{.*\}\} | \$?\$\{[^}]+\} | \$\([^)]+\)
        | \d{1,5}
    )\s*$"""
)
_WELL_KNOWN = re.compile(
    r"""(?ix) ^\s*(admin|administrator|root|user|guest|password|passwd|pass|secret|token|key|postgres|mysql|mariadb
        |redis|rabbitmq|grafana|prom-operator|minio|minioadmin|minio123|elastic|nextcloud|wordpress|anonymous|nopass
        |nopassword|changeit|toor)\s*$"""
)
_REFERENCE = re.compile(
    r"\$\{|\$\(|\{\{|^\$[A-Za-z_]\w*$|\$__(file|env)|<<|<path:|^@[\w./]+$|ENC\[|^`|^!\w+ |^\$\d$|%\("
    r"|^#?\{[^\s{}]+\}$|^%{1,2}\w+%{1,2}$|^__\w+__$|^env:\w+$"
)
_DEFAULT = re.compile(r"\$\{\w+:?[=-]([^}]+)\}")
_PATH = re.compile(r"^(\.{0,2}/[\w./@+-]*|~/.*|[\w.-]+\.(ya?ml|json|key|crt|pem|txt|env|conf|toml|ini|sh|py|js))$")
_URL = re.compile(r"^([a-z0-9]+:)?[a-z][a-z0-9+.-]*://\S+$", re.I)
_HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/\S*)?$")
_IMAGE = re.compile(r"^[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$")
_NAME = re.compile(r"^[A-Za-z]+([-_.:/ ][A-Za-z]+)*$")
_CONSTANT = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")
_SPACED = re.compile(r"\s\S+\s")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d|^\d+(\.\d+){1,3}$|^\d+(ms|s|m|h|d|Mi|Gi|Ki|M|G)$")
_PUBLIC = (
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "ssh-rsa ",
    "ssh-ed25519 ",
    "ecdsa-sha2-",
    "age1",
)
_SEALED = re.compile(r"A[gQ][A-Za-z0-9+/]{300,}={0,2}")
_HASHED = re.compile(r"^(\$2[aby]\$\d+\$|\$argon2|\$6\$|\$5\$|\$1\$|\$apr1\$|\{SSHA|\{bcrypt\}|pbkdf2|scrypt:)", re.I)
_DEVELOPMENT = {
    *(
        "dev",
        "development",
        "local",
        "localdev",
        "test",
        "tests",
        "testing",
        "testdata",
        "e2e",
        "ci",
        "example",
        "examples",
    ),
    *("sample", "samples", "minikube", "sandbox", "playground"),
}
_ON_A_DESK = re.compile(r"(local|dev|test|e2e|kind|k3d)[-_](stack|clusters?|env|environment|setup|bootstrap)s?$")
_WORDS = (
    "pass",
    "passwd",
    "phrase",
    "code",
    "pwd",
    "word",
    "token",
    "key",
    "secret",
    "credential",
    "credentials",
    "auth",
)
_MORE_WORDS = ("salt", "psk", "bearer", "base")
_AFTER = re.compile(r"""["']?\s*[:=]+>?\s*\S""")
_MARKS = (
    *("PRIVATE KEY-----", "/services/T", "api/webhooks", "AGE-SECRET-KEY-1", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *(
        "github_pat_",
        "glpat-",
        "glrt-",
        "gldt-",
        "xoxb-",
        "xoxp-",
        "xoxa-",
        "xoxr-",
        "tskey-",
        "AIza",
        "k_live_",
        "sk-",
    ),
    *("dckr_pat_", "npm_", "pypi-", "hvs.", "hvb.", "glsa_", ":AA", "SG.", "eyJ", '"auths', "Generator:"),
)
_KIND = re.compile(r"""kind["']?:\s*["']?Secret\b""")


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a value was taken for (`kind`: a password, a token, …), how many characters it has, how sure that is."""

    kind: str
    length: int
    severity: Severity

    def __str__(self) -> str:
        return f"{self.kind}, {self.length} characters"


def suspicious(text: str) -> bool:
    """Whether a text can hold a secret at all; cheap, so that most files need not be parsed."""
    if any(mark in text for mark in _MARKS) or url_password(text) or _KIND.search(text):
        return True
    lower = text.lower()
    return any(_is_assigned(lower, word) for word in (*_WORDS, *_MORE_WORDS))


def _is_assigned(lower: str, word: str) -> bool:
    """Whether a word ends a key with a value, stands in the name of a variable, or in an option of a program."""
    at = lower.find(word)
    while at >= 0:
        line = lower[lower.rfind("\n", 0, at) + 1 : at]
        bare = word == "key" and not line[-1:].isalnum() and line[-1:] not in ("_", "-", ".")
        if not bare and (_AFTER.match(lower, at + len(word)) or "name" in line or "--" in line):
            return True
        at = lower.find(word, at + 1)
    return False


def judge(key: str, value: Any) -> Judgement | None:
    """What a value under a key gives away; None where it is public, a placeholder, a reference or unknown."""
    if not isinstance(value, str):
        value = str(value) if type(value) is int and value > 99999 else ""
    text = value.strip()
    if not text or len(text) > 20_000 or is_opaque(text):
        return None
    kind = credential_format(text)
    if kind:
        return Judgement(kind=kind, length=len(text), severity=Severity.ERROR)
    if "\n" in text:
        return None
    password = url_password(text)
    if password and not _is_filled_in_later(password):
        return Judgement(kind="a password in a URL", length=len(password), severity=_certainty(password))
    return _by_key(key, text)


def key_class(key: str) -> str:
    """What a key promises: `password`, `token`, `secret` (may be the name of one) or nothing."""
    words = [word.lower() for word in _SPLIT.split(key) if word]
    if not words or "checksum" in words:
        return ""
    if words[-1] in _PASSWORDS or words[-1].endswith(("password", "passwd", "passphrase")):
        return "password"
    ends = {"".join(words[-count:]) for count in (1, 2, 3)}
    if ends & set(_TOKENS) or words[-1].endswith(("apikey", "token")):
        return "token"
    return "secret" if words[-1] in _LOOSE else ""


def is_address(text: str) -> bool:
    """Whether a text is a path, a host or a URL without anything in it that could be a credential."""
    if url_password(text) or credential_format(text):
        return False
    if not any(pattern.match(text) for pattern in (_PATH, _URL, _HOST)):
        return False
    parts = re.split(r"[/?=&.:_-]", text)
    return not any(len(part) >= 16 and bool(re.search(r"\d", part) and re.search(r"[A-Za-z]", part)) for part in parts)


def for_scope(severity: Severity, path: str) -> Severity:
    """A secret among what is for development, tests and examples is one level less, whatever it looks like.

    What is for a cluster on somebody's desk (`local-clusters/`, `kind-bootstrap/`) opens nothing: a note.
    """
    folder, _, name = path.lower().rpartition("/")
    parts = {*folder.split("/"), *re.split(r"[._-]", name)}
    if any(map(_ON_A_DESK.match, parts)):
        return Severity.INFO
    if name in ("default.env", "defaults.env") or _DEVELOPMENT & parts:
        return Severity.WARNING if severity is Severity.ERROR else Severity.INFO
    return severity


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a value that somebody still has to give, or for nothing at all."""
    return _PLACEHOLDER.match(text) is not None


def _by_key(key: str, text: str) -> Judgement | None:
    promise = key_class(key)
    default = _DEFAULT.fullmatch(text)
    if default:
        written = _by_key(key, default[1]) if "$" not in default[1] else None
        return msgspec.structs.replace(written, severity=Severity.WARNING) if written else None
    if not promise or _is_filled_in_later(text) or _is_public(text):
        return None
    certainty = _certainty(text)
    if promise == "password" and not (_SPACED.search(text)):
        return Judgement(kind="a password", length=len(text), severity=certainty)
    if promise == "token" and certainty is Severity.ERROR:
        return Judgement(kind="a token or key", length=len(text), severity=certainty)
    if promise == "secret" and certainty is Severity.ERROR and len(text) >= 12 and _entropy(text) >= 3.3:
        return Judgement(kind="a secret", length=len(text), severity=Severity.WARNING)
    return None


def _is_filled_in_later(text: str) -> bool:
    known = is_placeholder(text) or _WELL_KNOWN.match(text) is not None
    return known or (_REFERENCE.search(text) is not None and not _HASHED.match(text))


def _is_public(text: str) -> bool:
    """Names, paths, addresses, dates and public keys are no secrets, and neither is a hash of one."""
    if text.startswith(_PUBLIC) or _HASHED.match(text) or _SEALED.fullmatch(text):
        return True
    return any(pattern.match(text) for pattern in (_PATH, _URL, _HOST, _IMAGE, _DATE, _CONSTANT))


def _certainty(text: str) -> Severity:
    """An error where a text looks made up by a machine or mixed by a person; a plain word is a doubt."""
    if len(text) < 8 or _NAME.match(text):
        long = len(text) >= 20 and _entropy(text) >= 4.0 and not re.search(r"[-_./ ]", text)
        return Severity.ERROR if long else Severity.WARNING
    kinds = sum(bool(re.search(pattern, text)) for pattern in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    digits = bool(re.search(r"\d", text))
    if _is_made_of_words(text):
        return Severity.WARNING
    return Severity.ERROR if kinds >= 3 or (digits and kinds >= 2 and _entropy(text) >= 2.75) else Severity.WARNING


def _is_made_of_words(text: str) -> bool:
    """Whether a text is a name such as `shop-oauth-v2`: small letters in parts, most of them without digits."""
    parts = re.split(r"[-_.]", text)
    if len(parts) < 2 or text != text.lower() or not all(re.fullmatch(r"[a-z0-9]{1,14}", part) for part in parts):
        return False
    letters: int = sum(part.isalpha() for part in parts)
    return 2 * letters >= len(parts)


def _entropy(text: str) -> float:
    """Shannon's entropy of the characters, in bits each."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())
