"""What makes a finding the same finding at another time: so that only new ones need to be looked at.

Lines move whenever somebody writes above them, and several clusters share a base: neither the line nor the cluster is
part of it. What is left may well be the same for two findings; then their number counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from elysium.model import Finding, Severity

__all__ = ["Difference", "Identity", "difference", "of_finding", "renamed"]

_PLACES = (
    (re.compile(r"\b(lines?|columns?|documents?|offset) \d+"), r"\1 N"),
    (re.compile(r"(\.[A-Za-z]+):\d+(:\d+)?\b"), r"\1"),
    (re.compile(r"\[\d+\]"), "[]"),
    (re.compile(r"(?<=[a-z]\.)\d+(?=\.[a-z])"), "[]"),
)
_OF_CHART = "objects that the chart makes"


class Identity(msgspec.Struct, frozen=True, order=True, kw_only=True):
    """A finding without its place in the file: the file, the object (`Kind/namespace/name`), the rule, the message."""

    file: str
    object: str
    rule: str
    message: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Findings beside those that were known before: the new ones, and what of the known is there and gone."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[Identity, ...]


def of_finding(finding: Finding) -> Identity:
    """The identity of a finding. What a chart leaves to be desired is one for a release, whichever object is named."""
    if finding.chart and finding.severity is not Severity.ERROR:
        return Identity(file=finding.file, object=str(finding.unit), rule=finding.rule, message=_OF_CHART)
    named = str(finding.object) if finding.object else ""
    return Identity(file=finding.file, object=named, rule=finding.rule, message=_without_places(finding.message))


def renamed(known: Identity, files: Mapping[str, str]) -> Identity:
    """The same identity after files got new names."""
    new = files.get(known.file)
    if new is None:
        return known
    return msgspec.structs.replace(known, file=new, message=known.message.replace(known.file, new))


def difference(findings: Iterable[Finding], known: Iterable[Identity]) -> Difference:
    """Match findings with known ones, each with at most one.

    First those that are the same in everything; then, of the rest, those about the same object in another file, since
    an object that moves takes its findings along.
    """
    left = Counter(known)
    same, rest = _matched(findings, left)
    moved, new = _moved(rest, left)
    return Difference(new=tuple(new), known=(*same, *moved), gone=tuple(sorted(left.elements())))


def _matched(findings: Iterable[Finding], left: Counter[Identity]) -> tuple[list[Finding], list[Finding]]:
    same: list[Finding] = []
    rest: list[Finding] = []
    for finding in findings:
        identity = of_finding(finding)
        if left[identity] > 0:
            left[identity] -= 1
            same.append(finding)
        else:
            rest.append(finding)
    return same, rest


def _moved(findings: list[Finding], left: Counter[Identity]) -> tuple[list[Finding], list[Finding]]:
    elsewhere: dict[Identity, list[Identity]] = {}
    for identity in sorted(left.elements()):
        elsewhere.setdefault(_anywhere(identity), []).append(identity)
    moved: list[Finding] = []
    new: list[Finding] = []
    for finding in findings:
        identity = of_finding(finding)
        candidates = elsewhere.get(_anywhere(identity)) if identity.object else None
        if candidates:
            left[candidates.pop()] -= 1
            moved.append(finding)
        else:
            new.append(finding)
    return moved, new


def _anywhere(identity: Identity) -> Identity:
    message = identity.message.replace(identity.file, "") if identity.file else identity.message
    return msgspec.structs.replace(identity, file="", message=message)


def _without_places(message: str) -> str:
    text = " ".join(message.split())
    for pattern, replacement in _PLACES:
        text = pattern.sub(replacement, text)
    return text
