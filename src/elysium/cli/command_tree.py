"""Every command of this version with its options, for texts that name commands."""

from __future__ import annotations

from collections.abc import Iterator

from cyclopts import App

from elysium.cli.main import application

__all__ = ["command_tree"]

_KEYWORDS = "--[KEYWORD]"
_ANY = "*"


def command_tree() -> dict[str, frozenset[str]]:
    """The options of each command by its words (`secrets create generic`); `*` among them says that any is taken."""
    return dict(_below(application(), ""))


def _below(app: App, words: str) -> Iterator[tuple[str, frozenset[str]]]:
    for name in app:
        if not name.startswith("-"):
            inner = app[name]
            path = f"{words} {name}".strip()
            yield path, _options(inner)
            yield from _below(inner, path)


def _options(app: App) -> frozenset[str]:
    if app.default_command is None:
        return frozenset()
    found = {name for item in app.assemble_argument_collection() for name in item.names if name.startswith("-")}
    return frozenset({_ANY if name == _KEYWORDS else name for name in found})
