"""Section 10: metrics, dashboards, alerts and logging (requirement 0.10)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from elysium.evaluate.workloads import mapping, sequence
from elysium.plans.deploying.lines import Entry, check, code, listing
from elysium.plans.deploying.sections.closing_step import run
from elysium.plans.deploying.subject import Subject

__all__ = ["monitoring"]

_METRIC = re.compile(r"\b([a-z][a-z0-9]*(?:_[a-z0-9]+){2,})(?=\s*[{\[)]|\s|$)")
_THRESHOLD = re.compile(
    r"(?:[<>]=?|[!=]=)\s*(?:bool\s+)?[\d.]+(?:\s*\*\s*[\d.]+)*\s*$|(?:[<>]=?|==)\s*[\d.]+(?:\s*\*\s*\d+)*"
)
_MOST_METRICS = 8


def monitoring(subject: Subject) -> str:
    """What is measured, shown, warned about and logged."""
    entries = (*_metrics(subject), *_dashboards(subject), *_alerts(subject), *_logging(subject))
    return listing(entries, subject.owner, subject.application.due)


def _metrics(subject: Subject) -> Iterator[Entry]:
    found = subject.effect.of("ServiceMonitor", "PodMonitor")
    for item in found:
        ends = [mapping(end) for end in sequence(item.spec.get("endpoints") or item.spec.get("podMetricsEndpoints"))]
        ports = ", ".join(code(str(end.get("port"))) for end in ends if end.get("port"))
        yield Entry(
            id=f"monitoring.metrics.{item.name}",
            text=f"**Metrics**: {code(item.reference)} reads the port {ports}{_interval(ends)}",
            checks=(
                check("object", item.reference),
                check("check", subject.facts.monitoring_configs, "rules=monitoring"),
            ),
        )
    names = _names(subject)
    if names:
        folder = f"{subject.facts.monitoring_configs}/{subject.name}"
        where = [change.path for change in subject.effect.files if change.path.startswith(f"{folder}/")]
        for name in names:
            file = next((path for path in where if name in subject.text(path)), "")
            if file:
                text = f"**Metrics**: {code(name)}{_meaning(name)}"
                yield Entry(id=f"monitoring.metric.{name}", text=text, checks=(check("contains", file, name),))
    if not found:
        reason = "it offers none" if subject.facts.has("monitoring") else "the repository has no monitoring"
        text = f"**Metrics**: n/a, because {reason}; what Kubernetes says of its pods remains"
        yield Entry(
            id="monitoring.metrics", text=text, checks=(check("no-object", f"ServiceMonitor/*/{subject.name}"),)
        )


def _interval(ends: list[dict[str, Any]]) -> str:
    found = next((str(end["interval"]) for end in ends if end.get("interval")), "")
    return f" every {found}" if found else ""


_MEANINGS = (
    ("replication_lag", "replication lag"),
    ("stat_activity_count", "connection count"),
    ("xact", "query rate, as transactions"),
    ("blks_hit", "cache hits"),
    ("volume_stats", "how full the volumes are"),
    ("cronjob", "the last successful backup"),
)


def _meaning(name: str) -> str:
    return next((f": {words}" for part, words in _MEANINGS if part in name), "")


def _names(subject: Subject) -> tuple[str, ...]:
    """Metrics that its alerts and panels ask for."""
    texts = [str(rule.get("expr", "")) for _, rule in _rules(subject)]
    texts += [
        str(mapping(target).get("expr", "")) for panel in _panels(subject) for target in sequence(panel.get("targets"))
    ]
    found = (name for text in texts for name in _METRIC.findall(text))
    return tuple(dict.fromkeys(found))[:_MOST_METRICS]


def _board(subject: Subject) -> dict[str, Any]:
    text = subject.text(f"{subject.facts.monitoring_configs}/{subject.name}/dashboard.json")
    return mapping(json.loads(text)) if text else {}


def _panels(subject: Subject) -> list[dict[str, Any]]:
    return [mapping(panel) for panel in sequence(_board(subject).get("panels"))]


def _dashboards(subject: Subject) -> Iterator[Entry]:
    board = _board(subject)
    if not board:
        reason = (
            "it is not asked for" if subject.facts.has("grafana") else "no chart of Grafana is known in this repository"
        )
        text = f"**Dashboards**: n/a, because {reason}"
        where = f"{subject.facts.monitoring_configs}/{subject.name}/dashboard.json"
        yield Entry(id="monitoring.dashboard", text=text, checks=(check("absent", where),))
        return
    title = str(board.get("title", subject.name))
    for number, panel in enumerate(_panels(subject), 1):
        name = str(panel.get("title", ""))
        yield Entry(
            id=f"monitoring.panel.{number}",
            text=f"**Dashboards**: {code(title)} shows {name}",
            checks=(check("dashboard", title, "panel", name),),
        )


def _rules(subject: Subject) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in subject.effect.of("PrometheusRule"):
        for group in map(mapping, sequence(item.spec.get("groups"))):
            for rule in map(mapping, sequence(group.get("rules"))):
                if rule.get("alert"):
                    yield str(rule["alert"]), rule


def _alerts(subject: Subject) -> Iterator[Entry]:
    found = tuple(_rules(subject))
    for name, rule in found:
        summary = str(mapping(rule.get("annotations")).get("summary", ""))
        expression = " ".join(str(rule.get("expr", "")).split())
        threshold = _THRESHOLD.search(expression)
        severity = str(mapping(rule.get("labels")).get("severity", ""))
        conditions = [f"labels.severity={severity}"] if severity else []
        conditions += [f"for={rule['for']}"] if rule.get("for") else []
        if f'"{subject.namespace}"' in expression:  # another application may have an alert of the same name
            conditions.append(f"expr~{subject.namespace}")
        texts = ["contains", threshold[0].strip()] if threshold else []
        yield Entry(
            id=f"monitoring.alert.{name}",
            text=f"**Alerts**: {code(name)} ({severity or 'no severity'}): {_plain(summary) or expression}, "
            f"when {code(expression)}" + (f" for {rule['for']}" if rule.get("for") else ""),
            checks=(check("alert", name, *conditions, *texts),),
        )
    if not found:
        reason = "it is not asked for" if subject.facts.has("monitoring") else "the repository has no monitoring"
        text = f"**Alerts**: n/a, because {reason}"
        yield Entry(id="monitoring.alert", text=text, checks=(check("no-object", f"PrometheusRule/*/{subject.name}"),))


def _plain(summary: str) -> str:
    """A summary without the template's braces."""
    return re.sub(r"\{\{\s*\$labels\.(\w+)\s*\}\}", r"a \1", summary)


def _logging(subject: Subject) -> Iterator[Entry]:
    command = f"kubectl logs -n {subject.namespace} --selector app.kubernetes.io/name={subject.name}"
    if subject.facts.has("logs") or subject.facts.has("data-source/loki") or _collects(subject):
        text = f"**Logging**: to standard output; Loki keeps it with the namespace {code(subject.namespace)} as a label"
    else:
        text = f"**Logging**: to standard output; nothing collects it, so {code(command)} shows what the node still has"
    yield Entry(id="monitoring.logging", text=text, checks=(run(command),))


def _collects(subject: Subject) -> bool:
    return any("loki" in item.name for item in subject.effect.before.of_kind("helm.toolkit.fluxcd.io", "HelmRelease"))
