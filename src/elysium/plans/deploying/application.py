"""What an application needs, as a person says it: a short `app.toml`, options, and answers on a terminal.

The keys are those of `elysium new app`, so that nobody learns two languages; what a plan adds are the purpose, the
reason, who owns it, and what is known about the deployment methods (docs/plans/deploy-app.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from elysium.plans.types import PlannedComponent

__all__ = ["METHODS", "NAMES_OF_METHODS", "Application", "planned_component"]

METHODS = ("official-chart", "official-method", "community-chart", "official-kustomize", "onechart")
"""The deployment methods in the order in which they are preferred (requirement 0.4.S0)."""

NAMES_OF_METHODS = {
    "official-chart": "Official chart",
    "official-method": "Official method",
    "community-chart": "Community chart",
    "official-kustomize": "Official Kustomize manifests",
    "onechart": "onechart",
}
"""What a person calls them."""

_STYLES = {
    "official-chart": "release",
    "official-method": "files",
    "community-chart": "release",
    "official-kustomize": "kustomize",
    "onechart": "onechart",
}
_PLANNED_ONLY = frozenset({
    "name", "purpose", "why", "owner", "due", "preset", "documentation", "method", "rejected", "answers",
})  # fmt: skip


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """What is deployed, why, from what, and what it needs. What nobody said is empty; the component's defaults stand.

    `rejected` are deployment methods that a person looked at and decided against, each with the reason; `method` is the
    one that a person chose. `answers` are further parameters of the component.
    """

    name: str
    purpose: str = ""
    why: str = ""
    owner: str = ""
    due: str = ""
    preset: str = ""
    documentation: str = ""
    method: str = ""
    rejected: dict[str, str] = {}
    namespace: str = ""
    image: str = ""
    chart: str = ""
    chart_repository: str = ""
    chart_version: str = ""
    source_repository: str = ""
    source_version: str = ""
    source_path: str = ""
    port: int = 0
    cpu: str = ""
    memory: str = ""
    memory_limit: str = ""
    replicas: int = 0
    storage: str = ""
    storage_class: str = ""
    storage_path: str = ""
    secrets: tuple[str, ...] = ()
    expose: tuple[str, ...] = ()
    host: str = ""
    health: str = ""
    metrics_path: str = ""
    monitoring: bool | None = None
    clients: tuple[str, ...] = ()
    answers: dict[str, Any] = {}

    @property
    def place(self) -> str:
        """The namespace it is meant to live in."""
        return self.namespace or self.name


def planned_component(application: Application, method: str, found: Mapping[str, str]) -> PlannedComponent:
    """The component that writes the application by a deployment method.

    `found` are the chart or the manifests that the method gave where the application names none.
    """
    given: dict[str, Any] = {} if application.preset else {"style": _STYLES[method]}
    for field in application.__struct_fields__:
        value = getattr(application, field)
        if field not in _PLANNED_ONLY and value not in ("", 0, (), {}, None):
            given[field.replace("_", "-")] = value
    if not application.preset:
        given |= {key: value for key, value in found.items() if value and key not in given}
    return PlannedComponent(
        kind="app", name=application.name, preset=application.preset, answers={**given, **application.answers}
    )
