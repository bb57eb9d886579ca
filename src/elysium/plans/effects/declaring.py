"""What a plan has to declare: the difference between two renders in words, for the section about the architecture."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.compare import (
    Category,
    Change,
    Comparison,
    compare,
    described,
    described_dependency,
    described_image,
    generated_stem,
)
from elysium.model import Render
from elysium.plans.effects.impact import names_of

__all__ = ["Declaration", "DeclaredGroup", "declare"]


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: `impact` is the value of the item's key, empty where nothing is to be declared."""

    impact: str
    sentence: str


class DeclaredGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The differences of one category, by name."""

    category: Category
    entries: tuple[Declaration, ...]


def declare(base: Render, head: Render) -> tuple[DeclaredGroup, ...]:
    """Everything that differs, by category: what `impact` then finds declared. Unknown units are told, not declared."""
    found: dict[Category, list[Declaration]] = {}
    for category, declaration in _declarations(compare(base, head)):
        found.setdefault(category, []).append(declaration)
    return tuple(
        DeclaredGroup(category=category, entries=tuple(found[category]))
        for category in sorted(found, key=lambda category: category.rank)
    )


def _declarations(comparison: Comparison) -> Iterator[tuple[Category, Declaration]]:
    for item in comparison.objects:
        quiet = item.change in (Change.MOVED, Change.RESEALED, Change.UNKNOWN)
        stem = generated_stem(item.item)
        subject = f"{item.object.kind}/{item.object.namespace}/{stem}-*" if stem else names_of(item)[0]
        yield item.category, Declaration(impact="" if quiet else subject, sentence=described(item))
    for edge in comparison.dependencies:
        told = "" if edge.change is Change.UNKNOWN else str(edge)
        yield Category.DEPENDENCY, Declaration(impact=told, sentence=described_dependency(edge))
    for image in comparison.images:
        yield Category.IMAGE, Declaration(impact="", sentence=described_image(image))
    for unit in comparison.unknown:
        if not unit.same or unit.before != unit.after:
            sentence = f"{unit.unit}: what it makes is not known ({unit.after or unit.before})"
            yield Category.FLUX, Declaration(impact="", sentence=sentence)
