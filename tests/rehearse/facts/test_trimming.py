"""Definitions of a cluster without what makes them long; whatever a schema holds, however deep it is."""

from __future__ import annotations

from typing import Any

from elysium.rehearse.facts.trimming import trimmed_definition


def definition(schema: dict[str, Any]) -> dict[str, Any]:
    versions = [{"name": "v1", "schema": {"openAPIV3Schema": schema}, "additionalPrinterColumns": [{"name": "Age"}]}]
    return {"metadata": {"name": "things.example.org", "uid": "1"}, "spec": {"versions": versions}}


def schema_of(kept: dict[str, Any]) -> Any:
    [version] = kept["spec"]["versions"]
    assert version.keys() == {"name", "schema"}
    return version["schema"]["openAPIV3Schema"]


def test_descriptions_go_and_a_field_of_that_name_stays() -> None:
    text = {"type": "string", "description": "words"}
    schema = {
        "description": "words",
        "properties": {"description": text, "list": {"items": text}, "map": {"additionalProperties": text}},
        "anyOf": [{"not": text}],
        "items": True,
    }
    plain = {"type": "string"}
    assert schema_of(trimmed_definition(definition(schema))) == {
        "properties": {"description": plain, "list": {"items": plain}, "map": {"additionalProperties": plain}},
        "anyOf": [{"not": plain}],
        "items": True,
    }


def test_a_schema_may_be_deeper_than_the_stack() -> None:
    schema: dict[str, Any] = {"description": "words"}
    for _ in range(20_000):
        schema = {"properties": {"a": schema}}
    inner = schema_of(trimmed_definition(definition(schema)))
    while "properties" in inner:
        inner = inner["properties"]["a"]
    assert inner == {}
