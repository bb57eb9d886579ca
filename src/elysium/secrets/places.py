"""Where a Secret will stand: name, namespace and scope, which together bind what is sealed for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from elysium.errors import SealingError
from elysium.kit.dns import is_subdomain
from elysium.sealing.seal import label_of
from elysium.sealing.sealed import Scope

__all__ = ["Place", "require_keys", "require_place"]

_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_LONGEST = 253
_VARIABLE = re.compile(r"\$\{|\$[a-zA-Z_]|\{\{")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The Secret that a sealed value may be opened for."""

    name: str
    namespace: str
    scope: Scope = Scope.STRICT

    @property
    def label(self) -> bytes:
        return label_of(self.scope, self.namespace, self.name)


def require_place(place: Place, *, subject: str = "") -> Place:
    """The same place. Raises SealingError when no Secret can stand there, in kubeseal's words where it has some."""
    if not place.name:
        hint = "name the Secret: the value is bound to it"
        raise SealingError("missing metadata.name in input Secret", subject=subject, hint=hint)
    if not place.namespace and place.scope is not Scope.CLUSTER:
        hint = "write metadata.namespace, or give --namespace: the value is bound to it"
        raise SealingError("secret must declare a namespace", subject=subject, hint=hint)
    for text, field in ((place.name, "metadata.name"), (place.namespace, "metadata.namespace")):
        if not text:
            continue
        if _VARIABLE.search(text):
            hint = "a sealed value is bound to the final name: write it out"
            raise SealingError(f"{field} {text!r} holds a variable", subject=subject, hint=hint)
        if not is_subdomain(text):
            hint = "Kubernetes takes lower case letters, digits, `-` and `.`"
            raise SealingError(f"{field} {text!r} is not a name", subject=subject, hint=hint)
    return place


def require_keys(keys: Iterable[str], *, subject: str = "") -> None:
    """Raises SealingError for the first text that cannot be a key of a Secret, in Kubernetes' words."""
    for key in keys:
        if not _KEY.fullmatch(key) or key in (".", "..") or len(key) > _LONGEST:
            message = f'"{key}" is not valid key name for a Secret'
            hint = f"a valid config key must consist of alphanumeric characters, '-', '_' or '.', at most {_LONGEST}"
            raise SealingError(message, subject=subject, hint=hint)
