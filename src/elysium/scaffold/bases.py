"""The files of a component as they were rendered, as one text that git keeps well.

Each file has a section of its own, in order of paths: a line of JSON (path, size, digest), then the content, deflated
and in base85, in lines that begin with a space. A file that did not change has the same section as before.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Mapping

import msgspec

from elysium.kit import digests
from elysium.scaffold.types import safe_path

__all__ = ["BaseError", "base_text", "read_base", "same_base"]

_HEADER = "elysium-base 1: files as they were written, for the next upgrade; not to be edited"
_WIDTH = 100
_LARGEST_FILE = 4 << 20
_LARGEST_ALL = 32 << 20
_MOST_FILES = 2000


class BaseError(ValueError):
    """A text that is not one that `base_text` made."""


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The line before a file's content."""

    digest: str
    path: str
    size: int


def base_text(files: Mapping[str, str]) -> str:
    """Files by path as one text."""
    lines = [_HEADER]
    for path, text in sorted(files.items()):
        data = text.encode()
        section = _Section(digest=digests.of_bytes(data), path=path, size=len(data))
        lines.append(msgspec.json.encode(section, order="sorted").decode())
        packed = base64.b85encode(zlib.compress(data, 9)).decode()
        lines += [f" {packed[start : start + _WIDTH]}" for start in range(0, len(packed), _WIDTH)]
    return "\n".join(lines) + "\n"


def read_base(text: str) -> dict[str, str]:
    """The files by path. Raises BaseError for a text that is damaged, too large, or names a path that leads outside."""
    files: dict[str, str] = {}
    left = _LARGEST_ALL
    for section, packed in _sections(text):
        if not safe_path(section.path):
            raise BaseError(f"the path {section.path[:200]!r} is not allowed")
        if section.path in files or len(files) >= _MOST_FILES:
            raise BaseError(f"{section.path} stands twice, or there are more than {_MOST_FILES} files")
        left -= section.size
        if not 0 <= section.size <= _LARGEST_FILE or left < 0:
            raise BaseError(f"{section.path} is larger than what a component writes")
        files[section.path] = _unpacked(section, packed)
    return files


def same_base(one: str, other: str) -> bool:
    """Whether two texts hold the same files: another zlib may pack the same bytes in another way."""
    try:
        return one == other or read_base(one) == read_base(other)
    except BaseError:
        return False


def _sections(text: str) -> Iterator[tuple[_Section, str]]:
    header, *lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if header != _HEADER:
        raise BaseError("it does not begin as such a file does")
    section: _Section | None = None
    packed: list[str] = []
    for line in lines:
        if line.startswith(" "):
            packed.append(line[1:])
            continue
        if section is not None:
            yield section, "".join(packed)
        section, packed = _section(line), []
    if section is not None:
        yield section, "".join(packed)


def _section(line: str) -> _Section:
    try:
        return msgspec.json.decode(line, type=_Section)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        raise BaseError(f"the line {line[:60]!r} cannot be read") from None


def _unpacked(section: _Section, packed: str) -> str:
    """The content, of which no more is unpacked than the size that it should have."""
    try:
        decompressor = zlib.decompressobj()
        data = decompressor.decompress(base64.b85decode(packed), section.size + 1)
    except (ValueError, zlib.error):
        raise BaseError(f"the content of {section.path} is damaged") from None
    if len(data) != section.size or digests.of_bytes(data) != section.digest:
        raise BaseError(f"the content of {section.path} is not what was written")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BaseError(f"the content of {section.path} is no text") from None
