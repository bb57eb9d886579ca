"""Text of somebody else inside of Markdown: it may not become markup of the document that shows it.

No links, mentions, HTML or table cells of its own.
"""

from __future__ import annotations

import html
import re

from elysium.present.console import plain

__all__ = ["inert", "inert_code"]

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_MENTION = re.compile(r"@(?=\w)")
_LINK = re.compile(r"\b(https?|ftp)://|\bwww\.")


def inert(text: str) -> str:
    """Text on one line that no renderer of Markdown acts upon."""
    flat = " ".join(plain(text).split())
    calm = _MENTION.sub("@\u2060", _ACTIVE.sub(r"\\\1", flat)).replace("&", "&amp;")
    return _LINK.sub(lambda match: match[0].replace(":", ":\u2060").replace("www.", "www\u2060."), calm)


def inert_code(text: str) -> str:
    """Text as code: nothing in it is markup, and a backtick cannot end it."""
    flat = " ".join(plain(text).split()).replace("`", "'")
    escaped = html.escape(flat, quote=False)
    return f"<code>{escaped}</code>" if escaped != flat else f"`{flat}`"
