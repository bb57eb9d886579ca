"""A monitor or rule that no Prometheus of the cluster selects.

A Prometheus takes the ServiceMonitors, PodMonitors, Probes, ScrapeConfigs and PrometheusRules whose labels its
selectors match; the chart kube-prometheus-stack makes selectors that ask for `release: NAME` unless it is told
otherwise. What lacks the label is never scraped or evaluated, and nothing says so. Clusters with another collector are
left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.monitors import GROUP
from elysium.evaluate.selectors import matches
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="monitor-not-selected",
    severity=Severity.WARNING,
    summary="no Prometheus selects a monitor or rule",
    topic=Topic.MONITORING,
    profiles=("review", "gitops"),
)

_SELECTORS = {
    "ServiceMonitor": "serviceMonitorSelector",
    "PodMonitor": "podMonitorSelector",
    "Probe": "probeSelector",
    "ScrapeConfig": "scrapeConfigSelector",
    "PrometheusRule": "ruleSelector",
}
_COLLECTORS = ("alloy", "victoria", "vmagent", "opentelemetry", "grafana-agent", "mimir", "thanos", "loki")
"""Others that take the same objects."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each object that every Prometheus passes over."""
    for index in context.objects.values():
        servers = [item for kind in ("Prometheus", "PrometheusAgent") for item in index.of_kind(GROUP, kind)]
        if not servers or _has_another_collector(index):
            continue
        for kind, field in _SELECTORS.items():
            selectors = [mapping(index.body(server).get("spec")).get(field) for server in servers]
            for item in index.of_kind(GROUP, kind):
                labels = mapping(mapping(index.body(item).get("metadata")).get("labels"))
                if not any(matches(selector, labels) for selector in selectors):
                    at = in_object(context, item, ("metadata", "labels"))
                    message = f"{item}: the {field} of {servers[0]} does not match its labels"
                    yield about_object(RULE, item, at, message, hint=_hint(selectors[0]))


def _hint(selector: Any) -> str:
    wanted = mapping(mapping(selector).get("matchLabels"))
    if wanted:
        return f"it asks for {', '.join(f'{key}: {value}' for key, value in sorted(wanted.items()))}"
    return "it has no such selector, or one by expressions that the labels do not meet"


def _has_another_collector(index: ObjectIndex) -> bool:
    holders: list[RenderedObject] = [
        *index.of_kind("helm.toolkit.fluxcd.io", "HelmRelease"),
        *index.of_kind("apps", "Deployment"),
        *index.of_kind("apps", "StatefulSet"),
    ]
    return any(word in item.name for item in holders for word in _COLLECTORS)
