"""What a component needs of the repository, and where that is."""

from __future__ import annotations

import msgspec

from elysium.errors import ScaffoldError
from elysium.plans import words
from elysium.plans.deploying.effect import Effect
from elysium.plans.kinds.ground import Ground
from elysium.scaffold import Answers, Library, RepositoryFacts, unmet

__all__ = ["Needed", "needs_of"]

_OBJECTS = {"ingress-class": "IngressClass", "storage-class": "StorageClass", "cluster-issuer": "ClusterIssuer"}


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has to be offered before: what for, whether it is there, and the check that tells."""

    offer: str
    component: str
    reason: str
    there: bool
    check: str


def needs_of(effect: Effect, ground: Ground) -> tuple[Needed, ...]:
    """What the component of the effect needs; nothing where it is none that comes along with Elysium."""
    planned = effect.component
    try:
        component = Library().find(planned.kind, planned.name, planned.preset)
    except ScaffoldError:
        return ()
    answers = Answers(given=planned.answers, values={**effect.values, "repository": ground.facts})
    bare: RepositoryFacts = msgspec.structs.replace(ground.facts, offers=())
    return tuple(_needed(offer, other, reason, ground) for offer, other, reason in unmet(component, answers, bare))


def _needed(offer: str, component: str, reason: str, ground: Ground) -> Needed:
    group, _, name = offer.partition("/")
    kind = _OBJECTS.get(group)
    check = words.join(("object", f"{kind}//{name}")) if kind and name else _folder_check(component, ground)
    return Needed(offer=offer, component=component, reason=reason, there=ground.facts.has(offer), check=check)


def _folder_check(component: str, ground: Ground) -> str:
    """The folder that the component is written into, wherever it is or would be."""
    name, facts = component.rpartition("/")[2], ground.facts
    folders = (facts.controllers, facts.configs, facts.monitoring_controllers, facts.monitoring_configs)
    place = next(
        (f"{folder}/{name}" for folder in folders if f"{folder}/{name}/kustomization.yaml" in ground.files), ""
    )
    return words.join(("exists", place)) if place else "render"
