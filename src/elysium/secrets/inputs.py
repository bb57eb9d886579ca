"""Where the values of a Secret come from: files, directories, env files, standard input, the system's randomness.

Never an argument: arguments stand in the shell's history and in the list of processes. No message shows a value, nor a
line that might be one.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from elysium.errors import SealingError
from elysium.secrets.places import require_keys

__all__ = ["STANDARD_INPUT", "Inputs", "generated", "read_file", "read_values"]

STANDARD_INPUT = "-"
"""What names standard input where a file is expected."""

_LARGEST = 1 << 20
_VARIABLE = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
_EXPORT = re.compile(r"(export\s+[-._a-zA-Z0-9]+)\s*=")
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 32
_MOST = 4096


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What was named: `[KEY=]FILE` (a directory gives all its files), env files, the key of what comes on standard
    input, and `KEY[:LENGTH]` of what is to be made.
    """

    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    stdin: str = ""
    generate: tuple[str, ...] = ()


def read_values(inputs: Inputs, stdin: BinaryIO) -> dict[str, bytes]:
    """The values by key. Raises SealingError, in kubectl's words where it has some, for what cannot be a Secret."""
    values: dict[str, bytes] = {}
    for key, value in _items(inputs, stdin):
        if key in values:
            message = f"cannot add key {key}, another key by that name already exists"
            raise SealingError(message, hint="give each key once")
        values[key] = value
    require_keys(values)
    if sum(map(len, values.values())) > _LARGEST:
        raise SealingError(f"a Secret has at most {_LARGEST} bytes", hint="Kubernetes takes no larger one")
    return values


def generated(length: int = _LENGTH) -> bytes:
    """Letters and digits from the system's randomness."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length)).encode()


def read_file(path: str, stdin: BinaryIO, most: int = _LARGEST) -> bytes:
    """What a file holds, or standard input for `-`. Raises SealingError when that is more than `most` bytes."""
    try:
        if path == STANDARD_INPUT:
            data = stdin.read(most + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(most + 1)
    except OSError as error:
        raise SealingError(error.strerror or "it cannot be read", subject=path, hint="name a readable file") from error
    if len(data) > most:
        raise SealingError(f"this has more than {most} bytes", subject=path, hint="a Secret has at most 1 MiB")
    return data


def _items(inputs: Inputs, stdin: BinaryIO) -> Iterator[tuple[str, bytes]]:
    named = [_named(item) for item in inputs.files]
    readers = [path for _, path in named if path == STANDARD_INPUT] + [
        *(path for path in inputs.env_files if path == STANDARD_INPUT),
        *([STANDARD_INPUT] if inputs.stdin else []),
    ]
    if len(readers) > 1:
        raise SealingError("standard input can only be read once", hint="put the other values into files")
    for key, path in named:
        yield from _of_path(key, path, stdin)
    for path in inputs.env_files:
        yield from _of_env_file(path, stdin)
    if inputs.stdin:
        yield inputs.stdin, read_file(STANDARD_INPUT, stdin)
    for item in inputs.generate:
        yield _generated(item)


def _named(item: str) -> tuple[str, str]:
    key, separator, path = item.partition("=")
    if not separator:
        key, path = "", item
    if not path or (separator and not key) or (path == STANDARD_INPUT and not key):
        hint = "write KEY=FILE, FILE or KEY=-"
        raise SealingError("this names no key and file", subject=f"--from-file {item}", hint=hint)
    return key, path


def _of_path(key: str, path: str, stdin: BinaryIO) -> Iterator[tuple[str, bytes]]:
    if path != STANDARD_INPUT and Path(path).is_dir():
        if key:
            hint = "leave out the key: every file of a directory is named by its own"
            raise SealingError("a directory has no single key", subject=f"--from-file {key}={path}", hint=hint)
        for file in sorted(Path(path).iterdir()):
            if file.is_file():
                yield file.name, read_file(str(file), stdin)
        return
    yield key or Path(path).name, read_file(path, stdin)


def _of_env_file(path: str, stdin: BinaryIO) -> Iterator[tuple[str, bytes]]:
    try:
        text = read_file(path, stdin).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SealingError("this is not UTF-8 text", subject=path, hint="use --from-file for other data") from None
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.removesuffix("\r").lstrip()
        if stripped and not stripped.startswith("#"):
            yield _assignment(stripped, f"{path}:{number}")


def _assignment(line: str, subject: str) -> tuple[str, bytes]:
    """Quotes are part of the value, as kubectl has it. What is no name is not repeated: it may be half a value."""
    exported = _EXPORT.match(line)
    key, separator, value = line.partition("=")
    if separator and _VARIABLE.fullmatch(key):
        return key, value.encode()
    shown = f'"{exported[1]}"' if exported else "what stands before `=`" if separator else "a line without `=`"
    message = (
        f"{shown} is not a valid key name: a valid environment variable name must consist of alphabetic characters, "
        "digits, '_', '-', or '.', and must not start with a digit"
    )
    raise SealingError(message, subject=subject, hint="write KEY=VALUE, one a line")


def _generated(item: str) -> tuple[str, bytes]:
    key, _, text = item.partition(":")
    length = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0 if text else _LENGTH
    if not key or not 1 <= length <= _MOST:
        hint = f"write KEY or KEY:LENGTH, at most {_MOST} characters"
        raise SealingError("this names no key and length", subject=f"--generate {item}", hint=hint)
    return key, generated(length)
