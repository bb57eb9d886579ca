"""``Scaffold Helm chart at `charts/web/` ``, ``with Chart.yaml, deployment.yaml``: the files of a chart → `exists`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring import paths
from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_CHART = re.compile(r"\b(?:helm )?charts?\b|\bscaffold", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w/`.-])(Chart\.yaml|values\.yaml|values\.schema\.json|[a-z_][\w-]*\.(?:yaml|tpl))(?![\w`-])")
_AT_TOP = frozenset({"Chart.yaml", "values.yaml", "values.schema.json"})
_TEMPLATES = re.compile(r"\btemplates? for\b|\b(?:add|bundle|include)\b", re.IGNORECASE)
_KIND = re.compile(
    r"\b(Deployment|StatefulSet|DaemonSet|Service|Ingress|CronJob|Job|ConfigMap|NetworkPolicy|ServiceAccount"
    r"|HorizontalPodAutoscaler|PodDisruptionBudget|PersistentVolumeClaim)s?\b"
)
_VALUES = re.compile(r"^values\b", re.IGNORECASE)
_VALUE = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)+")
_SCAFFOLDED = re.compile(r"\bscaffold(?:ed)?\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """A chart that is scaffolded, or what its templates and values hold, in an item below one that names the chart."""
    if len(entry.above) > 1 and _is_chart(entry.directory):
        return _inside(entry)
    return _scaffolded(entry)


def _inside(entry: Entry) -> Inferred | None:
    """Kinds that templates have, and values by their dotted names."""
    checks: list[tuple[str, ...]] = []
    kinds = dict.fromkeys(_KIND.findall(entry.title)) if _TEMPLATES.search(entry.title) else {}
    if kinds:
        checks.append(("contains", f"{entry.directory}/templates/**", *(f"kind: {kind}" for kind in kinds)))
    values = [span for span, _ in entry.spans if _VALUE.fullmatch(span)] if _VALUES.search(entry.title) else []
    if values:
        checks.append(("yaml", f"{entry.directory}/values.yaml", *values))
    return Inferred(checks=tuple(checks)) if checks else None


def _scaffolded(entry: Entry) -> Inferred | None:
    """The folder, `Chart.yaml`, and the files that are named without code marks; others than these are templates."""
    if not (_CHART.search(entry.title) and _SCAFFOLDED.search(entry.title)):
        return None
    folder = next((path for span, _ in entry.spans if _is_chart(path := paths.path_of(span, entry.subject.roots))), "")
    if not folder:
        return None
    names = dict.fromkeys(("Chart.yaml", *_BARE.findall(entry.text)))
    found = tuple(f"{folder}/{name}" if name in _AT_TOP else f"{folder}/templates/{name}" for name in names)
    return Inferred(checks=(("exists", *found),), files=found)


def _is_chart(path: str) -> bool:
    """A folder in a folder of charts."""
    return not paths.is_file(path) and bool(re.search(r"(?:^|/)(?:charts?|helm)/[^/]+$", path))
