"""What a CEL expression names first."""

from __future__ import annotations

import pytest

from elysium.check.policies.expressions import first_field


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        ("object.spec.replicas > 1", ("spec", "replicas")),
        ("object.spec.containers.all(c, c.image != '')", ("spec", "containers")),
        ("object.?metadata.?labels.owner.orValue('') != ''", ("metadata", "labels", "owner")),
        ("!has(object.spec.hostNetwork)", ("spec", "hostNetwork")),
        ("myobject.spec == 1 || object.data.x == 'y'", ("data", "x")),
        ("object['spec'].x == 1", ()),
        ("variables.containers.all(c, true)", ()),
        ("", ()),
    ],
)
def test_first_field(expression: str, field: tuple[str, ...]) -> None:
    assert first_field(expression) == field
