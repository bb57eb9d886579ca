"""No rule stumbles over an object that is not what it should be: any value may stand anywhere in a manifest."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.api import Workspace

FIXTURES = Path(__file__).parent / "fixtures"
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1 << 70,
    0.5,
    "",
    " ",
    "a: b",
    "${VAR}",
    "é\u202e\x00",
    "9" * 400,
    [],
    {},
    [None],
    [[]],
    {"": None},
    [{"name": None}],
    {"name": ["x"]},
)
RUNS = 12


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    """Every object of every fixture that is a file of objects."""
    found: list[dict[str, Any]] = []
    with Workspace() as workspace:
        for path in sorted(FIXTURES.glob("*/*.yaml")):
            if path.parent.name != "yaml-syntax":
                answer = workspace.pool.call("yaml.decode", {"text": path.read_text(encoding="utf-8")})
                found += [item for item in answer["documents"] if isinstance(item, dict)]
    return found


def nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every place below a value, as the container and the key."""
    places: list[tuple[Any, Any]] = []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        places.append((value, key))
        places += nodes(entry)
    return places


def copy_of(value: Any) -> Any:
    return json.loads(json.dumps(value))


def disturbed(item: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The object with up to three values replaced by odd ones; what it is stays, so that rules look at it."""
    copy: dict[str, Any] = copy_of(item)
    for _ in range(chance.randint(1, 3)):
        places = [(box, key) for box, key in nodes(copy) if box is not copy or key not in ("apiVersion", "kind")]
        if places:
            box, key = chance.choice(places)
            box[key] = copy_of(chance.choice(ODD))
    return copy


@pytest.mark.parametrize("seed", range(RUNS))
def test_every_rule_survives_odd_objects(seed: int, objects: list[dict[str, Any]]) -> None:
    chance = random.Random(seed)
    stream = b"\n---\n".join(msgspec.json.encode(disturbed(item, chance)) for item in objects)
    with Workspace() as workspace:
        report = workspace.check_objects(stream, profile="strict")
    assert report.summary.objects > len(objects) / 2
