"""Why an object is as it is: each field with what made it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from elysium.model.ids import ObjectId, UnitId

__all__ = ["Explanation", "FieldOrigin", "FieldSource"]


class FieldSource(StrEnum):
    """What made the value of a field."""

    FILE = "file"
    PATCH = "patch"
    SUBSTITUTION = "substitution"
    TRANSFORMER = "transformer"
    FLUX = "flux"
    DEFAULT = "default"
    TEMPLATE = "template"
    VALUE = "value"
    CHART = "chart"
    VALUES_FROM = "valuesFrom"
    GENERATOR = "generator"


class FieldOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `path` is dotted, list items by name where they have one (`containers[app].image`); `value` is short
    text for a person; `detail` says more than the place: the variable, the transformer, the value of the release.
    """

    path: str
    value: str
    source: FieldSource
    file: str = ""
    line: int = 0
    detail: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """An object (or the values of a release) with the origin of each field.

    `chain` leads from the cluster's root to the unit that makes the object. `transformations` are those that touched
    it, in order. For a HelmRelease, `values` are its composed values.
    """

    subject: str
    object: ObjectId
    unit: UnitId
    chain: tuple[UnitId, ...]
    file: str = ""
    line: int = 0
    chart: str = ""
    template: str = ""
    transformations: tuple[str, ...] = ()
    fields: tuple[FieldOrigin, ...] = ()
    values: tuple[FieldOrigin, ...] = ()
    notes: tuple[str, ...] = ()
