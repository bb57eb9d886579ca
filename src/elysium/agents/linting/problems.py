"""A problem of an agent file, and every kind of problem that there is."""

from __future__ import annotations

import msgspec

from elysium.model import Severity

__all__ = ["CODES", "Problem", "problem"]

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES = {
    "unreadable": (_E, "the file is no text, too large, or a link that leads out"),
    "linked": (_I, "the file is a link: what it leads to is judged where it stands"),
    "front-matter": (_E, "the front matter cannot be read"),
    "key-unknown": (_E, "a key that this kind of file does not have"),
    "key-deprecated": (_W, "a key that was replaced by another"),
    "format-moved": (_I, "a chat mode, which is called an agent today"),
    "description-missing": (_E, "nothing says what the file is for"),
    "description-unsaid": (_I, "a description that would help is not there"),
    "value-type": (_E, "a value of the wrong type"),
    "value-length": (_E, "a value that is too long, or empty"),
    "value-unknown": (_E, "a value that the key does not know"),
    "tool-writes": (_E, "an agent that plans has a tool that edits or runs"),
    "tools-open": (_E, "an agent that plans has every tool, because none are named"),
    "tool-unknown": (_W, "a tool that no editor has"),
    "agent-unknown": (_E, "an agent that is not there"),
    "link-dead": (_E, "a link or an import to a file that is not there"),
    "anchor-dead": (_W, "a link to a heading that is not there"),
    "file-dead": (_E, "a #file: reference to a file that is not there"),
    "path-dead": (_W, "a path that is not there"),
    "command-unknown": (_E, "a command that this version of Elysium does not have"),
    "option-unknown": (_E, "an option that the command does not have"),
    "glob-broken": (_E, "a pattern that cannot be read"),
    "glob-empty": (_W, "a pattern that matches no file"),
    "name-form": (_E, "a name of a skill with a form that is not allowed"),
    "name-differs": (_E, "the name of a skill is not that of its folder"),
    "name-twice": (_E, "two files with the same name"),
    "copies-differ": (_W, "an agent and a chat mode of one name say different things"),
    "region-broken": (_E, "a generated part without an end, or two of them"),
    "region-changed": (_W, "a generated part that somebody changed"),
    "region-stale": (_W, "a generated part that would be another today"),
    "too-long": (_W, "more text than an assistant takes"),
    "secret": (_E, "a secret in plain text"),
}
"""How bad each kind of problem is, and what it is. Information alone is no failure."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem, where it is (line and column from 1; 0 for the whole file), and what to do."""

    code: str
    severity: Severity
    file: str
    message: str
    line: int = 0
    column: int = 0
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.message}"

    @property
    def fails(self) -> bool:
        """Whether it makes the lint fail."""
        return self.severity is not Severity.INFO


def problem(code: str, file: str, message: str, line: int = 0, *, column: int = 0, hint: str = "") -> Problem:
    """A problem of a kind that there is."""
    return Problem(code=code, severity=CODES[code][0], file=file, message=message, line=line, column=column, hint=hint)
