"""PromQL in objects: the rules of PrometheusRules and the panels of Grafana dashboards.

Dashboards are those that the Grafana operator reads (`GrafanaDashboard.spec.json`) and those that sidecars collect
(ConfigMaps with a label `grafana_dashboard`). What stands in them for a value of Grafana's is replaced by one, so that
the rest can be parsed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import RenderedObject
from elysium.sealing import is_opaque

__all__ = ["Query", "queries"]

_LABEL = "grafana_dashboard"
_DEEPEST = 8
_VICTORIA = re.compile(rb'"victoria-metrics-(k8s-stack|operator|alert)"')
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$[A-Za-z_]\w*|\[\[[^\[\]]+\]\]")
_INTERVALS = re.compile(r"\$\{?__(interval|rate_interval|range)(_s|_ms)?\b(:\w+)?\}?")
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_WINDOW = re.compile(r"\[[^\[\]\"']*\]")
_OTHER_LANGUAGE = re.compile(
    r"\|[=~>]|[}\]\)\"`]\s*\|\s*[a-z]|![=~]\s*[\"`][^\"`]*[\"`]\s*(\||\[|$)|\$__timeGroup|\bSELECT\b"
)


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """An expression: where it stands, and the text to parse. `title` names the rule or the panel."""

    item: RenderedObject
    path: Path
    title: str
    text: str
    is_rule: bool


def queries(index: ObjectIndex) -> Iterator[Query]:
    """Every expression of a cluster that is PromQL for all that can be told."""
    if _is_metricsql(index):
        return
    for item in index.of_kind("monitoring.coreos.com", "PrometheusRule"):
        yield from _of_rule(item, index.body(item))
    for item in index.of_kind("grafana.integreatly.org", "GrafanaDashboard"):
        yield from _of_dashboard(item, ("spec", "json"), mapping(index.body(item).get("spec")).get("json"))
    for item in index.of_kind("", "ConfigMap"):
        if _LABEL.encode() in item.raw:
            body = index.body(item)
            if _LABEL in mapping(mapping(body.get("metadata")).get("labels")):
                for name, text in mapping(body.get("data")).items():
                    yield from _of_dashboard(item, ("data", name), text)


def _is_metricsql(index: ObjectIndex) -> bool:
    """Whether VictoriaMetrics evaluates the expressions, in MetricsQL, which allows what PromQL does not.

    Its operator turns PrometheusRules into VMRules. VMAlert may come from a chart that nobody has.
    """
    if index.of_kind("monitoring.coreos.com", "Prometheus"):
        return False
    if index.of_kind("operator.victoriametrics.com", "VMAlert"):
        return True
    releases = index.of_kind("helm.toolkit.fluxcd.io", "HelmRelease")
    return any(_VICTORIA.search(item.raw) for item in releases)


def _of_rule(item: RenderedObject, body: dict[str, Any]) -> Iterator[Query]:
    for number, group in enumerate(sequence(mapping(body.get("spec")).get("groups"))):
        for place, rule in enumerate(sequence(mapping(group).get("rules"))):
            text = mapping(rule).get("expr")
            if isinstance(text, str) and not is_opaque(text) and not _OTHER_LANGUAGE.search(text):
                title = str(mapping(rule).get("alert") or mapping(rule).get("record") or "")
                path = ("spec", "groups", number, "rules", place, "expr")
                yield Query(item=item, path=path, title=f"rule {title}", text=text, is_rule=True)


def _of_dashboard(item: RenderedObject, path: Path, text: Any) -> Iterator[Query]:
    if not isinstance(text, str) or '"expr"' not in text:
        return
    try:
        dashboard = json.loads(text)
    except (ValueError, RecursionError):
        return
    for panel in _panels(dashboard, 0):
        inherited = panel.get("datasource")
        for target in sequence(panel.get("targets")):
            expression = mapping(target).get("expr")
            source = mapping(target).get("datasource") or inherited
            if not isinstance(expression, str) or not expression.strip() or not _is_prometheus(source):
                continue
            known = _without_variables(expression)
            if known is not None and not is_opaque(known) and not _OTHER_LANGUAGE.search(known):
                yield Query(item=item, path=path, title=f"panel {panel.get('title') or ''}", text=known, is_rule=False)


def _panels(holder: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Panels, also those of rows."""
    rows = sequence(mapping(holder).get("rows")) if depth == 0 else []
    for panel in (*sequence(mapping(holder).get("panels")), *rows):
        if isinstance(panel, dict) and depth < _DEEPEST:
            yield panel
            yield from _panels(panel, depth + 1)


def _is_prometheus(source: Any) -> bool:
    """Whether the data come from Prometheus: by type, or by a name that says so; the default data source mostly is."""
    if isinstance(source, dict):
        kind = source.get("type")
        return kind == "prometheus" if kind else "prom" in str(source.get("uid")).lower()
    return source is None or "prom" in str(source).lower()


def _without_variables(expression: str) -> str | None:
    """The expression with values in place of variables; None where a variable stands for more than a value."""
    known = _INTERVALS.sub(lambda match: "300" if match[2] else "5m", expression)
    known = _TEXT.sub(lambda match: _VARIABLE.sub("x", match[0]), known)
    known = _WINDOW.sub(lambda match: _VARIABLE.sub("5m", match[0]), known)
    return None if _VARIABLE.search(known) else known
