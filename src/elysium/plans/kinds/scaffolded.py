"""What scaffolding writes and makes, put in order for the steps and sections of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from elysium.plans import words
from elysium.plans.deploying.effect import Effect, New
from elysium.scaffold import Action, Change, RepositoryFacts

__all__ = ["MadeObject", "Tier", "Written", "made_objects", "written"]

_ENTRY = re.compile(r"\s*-\s+(?:path:\s*)?[\"']?([^\s\"'#]+)")
_KEY = re.compile(r"\s*([A-Za-z][\w.-]*):")


class Tier(StrEnum):
    """Which step of an infrastructure plan writes a file."""

    CONTROLLERS = "controllers"
    CONFIGS = "configs"
    MONITORING = "monitoring"
    CLUSTER = "cluster"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is written: what to say about it, and the check that tells whether it is."""

    path: str
    text: str
    check: str
    tier: Tier
    sealed: bool = False


class MadeObject(msgspec.Struct, frozen=True, kw_only=True):
    """An object that comes: `Kind/namespace/name`, and whether a chart makes it."""

    reference: str
    kind: str
    namespace: str
    name: str
    chart: str = ""

    @property
    def slug(self) -> str:
        """The reference as a part of an id."""
        return words.slug(self.reference)

    @property
    def check(self) -> str:
        """The check that tells whether it is there."""
        return words.join(("object", self.reference))


def written(effect: Effect, facts: RepositoryFacts) -> tuple[Written, ...]:
    """Every file, with its step; what others apply comes with the cluster's."""
    return tuple(_written(change, facts) for change in effect.files)


def made_objects(effect: Effect) -> tuple[MadeObject, ...]:
    """Every object that comes, in the order of the render."""
    return tuple(_made(item) for item in effect.new)


def _made(item: New) -> MadeObject:
    return MadeObject(
        reference=item.reference, kind=item.kind, namespace=item.namespace, name=item.name, chart=item.chart
    )


def _written(change: Change, facts: RepositoryFacts) -> Written:
    new = change.action is Action.CREATE
    added = () if new else tuple(_added(change.before or "", change.text or ""))
    entries = [found[1] for line in added if (found := _ENTRY.match(line))]
    text, check = f"`{change.path}` is written", words.join(("exists", change.path))
    if entries and change.path.endswith((".yaml", ".yml")):
        shown = ", ".join(f"`{entry}`" for entry in entries)
        text, check = f"`{change.path}` lists {shown}", words.join(("listed", change.path, *entries))
    elif added:
        key = next((found[1] for line in added if (found := _KEY.match(line))), added[0].strip())
        text, check = f"`{change.path}` has `{key}`", words.join(("contains", change.path, key))
    return Written(
        path=change.path, text=text, check=check, tier=_tier(change.path, facts), sealed="sealed-secret" in change.path
    )


def _tier(path: str, facts: RepositoryFacts) -> Tier:
    folders = (
        (Tier.MONITORING, facts.monitoring_controllers),
        (Tier.MONITORING, facts.monitoring_configs),
        (Tier.CONTROLLERS, facts.controllers),
        (Tier.CONFIGS, facts.configs),
    )
    return next((tier for tier, folder in folders if path.startswith(f"{folder}/")), Tier.CLUSTER)


def _added(before: str, after: str) -> Iterator[str]:
    known = set(before.splitlines())
    yield from (line for line in _lines(after) if line not in known)


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
