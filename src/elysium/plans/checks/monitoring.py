"""Alerts and dashboards of the render."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject
from elysium.plans.checks import rendered, searching
from elysium.plans.checks.arguments import amount, first_of, wrong_asked, wrong_pattern
from elysium.plans.checks.objects import judge_bodies
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, Result, failed, passed, unknown
from elysium.plans.world import World
from elysium.sources.matching import matches

__all__ = ["VERBS"]

_RULES = (("monitoring.coreos.com", "PrometheusRule"), ("operator.victoriametrics.com", "VMRule"))
_DASHBOARD = ("grafana.integreatly.org", "GrafanaDashboard")
_LARGEST = 4 << 20


def _refuse_alert(words: tuple[str, ...]) -> str:
    return amount(words, 1) or wrong_pattern(words[0]) or wrong_asked(words[1:])


def _alert(words: tuple[str, ...], world: World) -> Outcome:
    found = [(item, rule) for item, rule in _rules(world.index()) if _named(words[0], str(rule.get("alert") or ""))]
    told = failed(f"no alert is {words[0]}")
    if found:
        told = judge_bodies(list(found), words[1:], f"alerts {words[0]}")
    reason = rendered.hidden(world) if told.result is Result.FAIL else ""
    return unknown(f"no known rule is the alert {words[0]} as asked; {reason}") if reason else told


def _rules(index: ObjectIndex) -> Iterator[tuple[RenderedObject, dict[str, Any]]]:
    """The rules of Prometheus with the object that holds each."""
    for kind in _RULES:
        for item in index.of_kind(*kind):
            for group in map(mapping, sequence(mapping(index.body(item).get("spec")).get("groups"))):
                yield from ((item, mapping(rule)) for rule in sequence(group.get("rules")))


def _refuse_dashboard(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1) or wrong_pattern(words[0])
    rest = words[1:]
    if not wrong and (len(rest) % 2 or any(word != "panel" for word in rest[::2])):
        wrong = "after the name, write panel TEXT for each panel"
    return wrong or first_of(map(searching.problem, rest[1::2]))


def _dashboard(words: tuple[str, ...], world: World) -> Outcome:
    lacking = ""
    for item, key, body in _dashboards(world.index()):
        if not (_named(words[0], str(body.get("title") or "")) or _named(words[0], key.removesuffix(".json"))):
            continue
        titles = "\n".join(_panels(body))
        lacking = next((text for text in words[2::2] if not searching.line_of(text, titles)), "")
        if not lacking:
            return passed(f"{item.id} holds the dashboard {words[0]}", **rendered.place(item))
    reason = rendered.hidden(world)
    if lacking and not reason:
        return failed(f"the dashboard {words[0]} has no panel {lacking}")
    text = f"the dashboard {words[0]}" + (f" with a panel {lacking}" if lacking else "")
    return unknown(f"nothing known holds {text}; {reason}") if reason else failed(f"nothing holds {text}")


def _dashboards(index: ObjectIndex) -> Iterator[tuple[RenderedObject, str, dict[str, Any]]]:
    """Dashboards in ConfigMaps, which a sidecar or a volume brings to Grafana, and in objects of its operator."""
    for item in index.of_kind("", "ConfigMap"):
        for key, text in mapping(index.body(item).get("data")).items():
            if str(key).endswith(".json"):
                yield from ((item, str(key), body) for body in _read(text))
    for item in index.of_kind(*_DASHBOARD):
        yield from ((item, item.name, body) for body in _read(mapping(index.body(item).get("spec")).get("json")))


def _read(text: object) -> Iterator[dict[str, Any]]:
    if isinstance(text, str) and len(text) <= _LARGEST and '"panels"' in text:
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(body, dict):
            yield body


def _panels(body: dict[str, Any]) -> Iterator[str]:
    """Titles of panels, those in rows among them."""
    waiting = [body]
    while waiting:
        holder = waiting.pop()
        for panel in map(mapping, sequence(holder.get("panels"))):
            yield str(panel.get("title") or "")
            waiting.append(panel)


def _named(pattern: str, name: str) -> bool:
    return bool(name) and (
        pattern == name or matches(pattern.lower().replace("/", "-"), name.lower().replace("/", "-"))
    )


VERBS = (
    Verb(
        name="alert",
        usage="alert NAME [CONDITION…] [contains TEXT|/PATTERN/]…",
        summary="A rule of Prometheus is that alert, and as asked: `for=10m`, `labels.severity=critical`, `expr~up`.",
        example="alert PostgresqlDown labels.severity=critical",
        refuse=_refuse_alert,
        run=_alert,
    ),
    Verb(
        name="dashboard",
        usage="dashboard NAME [panel TEXT|/PATTERN/]…",
        summary="Grafana gets a dashboard of that title (or file), with these panels.",
        example='dashboard PostgreSQL panel "Connections"',
        refuse=_refuse_dashboard,
        run=_dashboard,
    ),
)
