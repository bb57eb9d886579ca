"""The recorded exchanges of the protocol: our types read every answer, and our client gets the same ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.engine import Answer, EnginePool, Handshake
from elysium.model import IndexedFile
from elysium.render.answers import BuildResult, ChartResult
from elysium.render.resourcesets import ExpandResult

_PAIRS = Path(__file__).parents[2] / "engine" / "protocol" / "pairs"
_TYPES = {
    "handshake": Handshake,
    "kustomization.build": BuildResult,
    "chart.render": ChartResult,
    "resourceset.expand": ExpandResult,
}


def _recordings() -> list[Path]:
    return sorted(_PAIRS.glob("*.json"))


def _exchanges(path: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads(path.read_text())["exchanges"]


def _matches(expected: Any, found: Any) -> bool:
    """`*` in a recording stands for anything, as a key for any keys."""
    if expected in ("*", {"*": "*"}):
        return True
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(_matches(expected[key], found[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_matches, expected, found))
    return bool(expected == found)


def test_there_are_recordings_of_every_method_that_is_asked_here() -> None:
    methods = {exchange["request"]["method"] for path in _recordings() for exchange in _exchanges(path)}
    others = "documents.index positions.find yaml.decode yaml.encode objects.validate cel.evaluate semver.select"
    asked = {*_TYPES, *others.split(), "helm.index", "tree.open"}
    assert asked <= methods


@pytest.mark.parametrize("path", _recordings(), ids=lambda path: path.stem)
def test_our_types_read_every_recorded_answer(path: Path) -> None:
    for exchange in _exchanges(path):
        data = json.dumps(exchange["answer"])
        answer = msgspec.json.decode(data, type=Answer)
        kind = _TYPES.get(exchange["request"]["method"])
        if answer.error is None and kind is not None and '"*"' not in data:
            msgspec.json.decode(answer.result, type=kind)
        if answer.error is None and exchange["request"]["method"] == "documents.index":
            msgspec.convert(json.loads(bytes(answer.result))["files"], list[IndexedFile])


@pytest.mark.parametrize("path", _recordings(), ids=lambda path: path.stem)
def test_our_client_gets_the_recorded_answers(path: Path, tmp_path: Path) -> None:
    recording = json.loads(path.read_text())
    for name, text in (recording.get("files") or {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    with EnginePool(workers=1) as pool:
        for exchange in recording["exchanges"]:
            request = json.loads(json.dumps(exchange["request"]).replace("$ROOT", str(tmp_path)))
            pool.submit(0, request["method"], request.get("params") or {})
            while not pool._done:
                pool._turn()
            _, answer = pool._done.popleft()
            expected = exchange["answer"]
            assert (answer.error is None) == ("error" not in expected), exchange["request"]["method"]
            if answer.error is None:
                found = json.loads(bytes(answer.result).replace(str(tmp_path).encode(), b"$ROOT"))
                assert _matches(expected["result"], found), exchange["request"]["method"]
            else:
                assert answer.error.code == expected["error"]["code"]
