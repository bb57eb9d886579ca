"""Which expressions are taken for PromQL, and what stands in for Grafana's variables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from elysium.evaluate.promql import queries
from tests.evaluate.clusters import cluster


def dashboard(*panels: Any, rows: Any = ()) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "board", "namespace": "web", "labels": {"grafana_dashboard": "1"}},
        "data": {"board.json": json.dumps({"panels": list(panels), "rows": list(rows)})},
    }


def texts(*objects: dict[str, Any]) -> list[str]:
    return [query.text for query in queries(cluster(*objects))]


def panel(expression: Any, source: Any = None, **more: Any) -> dict[str, Any]:
    return {"title": "a", "targets": [{"expr": expression, **({"datasource": source} if source else {})}], **more}


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("rate(x[$__rate_interval])", "rate(x[5m])"),
        ("rate(x[${__interval}]) * $__interval_ms", "rate(x[5m]) * 300"),
        ('x{job="$job", path=~"^${path:regex}$"}', 'x{job="x", path=~"^x$"}'),
        ("x{job='[[job]]'}", "x{job='x'}"),
        ("rate(x[$window])", "rate(x[5m])"),
        ("rate(x[${window}:$step])", "rate(x[5m:5m])"),
    ],
)
def test_variables_are_replaced(expression: str, known: str) -> None:
    assert texts(dashboard(panel(expression))) == [known]


@pytest.mark.parametrize(
    "expression",
    [
        "$metric",
        "topk($n, x)",
        "x{$filter}",
        "sum by ($group) (x)",
        "[[metric]] > 1",
        "",
        " ",
        5,
        None,
        '{a="b"} |= "c"',
    ],
)
def test_what_cannot_be_known_is_left_alone(expression: Any) -> None:
    assert texts(dashboard(panel(expression))) == []


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        (None, True),
        ({"type": "prometheus", "uid": "x"}, True),
        ({"uid": "${DS_PROMETHEUS}"}, True),
        ("Prometheus", True),
        ({"type": "loki"}, False),
        ({"uid": "x"}, False),
        ("$datasource", False),
    ],
)
def test_the_data_source_decides(source: Any, asked: bool) -> None:
    assert bool(texts(dashboard(panel("up", source)))) is asked
    assert bool(texts(dashboard(panel("up", datasource=source)))) is asked


def test_panels_in_rows_are_found() -> None:
    inner = {"type": "row", "panels": [panel("a"), panel("b")]}
    assert texts(dashboard(inner, rows=[{"panels": [panel("c")]}])) == ["a", "b", "c"]


def test_rules_name_their_place() -> None:
    groups = [{"name": "g", "rules": [{"record": "r", "expr": "up"}, {"alert": "A", "expr": "up == 0"}]}]
    kind = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule"}
    found = list(queries(cluster({**kind, "metadata": {"name": "a", "namespace": "b"}, "spec": {"groups": groups}})))
    assert [(query.title, query.path[-2]) for query in found] == [("rule r", 0), ("rule A", 1)]
