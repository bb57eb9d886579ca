"""Three applications to plan: a database by its preset, a plain image, and official manifests; and where they go."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from elysium.api import Options, Request, Scaffolder, Workspace, write_scaffold
from elysium.api.plan_effects import draft_deployment
from elysium.plans.deploying import application_of
from elysium.plans.document.parsing import parse
from elysium.plans.types import Plan
from tests.gitting import commit
from tests.scaffold.harness import sources

EXAMPLE = Path(__file__).parents[3] / "examples" / "kyrion"

REJECTED = {
    "official-chart": "its project publishes none",
    "official-method": "its documentation has a compose file only",
    "community-chart": "none that is kept up",
    "official-kustomize": "its project publishes none",
}
APPLICATIONS: dict[str, dict[str, Any]] = {
    "postgresql": {
        "name": "postgresql",
        "preset": "postgresql",
        "why": "The accounts of the household are kept in a database.",
        "owner": "alice",
        "due": "2026-12-31",
        "clients": ["mealie"],
    },
    "wiki": {
        "name": "wiki",
        "purpose": "A wiki for the household",
        "why": "Notes lie around on paper.",
        "owner": "alice",
        "image": "ghcr.io/example/wiki:1.2.3",
        "port": 8080,
        "storage": "5Gi",
        "secrets": ["API_KEY"],
        "expose": ["tailscale", "traefik"],
        "metrics-path": "/metrics",
        "method": "onechart",
        "rejected": REJECTED,
    },
    "podinfo": {
        "name": "podinfo",
        "purpose": "A small page that says where it runs",
        "why": "The way from a commit to a page is tried with it.",
        "owner": "alice",
        "source-repository": "https://github.com/stefanprodan/podinfo",
        "source-version": "6.9.2",
        "source-path": "./kustomize",
        "port": 9898,
        "expose": ["tailscale"],
        "rejected": {key: REJECTED[key] for key in ("official-chart", "official-method", "community-chart")},
        "answers": {"container": "podinfod", "selector": "app=podinfo"},
    },
}


def repository(place: Path) -> Path:
    """A copy of the example in git."""
    root = Path(shutil.copytree(EXAMPLE, place / "kyrion"))
    commit(root, "Begin")
    return root


def drafted(root: Path, given: dict[str, Any], *, mapped: bool = True) -> str:
    """The plan of an application; without `mapped`, the charts of others are not at hand."""
    with Workspace(root, options=Options(sources=sources() if mapped else ())) as workspace:
        return draft_deployment(workspace, application_of(given))


def planned(root: Path, given: dict[str, Any], *, mapped: bool = True) -> Plan:
    """The same, read."""
    return parse(drafted(root, given, mapped=mapped), "plan.md")


def apply(root: Path, plan: Plan) -> None:
    """Write the components that a plan names."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        scaffolder = Scaffolder.of(workspace)
        for item in plan.components:
            request = Request(kind=item.kind, name=item.name, preset=item.preset, answers=item.answers)
            scaffolder.add(request, needs=True)
        write_scaffold(scaffolder.result)
