"""Take known secret values out of everything that leaves the process."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from elysium.sealing.forms import SHORTEST, forms
from elysium.sealing.inner import inner_values
from elysium.sealing.opaque import TOKEN, is_opaque, opaque_token

__all__ = ["Redactor"]

_ESCAPED = re.compile(rb"[\"\\<>&'%\x00-\x1f\x7f-\xff]+")
_WORD = re.compile(rb"[A-Za-z0-9+/=_-]{16,}")
_CUT = re.compile(r"\.\.\.|…")
_CUT_BYTES = re.compile(_CUT.pattern.encode())
_TAIL = 200
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)


class Redactor:
    """Knows plaintexts and the token that replaces each, in every form of `forms`.

    Values shorter than six characters are not searched for in other texts (they occur everywhere by chance); in the
    Secret itself they are always replaced.
    """

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        """Every learned value with its token."""
        self._forms: dict[str, str] = {}
        self._needles: dict[str, bytes] = {}
        self._spared: set[str] = set()
        self._ordered: list[tuple[str, str]] | None = None

    def __bool__(self) -> bool:
        return bool(self._forms)

    def learn(self, namespace: str, name: str, key: str, value: str) -> None:
        """Remember one plaintext of a Secret."""
        self.learn_value(opaque_token(namespace, name, key), value)

    def learn_value(self, token: str, value: str) -> None:
        """Remember a plaintext with the token that is to stand for it, its lines, and the values that it is made of."""
        if value in self.values or is_opaque(value):
            return
        self.values[value] = token
        whole = {value, value.replace("\n", ""), _BACKSLASH.sub(r"\1", value)}
        for text in {*whole, *value.splitlines(), *inner_values(value)}:
            stripped = text.strip()
            if len(stripped) >= SHORTEST and not is_opaque(text):
                for form, replacement in forms(stripped, token):
                    if len(form) >= SHORTEST:
                        self._forms.setdefault(form, replacement)
        self._ordered = None

    def spare(self, names: Iterable[str]) -> None:
        """Public names stand everywhere in the clear: a value that equals one is not searched for in texts."""
        self._spared.update(names)
        self._ordered = None

    def learn_secret(self, body: dict[str, Any]) -> bool:
        """Remember every plaintext of a v1 Secret; whether it had any."""
        found = False
        for namespace, name, key, value, encoded in _plaintexts(body):
            self.learn(namespace, name, key, value)
            if encoded and "\ufffd" in value and len(encoded) >= SHORTEST:
                self._forms.setdefault(encoded, opaque_token(namespace, name, key))
            found = True
        return found

    def secret(self, body: dict[str, Any]) -> dict[str, Any]:
        """A v1 Secret with every value replaced by its token, in the form (Base64) that a Secret has."""
        metadata = body.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
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

    def object(self, body: dict[str, Any]) -> dict[str, Any]:
        """A Kubernetes object without any known value. What makes it an object of its kind stays as it is."""
        return {key: self._part(key, value) for key, value in body.items()}

    def _part(self, key: str, value: Any) -> Any:
        if key in ("apiVersion", "kind"):
            return value
        if key == "metadata" and isinstance(value, dict):
            return {name: self.value(field) for name, field in value.items()}
        return self.value(value)

    def value(self, value: Any) -> Any:
        """The same data without any known value, in keys and numbers too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._forms.get(str(value), value)
        return value

    def text(self, text: str) -> str:
        """The same text without any known value, longest values first."""
        for form, token in self._searched():
            if form in text:
                text = text.replace(form, token)
        return self._uncut(text) if self._forms and _CUT.search(text) else text

    def narrowed(self, data: bytes) -> Redactor:
        """A redactor that knows only what may occur in these texts, however they are escaped: fewer to search for."""
        made = Redactor()
        made._spared = self._spared
        cut = b"\n".join(data[max(0, match.start() - _TAIL) : match.start()] for match in _CUT_BYTES.finditer(data))
        words = b" ".join(_WORD.findall(data))
        for form, token in self._forms.items():
            needle = self._needles.get(form)
            if needle is None:
                needle = self._needles[form] = _needle(form)
            place = words if _WORD.fullmatch(needle) else data
            if needle in place or needle[:SHORTEST] in cut:
                made._forms[form] = token
                made._needles[form] = needle
        return made

    def _searched(self) -> list[tuple[str, str]]:
        if self._ordered is None:
            searched = [item for item in self._forms.items() if item[0] not in self._spared]
            self._ordered = sorted(searched, key=lambda item: (-len(item[0]), item[0]))
        return self._ordered

    def _uncut(self, text: str) -> str:
        """Without the beginnings of values that were cut short with an ellipsis."""
        parts = _CUT.split(text)
        marks = [match.group() for match in _CUT.finditer(text)]
        return "".join(self._beginnings(part) + mark for part, mark in zip(parts, marks, strict=False)) + parts[-1]

    def _beginnings(self, text: str) -> str:
        """The text without the beginning of a value at its end."""
        for form, token in self._searched():
            start = text.rfind(form[:SHORTEST])
            if start >= 0 and form.startswith(text[start:]) and TOKEN.search(text[start:]) is None:
                return text[:start] + token
        return text


def _needle(form: str) -> bytes:
    """The longest part of a form that no writer escapes: where it does not occur, the form does not either."""
    return max(_ESCAPED.split(form.encode("utf-8", "surrogatepass")), key=len)


def _plaintexts(body: dict[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Namespace, name, key, plaintext and what stands in `data` for each value of a v1 Secret."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    namespace, name = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
    for field in ("data", "stringData"):
        values = body.get(field)
        for key, value in values.items() if isinstance(values, dict) else ():
            text = _decoded(value) if field == "data" else str(value or "")
            if text and not is_opaque(text):
                yield namespace, name, str(key), text, str(value) if field == "data" else ""


def _token_for(namespace: str, name: str, key: str, value: str) -> str:
    return value if is_opaque(value) else opaque_token(namespace, name, key)


def _decoded(value: object) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value
