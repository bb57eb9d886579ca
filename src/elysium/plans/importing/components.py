"""The component that applying a plan writes: `app/NAME`, when the plan says what the application is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans import words
from elysium.plans.importing.inferring import LONGEST, Subject
from elysium.plans.types import Plan

__all__ = ["component_of"]

_PRESETS = {"postgresql": re.compile(r"\bpostgres(?:ql)?\b", re.IGNORECASE)}
"""Presets of `elysium new app` that a plan can name, by the word that names each."""

_SIZES = {
    "data": re.compile(r"\b(\d{1,6}[MGT]i) (?:PVC )?for data\b"),
    "wal": re.compile(r"\b(\d{1,6}[MGT]i) (?:PVC )?for WAL\b", re.IGNORECASE),
    "cpu": re.compile(r"\brequests?: CPU (\d{1,6}m?)(?![\w.])", re.IGNORECASE),
    "memory": re.compile(r"\brequests?: (?:CPU \d{1,6}m?, )?Memory (\d{1,6}[MG]i)\b", re.IGNORECASE),
    "backup-keep-daily": re.compile(r"\((\d{1,3}) daily\b"),
    "backup-keep-weekly": re.compile(r"\b(\d{1,3}) weekly\)"),
}
_IMAGE = re.compile(r"`((?:[\w.-]+\.[a-z]{2,}(?::\d{1,5})?/)?[\w./-]+:(?!latest)[\w.-]*\d[\w.-]*)`")
_PORT = re.compile(r"\.svc(?:\.cluster\.local)?:(\d{1,5})\b")


def component_of(plan: Plan, subject: Subject) -> str:
    """The words of `component=`; empty when the document does not tell what to write."""
    if not subject.name:
        return ""
    texts = [text[:LONGEST] for text in (plan.title, *(place.item.text for place in plan.places()))]
    preset = next((name for name, pattern in _PRESETS.items() if any(map(pattern.search, texts))), "")
    given = dict(_of_preset(texts) if preset else _of_image(texts))
    if not preset and "image" not in given:
        return ""
    if subject.namespace not in ("", subject.name):
        given["namespace"] = subject.namespace
    named = [f"preset={preset}"] if preset else []
    return words.join((f"app/{subject.name}", *named, *(f"{key}={value}" for key, value in given.items())))


def _of_preset(texts: list[str]) -> Iterator[tuple[str, str]]:
    for key, pattern in _SIZES.items():
        found = next((match for text in texts if (match := pattern.search(text))), None)
        if found:
            yield key, found[1]


def _of_image(texts: list[str]) -> Iterator[tuple[str, str]]:
    image = next((match for text in texts if (match := _IMAGE.search(text)) and "/" in match[1]), None)
    if image:
        yield "image", image[1]
        port = next((match for text in texts if (match := _PORT.search(text))), None)
        if port:
            yield "port", port[1]
