"""The last line of a report: whether the check passed, and with what."""

from __future__ import annotations

import msgspec

from elysium.api import Report

__all__ = ["Verdict", "count", "verdict"]

_WORD = {"error": "error", "warning": "warning", "info": "note"}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`title` stands out, `rest` follows it."""

    passed: bool
    title: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{'✓' if self.passed else '✗'} {self.title}{self.rest}"


def verdict(report: Report, fail_on: str) -> Verdict:
    """What a check comes down to."""
    summary = report.summary
    parts = [count(number, _WORD[severity]) for severity, number in summary.findings.items() if number]
    if summary.units["unknown"]:
        parts.append(f"{summary.units['unknown']} unknown offline")
    if summary.unknown_kinds:
        parts.append(f"{count(summary.unknown_kinds, 'kind')} without a schema")
    text = ", ".join(parts)
    if summary.fails(fail_on):
        return Verdict(passed=False, title=text)
    if parts:
        return Verdict(passed=True, title="passed", rest=f" with {text}")
    known = sum(item.known for item in report.comparisons)
    if known:
        return Verdict(passed=True, title="nothing new", rest=f": {count(known, 'finding')} known")
    if summary.units["failed"]:
        return Verdict(passed=True, title="passed", rest=f" with {count(summary.units['failed'], 'failed unit')}")
    return Verdict(passed=True, title="all good", rest=": every unit renders and no rule objects")


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 unit`, `2 units`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
