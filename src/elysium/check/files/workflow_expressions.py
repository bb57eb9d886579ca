"""Expressions of workflows, `${{ … }}`, and what outsiders can write into them.

Source: GitHub documentation, "Contexts" and "Security hardening for GitHub Actions", section "Understanding the risk
of script injections".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["expressions", "strings", "untrusted"]

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_DECIDES = re.compile(r"\b(?:contains|startsWith|endsWith|hashFiles)\s*\([^()]*\)")
_UNTRUSTED = re.compile(
    r"""(?ix) \b github\.(
        head_ref
        | event\.(
            issue\.(title|body)
            | pull_request\.(title|body|head\.(ref|label|repo\.default_branch))
            | (comment|review|review_comment)\.body
            | discussion\.(title|body)
            | pages\.\*?\[?\d*\]?\.?page_name
            | (head_commit|commits(\.\*|\[\d+\]))\.(message|(author|committer)\.(name|email))
            | workflow_run\.(head_branch|display_title|head_commit\.(message|author\.(name|email)))
        )
    )(?![\w.]) """
)


def expressions(text: str) -> Iterator[str]:
    """What stands between `${{` and `}}`."""
    for match in _EXPRESSION.finditer(text):
        yield match[1].strip()


def untrusted(expression: str) -> str:
    """The context by which text of outsiders becomes part of the result; empty when there is none.

    Comparisons and `contains()` give true or false, whatever the text is.
    """
    bare = _DECIDES.sub("true", _QUOTED.sub("''", expression))
    if re.search(r"[=!]=", bare) and not re.search(r"&&|\|\|", bare):
        return ""
    for part in re.split(r"&&|\|\|", bare):
        found = _UNTRUSTED.search(part)
        if found and not re.search(r"[=!]=", part):
            return found[0]
    return ""


def strings(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every string in a value, with the path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, (*path, str(key)))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from strings(item, (*path, number))
