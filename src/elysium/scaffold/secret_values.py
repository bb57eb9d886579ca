"""The values of a component's Secrets: given, generated, composed of others, or a placeholder that is told; sealed.

A plaintext is in memory only. What is sealed already stays as it is: nobody can read it, and sealing it anew would
change a file for nothing. A value that is given explicitly replaces the sealed one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold.editing import load_documents
from elysium.scaffold.isolation import templates_of
from elysium.scaffold.proposing import Proposal, ProposedKey, ProposedSecret
from elysium.scaffold.templates import Asked
from elysium.sealing.certificates import CERTIFICATE_PATH
from elysium.secrets import generated, merged_text, sealed_text

__all__ = ["Asking", "Placeholder", "Sealing"]

_PLACEHOLDER = 24


class Placeholder(msgspec.Struct, frozen=True, kw_only=True):
    """A value that only a person knows, and did not give: a random text is sealed in its place until then.

    `again` is the command that gives every such value of a Secret in which others are composed of them.
    """

    path: str
    name: str
    namespace: str
    key: str
    what: str
    again: str = ""

    @property
    def command(self) -> str:
        """What puts the real value there; it reads the value from standard input, or several from files."""
        if self.again:
            return self.again
        where = f"generic {self.name} -n {self.namespace}"
        return f"elysium secrets create {where} --from-stdin {self.key} --into {self.path}"


Asking = Callable[[Placeholder], str]
"""Asks a person for a value; empty when there is none yet."""


class Sealing:
    """Seals the Secrets of one proposal, and remembers where it had to put placeholders."""

    def __init__(
        self, proposal: Proposal, certificate: str, given: Mapping[str, bytes], ask: Asking | None = None
    ) -> None:
        self._proposal = proposal
        self._certificate = certificate
        self._given = given
        self._ask = ask
        self._made: dict[str, str] = {}
        self.placeholders: list[Placeholder] = []

    def __call__(self, secret: ProposedSecret, now: str | None) -> str | None:
        """The sealed file with every value that it lacks; None when it lacks none."""
        known = _sealed_keys(now, secret) if now else set()
        wanted = self._wanted(secret, known)
        if not wanted:
            return None
        if not self._certificate:
            hint = f"name the certificate of the cluster with --cert, or keep it in {CERTIFICATE_PATH}"
            raise ScaffoldError("there is no certificate to seal the secret with", subject=secret.path, hint=hint)
        before = len(self.placeholders)
        values = {key.key: self._value(secret, key, known).encode() for key in _composed_last(wanted)}
        if now:
            return merged_text(now, values=values, certificate=self._certificate)
        comments = [f"{item.key} is a placeholder until: {item.command}" for item in self.placeholders[before:]]
        return sealed_text(
            name=secret.name,
            namespace=secret.namespace,
            values={key.key: values[key.key] for key in wanted},
            certificate=self._certificate,
            type=secret.type,
            comments=comments,
        )

    def _wanted(self, secret: ProposedSecret, known: set[str]) -> list[ProposedKey]:
        """What is not sealed yet, what is given, and what is composed of what is given."""
        given = {key.key for key in secret.keys if self._explicit(secret, key) is not None}
        return [key for key in secret.keys if key.key not in known or given & {key.key, *self._parts(key)}]

    def _parts(self, key: ProposedKey) -> set[str]:
        """The other values that a composed one is made of."""
        if not key.template:
            return set()
        asked = Asked()
        component = self._proposal.component
        values: dict[str, Any] = {**self._proposal.answers.values, "name": self._proposal.name, "secret": asked}
        templates_of(component).text(key.template, values, f"secret key {key.key}")
        return asked.names

    def _again(self, secret: ProposedSecret, asked: ProposedKey) -> str:
        if not any(asked.key in self._parts(key) for key in secret.keys):
            return ""
        proposal = self._proposal
        kind = proposal.component.id.partition("/")[0]
        files = "".join(f" --secret {secret.name}/{key.key}=FILE" for key in secret.keys if key.ask)
        return f"elysium new {kind} {proposal.name}{files}"

    def _value(self, secret: ProposedSecret, key: ProposedKey, known: set[str]) -> str:
        explicit = self._explicit(secret, key)
        if explicit is not None:
            text = explicit
        elif key.template:
            text = self._composed(secret, key, known)
        else:
            text = self._asked(secret, key) if not key.generate else ""
            text = text or generated(key.generate or _PLACEHOLDER).decode()
        self._made[key.key] = text
        return text

    def _asked(self, secret: ProposedSecret, key: ProposedKey) -> str:
        """What a person says when asked; where nobody does, a placeholder is noted."""
        what = key.ask or "a value that only you know"
        names = {"path": secret.path, "name": secret.name, "namespace": secret.namespace, "key": key.key}
        wanted = Placeholder(**names, what=what, again=self._again(secret, key))
        said = self._ask(wanted) if self._ask else ""
        self.placeholders += [] if said else [wanted]
        return said

    def _composed(self, secret: ProposedSecret, key: ProposedKey, known: set[str]) -> str:
        hidden = sorted(known - set(self._made) - {key.key})
        component = self._proposal.component
        values: dict[str, Any] = {**self._proposal.answers.values, "name": self._proposal.name, "secret": self._made}
        try:
            return templates_of(component).text(key.template, values, f"secret key {key.key}")
        except ScaffoldError:
            if not hidden:  # what the template says of its fault may quote a value
                hint = "mend the component"
                raise ScaffoldError(f"{key.key} cannot be composed", subject=secret.path, hint=hint) from None
            hint = f"give them (--secret KEY=FILE), or delete {secret.path} and let all be made anew"
            message = f"{key.key} is composed of values that are sealed already and cannot be read: {', '.join(hidden)}"
            raise ScaffoldError(message, subject=secret.path, hint=hint) from None

    def _explicit(self, secret: ProposedSecret, key: ProposedKey) -> str | None:
        found = self._given.get(f"{secret.name}/{key.key}", self._given.get(key.key))
        if found is None:
            return None
        try:
            return found.decode("utf-8")
        except UnicodeDecodeError:
            hint = "elysium secrets create seals any bytes"
            raise ScaffoldError("the given value is no text", subject=f"--secret {key.key}", hint=hint) from None


def _composed_last(keys: list[ProposedKey]) -> list[ProposedKey]:
    return sorted(keys, key=lambda key: bool(key.template))


def _sealed_keys(text: str, secret: ProposedSecret) -> set[str]:
    for body in load_documents(text):
        metadata = body.get("metadata") if isinstance(body, dict) else None
        if isinstance(metadata, dict) and metadata.get("name") == secret.name:
            spec = body.get("spec")
            sealed = spec.get("encryptedData") if isinstance(spec, dict) else None
            return set(sealed) if isinstance(sealed, dict) else set()
    hint = "move the file away, or put the SealedSecret back"
    raise ScaffoldError(f"there is no SealedSecret {secret.name} in this file", subject=secret.path, hint=hint)
