"""The objects of a render in their forms."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path

from elysium.model import Failure, Need, Origin, Render, RenderedObject, Unit, UnitId, UnitKind, UnitState
from elysium.present.rendered import write_files, write_json, write_names, write_yaml


def item(unit: UnitId, name: str) -> RenderedObject:
    raw = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}).encode()
    return RenderedObject(
        api_version="v1", kind="ConfigMap", namespace="", name=name, origin=Origin(unit=unit), raw=raw
    )


def render(*units: Unit) -> Render:
    return Render(revision="main@sha1:1", digest="", flux="2.9", kubernetes="1.37", clusters=("c",), units=units)


def unit(name: str, *objects: str, namespace: str = "web", cluster: str = "c") -> Unit:
    identity = UnitId(cluster, UnitKind.KUSTOMIZATION, namespace, name)
    return Unit(id=identity, state=UnitState.RENDERED, objects=tuple(item(identity, entry) for entry in objects))


def encode(objects: Iterable[RenderedObject]) -> str:
    return "---\n".join(f"name: {entry.name}\n" for entry in objects)


def test_documents_are_separated_within_and_between_units() -> None:
    out = io.BytesIO()
    write_yaml(render(unit("a", "one", "two"), unit("empty"), unit("b", "three")), out, encode)
    assert out.getvalue() == b"name: one\n---\nname: two\n---\nname: three\n"


def test_nothing_is_written_for_nothing() -> None:
    out = io.BytesIO()
    write_yaml(render(unit("empty")), out, encode)
    write_names(render(unit("empty")), out)
    assert out.getvalue() == b""


def test_json_tells_what_would_make_an_unknown_unit_known() -> None:
    failure = Failure(code="source", message="not here", need=Need(remedy="elysium fetch"), hint="or map it")
    unknown = Unit(id=unit("u").id, state=UnitState.UNKNOWN, failure=failure)
    out = io.BytesIO()
    write_json(render(unit("a", "one"), unknown), out)
    record = json.loads(out.getvalue())
    assert (record["version"], record["revision"]) == (1, "main@sha1:1")
    assert record["units"][0]["objects"][0]["metadata"]["name"] == "one"
    assert (record["units"][1]["state"], record["units"][1]["reason"]) == ("unknown", "not here")
    assert record["units"][1]["remedy"] == "elysium fetch"


def test_files_stay_below_their_directory_whatever_units_are_called(tmp_path: Path) -> None:
    target = tmp_path / "out"
    odd = unit("../../name", "one", namespace="..", cluster="../clusters/./x")
    written = list(write_files(render(odd, unit("a", "two"), unit("empty")), target, encode))
    assert len(written) == 2
    assert all(path.resolve().is_relative_to(target.resolve()) for path in written)
    assert written[1] == target / "c" / "ks" / "web" / "a.yaml"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
