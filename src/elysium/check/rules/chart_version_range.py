"""A chart without an upper bound on its version.

An empty version, `*` or `>=1.0.0` takes whatever is published next, also the next major version with its breaking
changes, at a moment that nobody chose. So does an OCIRepository without tag, with `latest` or with such a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import FluxObject, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="chart-version-range",
    severity=Severity.WARNING,
    summary="a chart without an upper bound on its version",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)

_OPEN = re.compile(r"^\s*(|\*|x|X|latest|>=?\s*v?[\w.+-]+)\s*$")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each HelmRelease and OCIRepository that takes any newer version."""
    for found in flux_objects(context, "HelmRelease", "HelmChart"):
        chart = mapping(mapping(found.spec.get("chart")).get("spec")) if found.kind == "HelmRelease" else found.spec
        source = mapping(chart.get("sourceRef")).get("kind")
        version = str(chart.get("version") or "")
        if chart and source == "HelmRepository" and _OPEN.match(version):
            path = ("spec", "chart", "spec", "version") if found.kind == "HelmRelease" else ("spec", "version")
            yield _finding(context, found, path, f"the chart {chart.get('chart')} in {_words(version)}")
    for found in flux_objects(context, "OCIRepository"):
        reference = mapping(found.spec.get("ref"))
        if reference.get("digest"):
            continue
        version = str(reference.get("semver") or reference.get("tag") or "")
        if _OPEN.match(version):
            yield _finding(context, found, ("spec", "ref"), f"{found.spec.get('url')} in {_words(version)}")


def _words(version: str) -> str:
    return f"any version that fits {version}" if version else "the newest version"


def _finding(context: Context, found: FluxObject, path: tuple[str, ...], what: str) -> Finding:
    at = in_object(context, found.item, path)
    message = f"{found.item} takes {what}, also the next major one"
    return about_object(RULE, found.item, at, message, hint="name a version, or bound it: 1.x")
