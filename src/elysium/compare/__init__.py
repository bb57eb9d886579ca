"""What differs between two renders, object by object, and what cannot be told. Pure: it reads two `Render`s."""

from __future__ import annotations

from elysium.compare.categories import Category, category_of, category_of_kind
from elysium.compare.comparing import compare
from elysium.compare.describing import described, described_dependency, described_image
from elysium.compare.fields import FieldChange, differences
from elysium.compare.types import (
    Change,
    Comparison,
    DependencyChange,
    Difference,
    ImageChange,
    Side,
    UnitChange,
    UnknownUnit,
)
from elysium.compare.volatile import generated_stem

__all__ = [
    "Category",
    "Change",
    "Comparison",
    "DependencyChange",
    "Difference",
    "FieldChange",
    "ImageChange",
    "Side",
    "UnitChange",
    "UnknownUnit",
    "category_of",
    "category_of_kind",
    "compare",
    "described",
    "described_dependency",
    "described_image",
    "differences",
    "generated_stem",
]
