"""Where text for a person goes: colours and width as the terminal wants them."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

from rich.console import Console

__all__ = ["console", "plain"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def console(stream: TextIO | None = None) -> Console:
    """A console on standard output (or `stream`) that colours only on a terminal and never when NO_COLOR is set.

    Text that goes into a file or a pipe is not wrapped: lines stay whole for `grep`.
    """
    target = stream or sys.stdout
    terminal = target.isatty()
    return Console(
        file=target,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not terminal,
        no_color=bool(os.environ.get("NO_COLOR")),
        force_terminal=terminal,
        width=None if terminal else 120,
    )


def plain(text: str) -> str:
    """Text of the repository without control characters, which could make the terminal show something else."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
