"""Commands that change the cluster, in a document that wants every change declared in Git."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_DECLARED = re.compile(
    r"not (?:with )?imperative|changes must go through git|only through git|declarative (?:only|changes)", re.IGNORECASE
)
_COMMAND = re.compile(
    r"\b(?:kubectl(?: -n [\w-]+)? (?:delete|patch|edit|scale|replace|apply)|helm (?:install|upgrade|uninstall)"
    r"|fission spec apply)\b"
)
_HARMLESS = re.compile(r"--dry-run|\bkubeseal\b|\b(?:no|not|never|don't|avoid|instead of|without)\b", re.IGNORECASE)
_MOST = 5


def detect(reading: Reading) -> Iterator[Contradiction]:
    """The commands, beside the first sentence that forbids them."""
    rule = next((line for line in reading.prose if _DECLARED.search(line.text)), None)
    if rule is None:
        return
    for line in _commands(reading)[:_MOST]:
        message = "changes are to be declared in Git, and this command changes the cluster directly"
        yield between("imperative", message, rule, line)


def _commands(reading: Reading) -> list[Line]:
    """Commands that change something, but for those that only try and those that a sentence warns of."""
    return [line for line in reading.lines if _COMMAND.search(line.text) and not _HARMLESS.search(line.text)]
