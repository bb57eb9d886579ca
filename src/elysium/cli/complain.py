"""What goes to standard error when something went wrong: `error: …`, then `hint: …` with the next step."""

from __future__ import annotations

import os
import sys
import traceback

from cyclopts.exceptions import CycloptsError, UnusedCliTokensError

from elysium.errors import ElysiumError
from elysium.kit.terminal import visible

__all__ = ["defect", "error", "interrupted", "note", "outcome", "unanswered", "usage", "warn"]

_COULD_NOT_RUN = 2


def error(problem: ElysiumError) -> int:
    """Report why we cannot go on, and the exit code for it."""
    _say("error", str(problem), problem.hint)
    return _COULD_NOT_RUN


def usage(problem: CycloptsError, tokens: list[str]) -> int:
    """Report arguments that the command line does not have."""
    command = next((token for token in tokens if not token.startswith("-")), "")
    known = problem.command_chain or ([command] if command else [])
    hint = f"see `{' '.join(['elysium', *known, '--help'])}`"
    if isinstance(problem, UnusedCliTokensError) and any(token.startswith("--") for token in tokens):
        hint += "; an option that there is not may have taken the place of an argument"
    _say("error", " ".join(str(problem).split()), hint)
    return _COULD_NOT_RUN


def defect(problem: Exception) -> int:
    """Report what should not have happened. With ELYSIUM_DEBUG set, where it happened."""
    if os.environ.get("ELYSIUM_DEBUG"):
        traceback.print_exception(problem, file=sys.stderr)
    if isinstance(problem, OSError):
        subject = f"{problem.filename}: " if problem.filename else ""
        _say("error", f"{subject}{problem.strerror or problem}", "")
        return _COULD_NOT_RUN
    text = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    _say("error", text, "this is a defect of Elysium; ELYSIUM_DEBUG=1 shows where")
    return _COULD_NOT_RUN


def interrupted() -> None:
    """Say that the person at the keyboard ended it."""
    _say("error", "interrupted", "")


def unanswered() -> int:
    """Say that the input ended where a question was asked, and return the exit code."""
    _say("error", "the input ended before a question was answered, so nothing was written", "--yes asks nothing")
    return _COULD_NOT_RUN


def warn(message: str) -> None:
    """Say something that does not end the command."""
    _say("warning", message, "")


def note(message: str) -> None:
    """Say something worth knowing beside the result."""
    _say("note", message, "")


def outcome(unit: str, state: str, reason: str) -> None:
    """Say that a unit has no result, and why."""
    _say(state, f"{unit}: {' '.join(reason.split())}", "")


def _say(word: str, message: str, hint: str) -> None:
    try:
        print(f"{word}: {visible(message)}", file=sys.stderr)
        if hint:
            print(f"hint: {visible(hint)}", file=sys.stderr)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
