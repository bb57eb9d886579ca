"""Where text for a person goes: colours and width as the terminal wants them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from elysium.kit.terminal import visible

__all__ = ["console", "line", "on_one_line", "plain"]

_HANG = 2


def console(stream: TextIO | None = None) -> Console:
    """A console on standard output (or `stream`) that colours only on a terminal, and never when NO_COLOR is set."""
    target = stream or sys.stdout
    return Console(
        file=target,
        highlight=False,
        markup=False,
        emoji=False,
        no_color=bool(os.environ.get("NO_COLOR")),
        force_terminal=target.isatty(),
    )


def line(target: Console, text: Text, indent: int = 0) -> None:
    """Print text with an indent; it wraps on a terminal, further lines deeper, and stays whole for `grep` in a pipe."""
    if not target.is_terminal:
        for part in text.split("\n"):
            target.print(Text(" " * indent).append_text(part), soft_wrap=True)
        return
    width = max(target.width - indent - _HANG, 20)
    for number, part in enumerate(text.wrap(target, width) or [text]):
        part.rstrip()
        target.print(Text(" " * (indent + (_HANG if number else 0))).append_text(part), soft_wrap=True)


def on_one_line(text: str) -> str:
    """A name of the repository on one line: a name may hold line ends."""
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    """Text of the repository without control characters, which could make the terminal show something else, and without
    lines that a CI service takes for commands.
    """
    return visible(text)
