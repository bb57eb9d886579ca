"""What a plan says that it changes, against what it changes: the difference between two renders, object by object.

A namespace, a service, a volume, a secret or a dependency that is in one and not in the other is an error; of other
kinds the difference is only listed. Where a unit has no known result on a side, nothing is claimed.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterator
from enum import StrEnum

import msgspec

from elysium.compare import (
    Category,
    Change,
    Comparison,
    DependencyChange,
    Difference,
    category_of_kind,
    compare,
    described,
    described_dependency,
    generated_stem,
)
from elysium.model import ObjectId, Origin, Position, Render, UnitId, UnitKind
from elysium.plans.types import Plan

__all__ = ["COUNTED", "ImpactEntry", "Standing", "counts", "impact", "names_of"]

COUNTED = frozenset({Category.NAMESPACE, Category.SERVICE, Category.VOLUME, Category.SECRET, Category.DEPENDENCY})
"""The categories of which everything has to be declared."""

_METADATA = ("metadata.labels", "metadata.annotations")
_SIGNS = "*?["
_LONGEST = 1_000


class Standing(StrEnum):
    """How a difference and the plan stand to each other; `listed` is what needs no declaration."""

    UNDECLARED = "undeclared"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    LISTED = "listed"

    @property
    def rank(self) -> int:
        """Errors first."""
        return list(Standing).index(self)


class ImpactEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One object or dependency: `subject` is how a plan names it.

    `file` and `line` are where the repository makes it; `declared` is what the plan says, in `item` at `plan_line`.
    """

    standing: Standing
    category: Category
    subject: str
    message: str
    change: str = ""
    cluster: str = ""
    unit: str = ""
    file: str = ""
    line: int = 0
    declared: str = ""
    item: str = ""
    plan_line: int = 0

    @property
    def is_error(self) -> bool:
        """Whether the plan and the change contradict each other."""
        return self.standing in (Standing.UNDECLARED, Standing.UNDELIVERED)

    def __str__(self) -> str:
        return f"{self.standing.value}: {self.message}"


class _Declared(msgspec.Struct, frozen=True, kw_only=True):
    """One `impact` of an item, ready to be compared."""

    text: str
    item: str
    line: int

    @property
    def category(self) -> Category:
        kind, separator, _ = self.text.partition("/")
        return category_of_kind(kind) if separator and ":" not in kind else Category.DEPENDENCY

    def names(self, subjects: Collection[str]) -> bool:
        """Whether it means one of the objects; `*` and `?` stand for any signs of a name."""
        wanted = self.text[:_LONGEST]
        if not any(sign in wanted for sign in _SIGNS):
            return wanted in subjects
        return any(fnmatch.fnmatchcase(subject, wanted) for subject in subjects)


def impact(plan: Plan, base: Render, head: Render) -> tuple[ImpactEntry, ...]:
    """Every declared and every real difference, errors first; without errors the plan says what it does."""
    declared = tuple(_declarations(plan))
    comparison = compare(base, head)
    places = _Places(base, head)
    entries = [_object(item, declared, places) for item in comparison.objects]
    entries += [_dependency(item, declared, places) for item in comparison.dependencies]
    met = {(entry.declared, entry.item, entry.plan_line) for entry in entries if entry.declared}
    for one in declared:
        if not _is_met(one, comparison, met):
            entries.append(_undelivered(one, comparison, places))
    entries += _unknown_units(comparison, places)
    return tuple(sorted(entries, key=lambda entry: (entry.standing.rank, entry.category.rank, entry.subject)))


def names_of(difference: Difference) -> tuple[str, ...]:
    """How a plan may name an object: as it is, as it was, without the hash of a generator, or as what becomes of it."""
    known = [difference.object, difference.was, difference.produces]
    found = [_written(identity) for identity in known if identity is not None]
    stem = generated_stem(difference.item)
    if stem:
        found.append(_written(ObjectId("", difference.object.kind, difference.object.namespace, stem)))
    return tuple(dict.fromkeys(found))


def counts(difference: Difference) -> bool:
    """Whether a difference has to be declared. Labels, another unit or other ciphertext need not be.

    A claim that a StatefulSet no longer names stays in the cluster, and so nothing is lost of it.
    """
    if difference.category not in COUNTED or difference.change in (Change.MOVED, Change.RESEALED):
        return False
    if difference.owner is not None and difference.change is Change.REMOVED:
        return False
    if difference.change is Change.CHANGED:
        return not all(item.path.startswith(_METADATA) for item in difference.fields)
    return True


def _declarations(plan: Plan) -> Iterator[_Declared]:
    for place in plan.places():
        for text in place.item.impact:
            yield _Declared(text=_normal(text), item=place.item.id, line=place.item.line)


def _normal(text: str) -> str:
    """`Namespace/db` is meant as `Namespace//db`."""
    parts = text.split("/")
    return f"{parts[0]}//{parts[1]}" if len(parts) == 2 and ":" not in text else text


def _written(identity: ObjectId) -> str:
    return f"{identity.kind}/{identity.namespace}/{identity.name}"


def _object(item: Difference, declared: tuple[_Declared, ...], places: _Places) -> ImpactEntry:
    names = names_of(item)
    entry = ImpactEntry(
        standing=Standing.LISTED,
        category=item.category,
        subject=names[0],
        message=described(item),
        change=item.change.value,
        cluster=item.cluster,
        unit=str(item.units[0]) if item.units else "",
    )
    unknown, must = item.change is Change.UNKNOWN, counts(item)
    return _standing(places.of_object(entry, item), declared, names, unknown=unknown, must=must)


def _dependency(item: DependencyChange, declared: tuple[_Declared, ...], places: _Places) -> ImpactEntry:
    entry = ImpactEntry(
        standing=Standing.LISTED,
        category=Category.DEPENDENCY,
        subject=str(item),
        message=described_dependency(item),
        change=item.change.value,
        cluster=item.source.cluster,
        unit=str(item.source),
    )
    placed = places.of_unit(entry, item.source)
    return _standing(placed, declared, (str(item),), unknown=item.change is Change.UNKNOWN, must=True)


def _standing(
    entry: ImpactEntry, declared: tuple[_Declared, ...], names: tuple[str, ...], *, unknown: bool, must: bool
) -> ImpactEntry:
    """The entry with how it stands to the plan."""
    found = next((one for one in declared if one.names(names)), None)
    if found is not None:
        entry = msgspec.structs.replace(entry, declared=found.text, item=found.item, plan_line=found.line)
    if unknown:
        standing = Standing.UNKNOWN if must or found else Standing.LISTED
    elif found is not None:
        standing = Standing.DELIVERED
    else:
        standing = Standing.UNDECLARED if must else Standing.LISTED
    told = f"{entry.message}; no item of the plan says so" if standing is Standing.UNDECLARED else entry.message
    return msgspec.structs.replace(entry, standing=standing, message=told)


def _is_met(one: _Declared, comparison: Comparison, met: set[tuple[str, str, int]]) -> bool:
    """Whether anything that differs is what was declared, were it that another item declares it, too."""
    if (one.text, one.item, one.line) in met:
        return True
    objects = any(one.names(names_of(item)) for item in comparison.objects)
    return objects or any(one.names((str(item),)) for item in comparison.dependencies)


def _undelivered(one: _Declared, comparison: Comparison, places: _Places) -> ImpactEntry:
    """A declaration that nothing answers to: an error, unless a unit without a result may yet do so."""
    unsettled = [item for item in comparison.unknown if not item.same or item.unit.kind is UnitKind.KUSTOMIZATION]
    there = one.names(places.subjects)
    if unsettled and not there:
        units = ", ".join(str(item.unit) for item in unsettled[:3])
        standing, told = Standing.UNKNOWN, f"nothing is known to be {one.text}, but {units} has no known result"
    else:
        told = f"{one.text} is declared, and it is the same before and after" if there else _absent(one)
        standing = Standing.UNDELIVERED if one.category in COUNTED else Standing.LISTED
    return ImpactEntry(
        standing=standing,
        category=one.category,
        subject=one.text,
        message=told,
        declared=one.text,
        item=one.item,
        plan_line=one.line,
    )


def _absent(one: _Declared) -> str:
    return f"{one.text} is declared, and there is no such {'dependency' if ':' in one.text else 'object'}"


def _unknown_units(comparison: Comparison, places: _Places) -> Iterator[ImpactEntry]:
    for item in comparison.unknown:
        if not item.same or item.before != item.after:
            entry = ImpactEntry(
                standing=Standing.UNKNOWN,
                category=Category.FLUX,
                subject=str(item.unit),
                message=f"{item.unit}: what it makes is not known ({item.after or item.before})",
                change=Change.UNKNOWN.value,
                cluster=item.unit.cluster,
                unit=str(item.unit),
            )
            yield places.of_unit(entry, item.unit)


class _Places:
    """Where the repository makes things: the head's files first."""

    def __init__(self, base: Render, head: Render) -> None:
        self._defined: dict[UnitId, Origin] = {}
        self.subjects: set[str] = set()
        for unit in (*base.units, *head.units):
            if unit.defined_by is not None:
                self._defined[unit.id] = unit.defined_by
            self.subjects.update(_written(item.id) for item in unit.objects)
            self.subjects.update(f"dependency:{unit.id}>{target}" for target in unit.depends_on)

    def of_object(self, entry: ImpactEntry, item: Difference) -> ImpactEntry:
        """The entry with the place of an object; that of its release where a chart makes it."""
        position = item.item.origin.position if item.item is not None else None
        if position is not None:
            return _at(entry, position)
        return self.of_unit(entry, item.units[0]) if item.units else entry

    def of_unit(self, entry: ImpactEntry, unit: UnitId) -> ImpactEntry:
        """The entry with the place where a unit is defined."""
        origin = self._defined.get(unit)
        position = origin.position if origin is not None else None
        return _at(entry, position) if position is not None else entry


def _at(entry: ImpactEntry, position: Position) -> ImpactEntry:
    return msgspec.structs.replace(entry, file=position.file, line=position.line)
