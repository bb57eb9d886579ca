"""Texts in double quotes, as YAML 1.1, YAML 1.2 and JSON read them alike."""

from __future__ import annotations

import json
import re

__all__ = ["double_quoted"]

_UNREADABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def double_quoted(text: str) -> str:
    """JSON's form of a text, with what a YAML reader refuses or takes for a line break as an escape."""
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
