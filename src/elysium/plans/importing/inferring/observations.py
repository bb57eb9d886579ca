"""Alerts with their thresholds → `alert`, dashboards → `dashboard`, a ServiceMonitor → `object`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_ABOUT = ("connection", "lag", "disk", "backup", "certificate", "memory", "cpu", "latency", "error", "restart", "down")
_THRESHOLD = re.compile(r">=? ?(\d{1,6}(?:\.\d{1,4})?) ?(%|s\b|m\b)?")
_ALERTS = re.compile(r"\balerts?\b", re.IGNORECASE)
_DASHBOARD = re.compile(r"\bdashboards?\b", re.IGNORECASE)
_PANELS = re.compile(r"\(([^()]{3,200})\)|: *([^()]{3,200})$")
_MONITOR = re.compile(r"\bServiceMonitor\b")
_EXPORTER = re.compile(r"^(?:enable|add|configure)\b.*\bexporter\b", re.IGNORECASE)
_MAKING = re.compile(r"^(?:add|create|configure|define|set up|write)\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """Of a plan about one application only: its name is what the objects are found by."""
    if not entry.subject.name or entry.section not in ("monitoring", "steps", "architecture"):
        return None
    checks = tuple(_checks(entry))
    return Inferred(checks=checks) if checks else None


def _checks(entry: Entry) -> Iterator[tuple[str, ...]]:
    if _EXPORTER.search(entry.title):
        yield ("object", f"*/{entry.subject.namespace}/*", "contains", "exporter")
    if _MONITOR.search(entry.title):
        yield ("object", f"ServiceMonitor/*/*{entry.subject.name}*")
    if _is_alert(entry):
        yield from _alerts(entry.title, entry.subject.namespace)
    if _DASHBOARD.search(entry.title) and (_MAKING.match(entry.title) or entry.label):
        yield ("dashboard", f"*{entry.subject.name}*", *_panels(entry))


def _is_alert(entry: Entry) -> bool:
    """An entry below `Alerts:`, or one that makes them."""
    below = any(_ALERTS.search(above) for above in entry.above)
    return below or bool(_ALERTS.search(entry.title) and _MAKING.match(entry.title))


def _alerts(title: str, namespace: str) -> Iterator[tuple[str, ...]]:
    """Rules whose expression speaks of the namespace, by a word of their name."""
    threshold = _THRESHOLD.search(title)
    asked = (f"expr~{namespace}", *((f"expr~/{_numbers(threshold)}/",) if threshold else ()))
    for word in (word for word in _ABOUT if re.search(rf"\b{word}s?\b", title, re.IGNORECASE)):
        yield ("alert", f"*{word}*", *asked)


def _numbers(found: re.Match[str]) -> str:
    """How an expression may write a threshold: 80 % as 80 or 0.8."""
    number = found[1]
    if found[2] != "%" or not number.isdecimal():
        return number.replace(".", "[.]")
    share = f"{int(number) / 100:g}".replace(".", "[.]")
    return f"({share}|{number})"


def _panels(entry: Entry) -> Iterator[str]:
    """Panels that are listed behind the dashboard, by the words of each."""
    found = _PANELS.search(entry.rest if not entry.label else f": {entry.rest}")
    if not found or not entry.label:
        return
    for name in (found[1] or found[2]).split(","):
        words = re.findall(r"[a-z]+", name.lower())
        if words:
            yield from ("panel", "/(?i)" + ".*".join(map(_stem, words)) + "/")


def _stem(word: str) -> str:
    return word.removesuffix("ies") if word.endswith("ies") else word.removesuffix("s")
