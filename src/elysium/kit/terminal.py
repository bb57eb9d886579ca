"""Text that somebody else wrote, so that it can be shown: it must not steer a terminal or a CI service."""

from __future__ import annotations

import re

__all__ = ["escaped_json", "visible"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_COMMAND = re.compile(r"^([ \t]*)::", re.MULTILINE)


def visible(text: str) -> str:
    """The text without control characters, which could make the terminal show something else, and without lines that a
    CI service takes for commands.
    """
    return _COMMAND.sub(r"\1: :", _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))


def escaped_json(text: str) -> str:
    """JSON with the control characters that it may hold as they are written as escapes: the same to whoever reads it,
    and nothing to a terminal that shows it.
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
