"""What a plan is about, gathered once: the application, the repository, the effect and the method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import Workload, mapping, sequence, workload_of
from elysium.model import RenderedObject, UnitId, UnitKind
from elysium.plans.deploying.application import Application
from elysium.plans.deploying.effect import Effect, New
from elysium.plans.deploying.method import Method
from elysium.scaffold import Action, Change, RepositoryFacts

__all__ = ["Claim", "SealedKey", "Subject"]

_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job")


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A volume that comes with the application; `names` are its claims: of a StatefulSet one for each pod."""

    namespace: str
    names: tuple[str, ...]
    size: str
    storage_class: str = ""
    holder: str = ""
    """The StatefulSet that makes it, and never deletes it; empty where the claim is an object of its own."""
    kept: bool = False
    """Whether Flux leaves it in the cluster when it goes from Git."""


class SealedKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a Secret that a controller opens in the cluster."""

    namespace: str
    name: str
    key: str


class Subject(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that the sections are written from."""

    application: Application
    facts: RepositoryFacts
    effect: Effect
    method: Method
    today: str = ""

    @property
    def name(self) -> str:
        """The application's name."""
        return self.application.name

    @property
    def namespace(self) -> str:
        """The namespace it lives in."""
        return str(self.effect.values.get("namespace") or self.application.place)

    @property
    def folder(self) -> str:
        """Where its base is."""
        return f"{self.facts.apps_base}/{self.name}"

    @property
    def appliers(self) -> tuple[UnitId, ...]:
        """The Kustomizations of the base that apply what comes with it."""
        known = {unit.id for unit in self.effect.before.units}
        found = (item.unit for item in self.effect.new if item.unit.kind is UnitKind.KUSTOMIZATION)
        return tuple(dict.fromkeys(unit for unit in found if unit in known))

    @property
    def own_ingresses(self) -> str:
        """Every ingress that could be its: of its namespace, or by name where it shares one with others."""
        alone = any(item.name == self.namespace for item in self.effect.of("Namespace"))
        return f"Ingress/{self.namespace}/{'' if alone else self.name}*"

    @property
    def hidden(self) -> str:
        """What is said behind a `none` where a source was not fetched: it may bring some. Empty where all is known."""
        return " that is known here: its source was not fetched" if self.effect.unknown else ""

    @property
    def owner(self) -> str:
        """Who carries the plan out; empty where nobody was named."""
        return self.application.owner

    @property
    def release(self) -> New | None:
        """Its HelmRelease, where a chart deploys it."""
        return next(iter(self.effect.of("HelmRelease")), None)

    @property
    def created(self) -> tuple[Change, ...]:
        """Files that are written anew."""
        return tuple(change for change in self.effect.files if change.action is Action.CREATE)

    @property
    def reached(self) -> tuple[str, ...]:
        """How it is reached from outside: tailscale, traefik, both or neither."""
        found = self.effect.values.get("expose", ())
        return tuple(way for way in found if way != "none") if isinstance(found, (list, tuple)) else ()

    def value(self, key: str) -> Any:
        """The answer to a parameter of the component, by its name there; an empty text where it has none."""
        return self.effect.values.get(key.replace("-", "_"), "")

    def text(self, path: str) -> str:
        """The text of a file that is written."""
        return next((change.text or "" for change in self.effect.files if change.path == path), "")

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """What makes its pods."""
        known = {(item.kind, item.namespace, item.name) for item in self.effect.of(*_WORKLOADS)}
        found = (
            workload_of(self.effect.after, item)
            for unit in self.effect.after.units
            for item in unit.objects
            if (item.kind, item.namespace, item.name) in known
        )
        return tuple(workload for workload in found if workload is not None)

    @property
    def servers(self) -> tuple[Workload, ...]:
        """What runs all the time."""
        return tuple(item for item in self.workloads if item.item.kind not in ("CronJob", "Job"))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Its volumes."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        for item in self.effect.of("PersistentVolumeClaim"):
            marks = mapping(mapping(item.body.get("metadata")).get("annotations"))
            yield _claim(item, (item.name,), item.spec, kept=marks.get(_PRUNE) == "disabled")
        for item in self.effect.of("StatefulSet"):
            pods = item.spec.get("replicas", 1)
            for template in map(mapping, sequence(item.spec.get("volumeClaimTemplates"))):
                name = f"{mapping(template.get('metadata')).get('name', '')}-{item.name}"
                names = tuple(f"{name}-{pod}" for pod in range(pods if isinstance(pods, int) else 1))
                yield _claim(item, names, mapping(template.get("spec")), kept=True)

    @cached_property
    def sealed(self) -> tuple[SealedKey, ...]:
        """Its sealed secrets, key by key; those that it adds to a secret that is there already are among them."""
        before = {(item.namespace, item.name): _keys(body) for item, body in _sealed(self.effect.before)}
        return tuple(
            SealedKey(namespace=item.namespace, name=item.name, key=key)
            for item, body in _sealed(self.effect.after)
            for key in _keys(body)
            if key not in before.get((item.namespace, item.name), ())
        )


def _sealed(index: ObjectIndex) -> Iterator[tuple[RenderedObject, dict[str, Any]]]:
    for item in index.of_kind("bitnami.com", "SealedSecret"):
        yield item, index.body(item)


def _keys(body: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, mapping(mapping(body.get("spec")).get("encryptedData"))))


def _claim(item: New, names: tuple[str, ...], spec: Mapping[str, Any], *, kept: bool) -> Claim:
    size = mapping(mapping(spec.get("resources")).get("requests")).get("storage", "")
    return Claim(
        namespace=item.namespace,
        names=names,
        size=str(size),
        storage_class=str(spec.get("storageClassName", "")),
        holder="" if item.kind == "PersistentVolumeClaim" else item.reference,
        kept=kept,
    )
