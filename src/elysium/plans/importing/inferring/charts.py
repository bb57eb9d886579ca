"""``Scaffold Helm chart at `charts/web/` ``, ``with Chart.yaml, deployment.yaml``: the files of a chart → `exists`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring import paths
from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_CHART = re.compile(r"\b(?:helm )?charts?\b|\bscaffold", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w/`.-])(Chart\.yaml|values\.yaml|values\.schema\.json|[a-z_][\w-]*\.(?:yaml|tpl))(?![\w`-])")
_AT_TOP = frozenset({"Chart.yaml", "values.yaml", "values.schema.json"})
_SCAFFOLDED = re.compile(r"\bscaffold(?:ed)?\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
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
