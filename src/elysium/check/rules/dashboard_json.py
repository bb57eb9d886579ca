"""A dashboard of Grafana that Grafana does not load.

Grafana's sidecar writes what a ConfigMap with the label `grafana_dashboard` holds into a folder, and Grafana reads it:
what is no JSON, or has no title, is left out with a line in a log. Two dashboards with one `uid` overwrite each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import Path, mapping
from elysium.model import Finding, RenderedObject, Severity
from elysium.sealing import is_opaque

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dashboard-json",
    severity=Severity.ERROR,
    summary="a dashboard that Grafana does not load",
    topic=Topic.MONITORING,
    profiles=("default", "pre-commit"),
)

_LABEL = "grafana_dashboard"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each dashboard that is not loaded, and for each uid that is there twice."""
    for index in context.objects.values():
        known: dict[str, str] = {}
        for item, path, text in _dashboards(index):
            if is_opaque(text):
                continue
            fault, uid = _read(text)
            place = f"{item} ({path[-1]})"
            if fault:
                at = in_object(context, item, path)
                yield about_object(RULE, item, at, f"{place}: {fault}", hint="export the dashboard anew from Grafana")
            elif uid and known.setdefault(uid, place) != place:
                at = in_object(context, item, path)
                message = f"{place} has the uid {uid}, which {known[uid]} has, too: one overwrites the other"
                hint = "give it a uid of its own"
                yield about_object(RULE, item, at, message, hint=hint, severity=Severity.WARNING)


def _dashboards(index: ObjectIndex) -> Iterator[tuple[RenderedObject, Path, str]]:
    for item in index.of_kind("", "ConfigMap"):
        body = index.body(item) if _LABEL.encode() in item.raw else {}
        if _LABEL in mapping(mapping(body.get("metadata")).get("labels")):
            for key, text in mapping(body.get("data")).items():
                if isinstance(text, str) and str(key).endswith(".json"):
                    yield item, ("data", str(key)), text
    for item in index.of_kind("grafana.integreatly.org", "GrafanaDashboard"):
        text = mapping(index.body(item).get("spec")).get("json")
        if isinstance(text, str):
            yield item, ("spec", "json"), text


def _read(text: str) -> tuple[str, str]:
    """What is wrong with a dashboard, and its uid."""
    try:
        dashboard: Any = json.loads(text)
    except RecursionError:
        return "", ""
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        return f"is not JSON: {getattr(error, 'msg', 'it cannot be read')} (line {line} of it)", ""
    if not isinstance(dashboard, dict):
        return "is no dashboard: the JSON is not an object", ""
    inner = dashboard.get("dashboard")
    model = inner if isinstance(inner, dict) else dashboard
    if not str(model.get("title") or "").strip() and "panels" in model:
        return "has no title, and Grafana refuses it", ""
    return "", str(model.get("uid") or "")
