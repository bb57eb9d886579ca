"""The values of a draft of kind `infrastructure`: what its component writes, makes, needs and offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from elysium.model import Unit, UnitState
from elysium.plans import words
from elysium.plans.deploying.effect import Effect
from elysium.plans.effects.declaring import declare
from elysium.plans.kinds.appliers import appliers, chain
from elysium.plans.kinds.ground import Ground
from elysium.plans.kinds.needs import needs_of
from elysium.plans.kinds.scaffolded import MadeObject, Tier, made_objects, written
from elysium.plans.types import PlannedComponent

__all__ = ["components", "values"]

_OWN = ("component", "preset", "why", "owner")
_GROUPS = {
    "namespaces": ("Namespace",),
    "services": ("Service",),
    "storage": ("PersistentVolumeClaim", "PersistentVolume", "StorageClass"),
    "network": ("Ingress", "IngressClass", "NetworkPolicy", "HTTPRoute", "Gateway"),
    "rights": ("ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
    "watching": ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe"),
    "sources": ("HelmRepository", "OCIRepository", "GitRepository"),
    "releases": ("HelmRelease",),
    "secrets": ("SealedSecret", "Secret"),
    "workloads": ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"),
}
_GROUPED = frozenset(kind for kinds in _GROUPS.values() for kind in kinds)


def components(name: str, answers: Mapping[str, str]) -> tuple[PlannedComponent, ...]:
    """The component that brings it: the one that is named, or `infra/NAME`."""
    kind, _, rest = answers.get("component", f"infra/{name}").partition("/")
    given = {key: value for key, value in answers.items() if key not in _OWN}
    preset = answers.get("preset", "")
    return (PlannedComponent(kind=kind, name=rest or name, preset=preset, answers=given),)


def values(name: str, ground: Ground, answers: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs."""
    effect, facts = ground.effect, ground.facts
    objects = made_objects(effect) if effect else ()
    files = written(effect, facts) if effect else ()
    known = appliers(ground.render or (effect.base if effect else None), facts)
    return {
        "component": components(name, answers)[0],
        "why": answers.get("why", "") or f"{facts.cluster} has no {name}, and what comes next needs it",
        "tiers": {tier.value: [file for file in files if file.tier is tier] for tier in Tier},
        "space": _space(objects, name),
        "objects": {key: _of(objects, *kinds) for key, kinds in _GROUPS.items()},
        "units": [str(unit.id) for unit in effect.new_units] if effect else [],
        "unknown": [str(unit.id) for unit in effect.unknown] if effect else [],
        "notes": effect.notes if effect else (),
        "appliers": known,
        "chain": chain(known),
        "planned": effect is not None,
        "needs": needs_of(effect, ground) if effect else (),
        "broken": _broken(effect) if effect else [],
        "more": _more(effect, objects) if effect else [],
    }


def _more(effect: Effect, objects: tuple[MadeObject, ...]) -> list[dict[str, str]]:
    """What else differs and has to be declared: objects that change, and what depends on what."""
    told = {item.reference for item in objects if item.kind in _GROUPED}
    entries = (entry for group in declare(effect.base, effect.head) for entry in group.entries)
    return [
        {
            "sentence": entry.sentence,
            "impact": entry.impact,
            "check": words.join(("object", entry.impact)) if ">" not in entry.impact else "render",
        }
        for entry in entries
        if entry.impact and entry.impact not in told
    ]


def _broken(effect: Effect) -> list[Unit]:
    """Units that were rendered before, and would fail with the change."""
    fine = {unit.id for unit in effect.base.units if unit.state is not UnitState.FAILED}
    return [unit for unit in effect.head.units if unit.state is UnitState.FAILED and unit.id in fine]


def _space(objects: tuple[MadeObject, ...], name: str) -> str:
    """The namespace that comes with it, or the one that most of it goes into."""
    new = next((item.name for item in objects if item.kind == "Namespace"), "")
    spaces = Counter(item.namespace for item in objects if item.namespace)
    return new or (spaces.most_common(1)[0][0] if spaces else name)


def _of(objects: tuple[MadeObject, ...], *kinds: str) -> tuple[MadeObject, ...]:
    return tuple(item for item in objects if item.kind in kinds)
