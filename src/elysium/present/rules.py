"""A rule with everything that is known about it, for a person and for a program."""

from __future__ import annotations

import re
from typing import TextIO

import msgspec
from rich.markdown import Markdown

from elysium.check import registry
from elysium.check.pages import page
from elysium.present.console import console
from elysium.present.records import FORMAT

__all__ = ["write_rule"]

_WIDEST = 100
_PAGE = re.compile(r"\[([^\]]+)\]\(\.\./([^)#]+)[^)]*\)")
_SIBLING = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")


def write_rule(identifier: str, out: TextIO, form: str) -> None:
    """The page of a rule: laid out on a terminal, as Markdown in a pipe, or with its facts as JSON."""
    text = page(identifier)
    if form == "json":
        rule = next(rule for rule in registry.rules() if rule.id == identifier)
        record = {
            "version": FORMAT,
            "id": rule.id,
            "severity": rule.severity.value,
            "topic": rule.topic.value,
            "profiles": [*rule.profiles, "strict"],
            "summary": rule.summary,
            "page": text,
        }
        out.write(msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n")
        return
    target = console(out)
    if target.is_terminal:
        target.print(Markdown(_without_links(text), hyperlinks=False), width=min(target.width, _WIDEST))
    else:
        out.write(text)


def _without_links(text: str) -> str:
    """The page with the names of other pages in place of relative links, which a terminal cannot follow."""
    return _SIBLING.sub(r"\1", _PAGE.sub(r"\1 (docs/\2)", text))
