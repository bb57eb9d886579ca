"""Findings that are known and accepted for now, in a file that is committed: only new ones fail a check.

The file is JSON with one finding a line, sorted, so that a change of it can be read in a review and two branches that
each mend something merge. It holds no line numbers and no secret value: messages are written as a check prints them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from elysium.check.identity import Identity
from elysium.errors import SettingsError

__all__ = ["FORMAT", "parse", "write"]

FORMAT = 1
"""The version of the file."""

_HINT = "`elysium check --baseline FILE --update-baseline` writes it anew"
_ALLOWED = "a finding has rule, message and, where it has them, file, object and count"
_MOST = 100_000
_ITEM = re.compile(r"\[(\d+)\]")


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line: a finding, and how often it is there."""

    file: str = ""
    object: str = ""
    rule: str
    message: str
    count: int = 1


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int
    findings: tuple[_Entry, ...]


def write(identities: Iterable[Identity]) -> str:
    """The text of a baseline."""
    counted = sorted(Counter(identities).items())
    entries = [
        _Entry(file=item.file, object=item.object, rule=item.rule, message=item.message, count=number)
        for item, number in counted
    ]
    lines = ",\n".join("  " + msgspec.json.encode(entry).decode() for entry in entries)
    body = f"[\n{lines}\n ]" if lines else "[]"
    return f'{{\n "version": {FORMAT},\n "findings": {body}\n}}\n'


def parse(text: str, subject: str) -> tuple[Identity, ...]:
    """The identities that a baseline holds. Raises SettingsError with the line of what is wrong in file `subject`."""
    try:
        file = msgspec.json.decode(text.encode(), type=_File)
    except msgspec.ValidationError as error:
        place = f"{subject}:{_line(text, str(error))}"
        message = str(error).partition(" - at `")[0]
        raise SettingsError(message, subject=place, hint=f"{_ALLOWED}; {_HINT}") from error
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _broken(text, subject) from error
    if file.version != FORMAT:
        place = f"{subject}:{_line(text, '$.version')}"
        raise SettingsError(f"version {file.version} is not known", subject=place, hint=f"version {FORMAT} is; {_HINT}")
    for number, entry in enumerate(file.findings):
        if not 1 <= entry.count <= _MOST:
            place = f"{subject}:{_line(text, f'[{number}]')}"
            raise SettingsError(f"count cannot be {entry.count}", subject=place, hint=f"it is 1 to {_MOST:,}; {_HINT}")
    if sum(entry.count for entry in file.findings) > 10 * _MOST:
        raise SettingsError(f"more than {10 * _MOST:,} findings", subject=subject, hint=f"mend some; {_HINT}")
    return tuple(_identity(entry) for entry in file.findings for _ in range(entry.count))


def _identity(entry: _Entry) -> Identity:
    return Identity(file=entry.file, object=entry.object, rule=entry.rule, message=entry.message)


def _broken(text: str, subject: str) -> SettingsError:
    """The standard library's decoder tells where the syntax is broken."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return SettingsError(f"no JSON: {error.msg}", subject=f"{subject}:{error.lineno}", hint=f"mend it, or {_HINT}")
    except (RecursionError, ValueError):
        pass
    return SettingsError("no JSON", subject=subject, hint=f"mend it, or {_HINT}")


def _line(text: str, message: str) -> int:
    """The line that a message of the decoder is about: `… - at `$.findings[3].rule``. 1 when it cannot be told."""
    item = _ITEM.search(message)
    if item is None:
        key = '"version"' if "version" in message else '"findings"'
        return text[: max(text.find(key), 0)].count("\n") + 1
    position = text.find("[", text.find('"findings"')) + 1
    decoder = json.JSONDecoder()
    for number in range(int(item[1]) + 1):
        position += len(text[position:]) - len(text[position:].lstrip(" \t\r\n,"))
        if number < int(item[1]):
            position = decoder.raw_decode(text, position)[1]
    return text[:position].count("\n") + 1
