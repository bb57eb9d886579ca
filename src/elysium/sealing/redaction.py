"""Take known secret values out of everything that leaves the process."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from elysium.sealing.opaque import is_opaque, opaque_token

__all__ = ["Redactor"]

_SHORTEST = 6


class Redactor:
    """Knows plaintexts and the token that replaces each.

    Values shorter than six characters are not searched for in other texts (they occur everywhere by chance); in the
    Secret itself they are always replaced. What is replaced: the raw value, its lines when it has several, and its
    Base64, JSON-escaped and URL-escaped forms.
    """

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}
        self._spared: set[str] = set()
        self._ordered: list[tuple[bytes, bytes]] | None = None

    def __bool__(self) -> bool:
        return bool(self._forms)

    def learn(self, namespace: str, name: str, key: str, value: str) -> None:
        """Remember one plaintext of a Secret."""
        token = opaque_token(namespace, name, key)
        for text in {value, value.strip(), value.replace("\n", ""), *value.splitlines()}:
            if len(text) >= _SHORTEST and not is_opaque(text):
                self._add(text, token)
        self._ordered = None

    def spare(self, names: Iterable[str]) -> None:
        """Names of objects stand everywhere in the clear: a value that equals one is not searched for in texts."""
        self._spared.update(names)
        self._ordered = None

    def _add(self, text: str, token: str) -> None:
        encoded = base64.b64encode(text.encode()).decode()
        token_encoded = base64.b64encode(token.encode()).decode()
        self._forms.setdefault(text, token)
        self._forms.setdefault(encoded, token_encoded)
        self._forms.setdefault(json.dumps(text)[1:-1], token)
        self._forms.setdefault(json.dumps(text, ensure_ascii=False)[1:-1], token)
        self._forms.setdefault(quote(text, safe=""), token)
        twice = base64.b64encode(encoded.encode()).decode()
        self._forms.setdefault(twice, base64.b64encode(token_encoded.encode()).decode())

    def learn_secret(self, body: dict[str, Any]) -> bool:
        """Remember every plaintext of a v1 Secret; whether it had any."""
        metadata = body.get("metadata") or {}
        namespace, name = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
        found = False
        for key, value in (body.get("data") or {}).items():
            text = _decoded(value)
            if text and not is_opaque(text):
                self.learn(namespace, name, str(key), text)
                found = True
        for key, value in (body.get("stringData") or {}).items():
            if isinstance(value, str) and value and not is_opaque(value):
                self.learn(namespace, name, str(key), value)
                found = True
        return found

    def secret(self, body: dict[str, Any]) -> dict[str, Any]:
        """A v1 Secret with every value replaced by its token, in the form (Base64) that a Secret has."""
        metadata = body.get("metadata") or {}
        namespace, name = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
        result = dict(body)
        if isinstance(body.get("data"), dict):
            result["data"] = {
                key: base64.b64encode(_token_for(namespace, name, str(key), _decoded(value)).encode()).decode()
                for key, value in body["data"].items()
            }
        if isinstance(body.get("stringData"), dict):
            result["stringData"] = {
                key: _token_for(namespace, name, str(key), str(value)) for key, value in body["stringData"].items()
            }
        return result

    def bytes(self, data: bytes) -> bytes:
        """The same bytes without any known value, longest values first."""
        if not self._forms:
            return data
        if self._ordered is None:
            searched = [item for item in self._forms.items() if item[0] not in self._spared]
            ordered = sorted(searched, key=lambda item: (-len(item[0]), item[0]))
            self._ordered = [(value.encode(), token.encode()) for value, token in ordered]
        for value, token in self._ordered:
            if value in data:
                data = data.replace(value, token)
        return data

    def text(self, text: str) -> str:
        """The same text without any known value."""
        return self.bytes(text.encode()).decode() if self._forms else text


def _token_for(namespace: str, name: str, key: str, value: str) -> str:
    return value if is_opaque(value) else opaque_token(namespace, name, key)


def _decoded(value: object) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value
