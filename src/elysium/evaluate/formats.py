"""The forms of names, labels and ports that the API server asks for.

Each function says what is wrong with a text, or nothing (k8s.io/apimachinery, pkg/util/validation). A text with an
unresolved `${VAR}` is not judged.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from elysium.evaluate.workloads import Path

__all__ = [
    "Fault",
    "config_key",
    "dns_label",
    "dns_subdomain",
    "environment_name",
    "label_key",
    "label_value",
    "open_ended",
    "path_segment",
    "port_name",
    "port_number",
    "service_name",
]

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_STARTS_WITH_LETTER = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_LONGEST_LABEL = 63
_LONGEST_SUBDOMAIN = 253
_LONGEST_PORT_NAME = 15
_LARGEST_PORT = 65535


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A field that the API server refuses, and why."""

    path: Path
    reason: str


def open_ended(text: Any) -> bool:
    """Whether a value is not known: a variable that nobody has replaced."""
    return isinstance(text, str) and "${" in text


@lru_cache(maxsize=4096)
def dns_label(text: str) -> str:
    """A name without dots, as that of a Namespace or a container (RFC 1123)."""
    if len(text) > _LONGEST_LABEL:
        return f"has {len(text)} characters, at most {_LONGEST_LABEL} are allowed"
    return "" if _LABEL.fullmatch(text) or open_ended(text) else "may only have a-z, 0-9 and inner hyphens"


def service_name(text: str) -> str:
    """The name of a Service up to Kubernetes 1.35: a label that begins with a letter (RFC 1035)."""
    wrong = dns_label(text)
    return wrong or ("" if _STARTS_WITH_LETTER.fullmatch(text) or open_ended(text) else "must begin with a letter")


@lru_cache(maxsize=4096)
def dns_subdomain(text: str) -> str:
    """A name with dots, as that of most objects (RFC 1123)."""
    if len(text) > _LONGEST_SUBDOMAIN:
        return f"has {len(text)} characters, at most {_LONGEST_SUBDOMAIN} are allowed"
    return "" if _SUBDOMAIN.fullmatch(text) or open_ended(text) else "may only have a-z, 0-9, dots and inner hyphens"


def path_segment(text: str) -> str:
    """The name of a Role or binding: anything that can stand in a path."""
    return f"may not be {text!r}" if text in (".", "..") or "/" in text or "%" in text else ""


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """The key of a label or annotation: a name, with a domain before a slash if wanted."""
    prefix, separator, name = text.rpartition("/")
    if open_ended(text):
        return ""
    if separator and (not prefix or "/" in prefix or dns_subdomain(prefix)):
        return "has a part before the slash that is no domain"
    if len(name) > _LONGEST_LABEL:
        return f"has a name of {len(name)} characters, at most {_LONGEST_LABEL} are allowed"
    return "" if _QUALIFIED.fullmatch(name) else "may only have letters, digits, and inner '-', '_', '.'"


@lru_cache(maxsize=4096)
def label_value(text: str) -> str:
    """The value of a label; it may be empty."""
    if len(text) > _LONGEST_LABEL and not open_ended(text):
        return f"has {len(text)} characters, at most {_LONGEST_LABEL} are allowed"
    fits = not text or _QUALIFIED.fullmatch(text) or open_ended(text)
    return "" if fits else "may only have letters, digits, and inner '-', '_', '.'"


@lru_cache(maxsize=4096)
def port_name(text: str) -> str:
    """The name of a port (RFC 6335)."""
    if open_ended(text):
        return ""
    if len(text) > _LONGEST_PORT_NAME:
        return f"has {len(text)} characters, at most {_LONGEST_PORT_NAME} are allowed"
    if not re.fullmatch(r"[-a-z0-9]+", text) or "--" in text or text[0] == "-" or text[-1] == "-":
        return "may only have a-z, 0-9 and single inner hyphens"
    return "" if re.search(r"[a-z]", text) else "must have a letter"


def port_number(value: Any) -> str:
    """The number of a port; what is no number is the schema's business."""
    if not isinstance(value, int) or isinstance(value, bool) or 1 <= value <= _LARGEST_PORT:
        return ""
    return f"must be between 1 and {_LARGEST_PORT}"


@lru_cache(maxsize=4096)
def environment_name(text: str) -> str:
    """The name of a variable of the environment: printable ASCII without `=` (since Kubernetes 1.30)."""
    if not text:
        return "is empty"
    fits = all(" " <= character <= "~" and character != "=" for character in text)
    return "" if fits or open_ended(text) else "may only have printable ASCII characters without '='"


@lru_cache(maxsize=4096)
def config_key(text: str) -> str:
    """A key of a ConfigMap or Secret."""
    if len(text) > _LONGEST_SUBDOMAIN:
        return f"has {len(text)} characters, at most {_LONGEST_SUBDOMAIN} are allowed"
    if text in (".", "..") or text.startswith("..") or not (_CONFIG_KEY.fullmatch(text) or open_ended(text)):
        return "may only have letters, digits, '-', '_' and '.', and not begin with '..'"
    return ""
