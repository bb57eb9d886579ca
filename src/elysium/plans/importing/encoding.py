"""Bytes to text: UTF-8, and UTF-8 that some program once read as Mac Roman or Windows-1252 and saved again.

Such a copy shows `‚úÖ` for ✅ and `‚Äî` for a dash, so that no mark is recognised. It is repaired only where the whole
text turns back into UTF-8 and fewer pairs look suspicious than before; a text that holds such pairs but does not turn
back is left as it is, and the caller is told. A byte order mark, line ends and a missing last newline stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from elysium.errors import PlanError

__all__ = ["Decoded", "decode"]


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """The text, the encoding that it was wrongly read as (`mac-roman`, `windows-1252`, or empty), and what to say."""

    text: str
    repaired: str = ""
    notes: tuple[str, ...] = ()


def decode(data: bytes, name: str) -> Decoded:
    """The text of a document. Raises PlanError with the place of the first byte that is no UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = f"save it as UTF-8, for instance with `iconv -f WINDOWS-1252 -t UTF-8 {name}`"
        message = f"byte {error.start} (0x{data[error.start]:02x}) is no UTF-8"
        raise PlanError(message, subject=f"{name}:{line}", hint=hint) from error
    return _repaired(text)


def _repaired(text: str) -> Decoded:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix("\ufeff")
    doubtful = ""
    for encoding, (encode, suspicious) in _WRONG.items():
        before = len(suspicious.findall(body))
        if not before:
            continue
        restored = _turned_back(body, encode)
        if restored is not None and len(suspicious.findall(restored)) < before:
            note = f"the text was UTF-8 that had been read as {encoding}; {before} places were repaired"
            return Decoded(text=mark + restored, repaired=encoding, notes=(note,))
        if before >= _MANY and restored is None:
            doubtful = encoding
    if not doubtful:
        return Decoded(text=text)
    note = f"parts look like UTF-8 that was read as {doubtful}, but the whole does not turn back: it stays as it is"
    return Decoded(text=text, notes=(note,))


def _turned_back(text: str, encode: Callable[[str], bytes]) -> str | None:
    try:
        return encode(text).decode("utf-8")
    except UnicodeError:
        return None


def _as_mac_roman(text: str) -> bytes:
    return text.encode("mac_roman")


_UNDEFINED = "\x81\x8d\x8f\x90\x9d"
"""Windows-1252 leaves five bytes open; what reads them as it is written in the web's encoding standard keeps them."""


def _as_windows(text: str) -> bytes:
    return b"".join(
        piece.encode("latin-1") if piece in _UNDEFINED else piece.encode("cp1252") for piece in _PIECES.findall(text)
    )


_PIECES = re.compile(f"[{_UNDEFINED}]|[^{_UNDEFINED}]+")


def _pairs(charset: str, extra: str = "") -> re.Pattern[str]:
    """A character that stands for the first byte of a UTF-8 sequence, and as many for its further bytes as follow."""

    def shown(first: int, last: int) -> str:
        return re.escape(bytes(range(first, last + 1)).decode(charset, errors="ignore"))

    further = f"[{shown(0x80, 0xBF)}{extra}]"
    return re.compile(
        f"[{shown(0xC2, 0xDF)}]{further}|[{shown(0xE0, 0xEF)}]{further}{{2}}|[{shown(0xF0, 0xF4)}]{further}{{3}}"
    )


_MANY = 3
"""So many pairs are no accident: `Ã©` may stand in a text about encodings."""

_WRONG: dict[str, tuple[Callable[[str], bytes], re.Pattern[str]]] = {
    "mac-roman": (_as_mac_roman, _pairs("mac_roman")),
    "windows-1252": (_as_windows, _pairs("cp1252", _UNDEFINED)),
}
