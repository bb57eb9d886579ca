"""``Optional …``, ``(if needed)``, ``after two weeks of …``, ``💤 Deferred (after …)`` → deferred, with its trigger."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred
from elysium.plans.types import Mark

__all__ = ["recognise"]

_OPTIONAL = re.compile(r"^\W{0,3}(?:optional(?:ly)?)\b", re.IGNORECASE)
_IF = re.compile(
    r"\((if [^()]{3,80}|optional(?: [^()]{1,60})?)\)|[—–-] (?:defer|skip) (if [^.;()]{3,80})", re.IGNORECASE
)
_WHEN = re.compile(r"\b((?:when|once) (?:multiple|a second|several|the first) [^.;,()]{3,80})", re.IGNORECASE)
_WANTED = re.compile(r"\b(if [^.;:()]{3,60} (?:desired|requested|needed|required|wanted|used))\b\.?$")
_UNTIL = re.compile(r"\b((?:when|once|until|after) [^.;()]{3,80})", re.IGNORECASE)
_SOME_DAY = "later"
"""What an item below `Deferred:` waits for, when it does not say so itself."""
_AFTER = re.compile(r"\b(after (?:two|three|four|\d+) (?:days|weeks|months) of [^.:;()]{3,80})", re.IGNORECASE)
_BEHIND = re.compile(r"💤\s*deferred\s*\(([^()]{3,100})\)", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """The words that say when it comes back. What a person marked complete is not put off."""
    if any(claim.mark is Mark.COMPLETE for claim in entry.item.claims):
        return None
    if entry.item.deferred:
        found = _UNTIL.search(entry.text) if entry.item.deferred == _SOME_DAY else None
        return Inferred(deferred=found[1].strip()) if found else None
    for pattern in (_BEHIND, _IF, _WANTED, _WHEN, _AFTER):
        found = pattern.search(entry.text)
        if found:
            return Inferred(deferred=next(group for group in found.groups() if group).strip())
    if entry.section == "future":
        return Inferred(deferred=_SOME_DAY)
    return Inferred(deferred="if wanted") if _OPTIONAL.match(entry.title) else None
