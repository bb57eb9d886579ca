"""Repositories with many components at once: the rows of a covering array over all components and their options.

What does not go together by the components' own rules is in no row; what a component needs is. The array is kept in
array.json, because looking for it takes a while; `python -m tests.scaffold.combinations` writes it anew, and a test
holds it against the components.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from elysium.api import Options, Request, Scaffolder, Workspace, write_scaffold
from elysium.api.initializing import Wanted, begin_repository, fresh_repository
from elysium.scaffold import charts_in, images_in
from tests.scaffold.choices import HERE, Instance, answers, apart, factors, instances
from tests.scaffold.covering import Row, Space, covering, unmet
from tests.scaffold.feasible import extended, needed, whole
from tests.scaffold.harness import sealing_key, sources
from tests.scaffold.polishing import polished, strongest

__all__ = ["MOST", "SPACE", "WRITE_ANEW", "combination", "in_order", "rows"]

ARRAY = HERE / "array.json"
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
SPACE = Space(factors(), extended, apart())
MOST = 60
WRITE_ANEW = "PYTHONPATH=src:. python -m tests.scaffold.combinations"
_ATTEMPTS, _WEAKEST = 40, 3
"""How often it is tried again, with other rows in the place of those that matter least."""


def rows() -> list[Row]:
    """The array."""
    packed: dict[str, list[str]] = json.loads(ARRAY.read_text(encoding="utf-8"))
    return [
        {name: values[_SIGNS.index(signs[number])] for name, (signs, *values) in packed.items() if signs[number] != "."}
        for number in range(len(next(iter(packed.values()))[0]))
    ]


def _packed(found: list[Row]) -> str:
    """Rows as text: for each factor one sign per row, a dot where it is absent, and the values that the signs mean."""
    lines = []
    for name in sorted({name for row in found for name in row}):
        values = sorted({row[name] for row in found if name in row})
        signs = "".join(_SIGNS[values.index(row[name])] if name in row else "." for row in found)
        lines.append(f"{json.dumps(name)}: {json.dumps([signs, *values])}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def combination(row: Row, root: Path) -> Path:
    """The repository of one row: first what runs in the cluster, then the workflows, which look at what is there."""
    cluster, *there = in_order(needed(row))
    _begin(cluster, row, root)
    with Workspace(root, options=Options(sources=sources())) as workspace:
        scaffolder = Scaffolder.of(workspace)
    for last in (False, True):
        for instance in there:
            if instance.component.startswith("workflow/") == last:
                scaffolder.add(_request(instance, row), needs=True)
        write_scaffold(scaffolder.result)
        scaffolder = _next(root, scaffolder)
    return root


def _begin(cluster: Instance, row: Row, root: Path) -> None:
    """What `elysium init` writes."""
    certificate = root.parent / "certificate.pem"
    certificate.write_text(sealing_key()[1])
    given = {key: value for key, value in _request(cluster, row).answers.items() if key != "certificate"}
    wanted = Wanted(cluster=cluster.name, answers=given, certificate=certificate)
    begin_repository(fresh_repository(root, wanted))


def _next(root: Path, before: Scaffolder) -> Scaffolder:
    """A scaffolder that has looked at the repository again, for the charts and images that were written."""
    files = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    facts = msgspec.structs.replace(before.facts, charts=charts_in(files), images=images_in(files))
    return Scaffolder(root, before.library, facts, sealing_key()[1])


def in_order(needs: Mapping[str, tuple[str, ...]]) -> list[Instance]:
    """What is there, each behind what it needs, as far as that is possible: some need each other."""
    found: dict[str, Instance] = {}
    begun: set[str] = set()

    def take(name: str) -> None:
        if name not in begun:
            begun.add(name)
            for other in needs[name]:
                take(other)
            found[name] = instances()[name]

    for name in needs:
        take(name)
    return list(found.values())


def _request(instance: Instance, row: Row) -> Request:
    """What a row wants of an instance."""
    kind, _, rest = instance.component.partition("/")
    preset = rest.removeprefix("presets/") if rest.startswith("presets/") else ""
    prefix = f"{instance.id} "
    chosen = {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
    return Request(kind=kind, name=instance.name, preset=preset, answers=answers(instance, chosen))


def main() -> None:
    """Write the array anew, from the rows that there are as far as they still go together; say what does not meet."""
    begun = [_kept(row) for row in rows()]
    fewest = None
    for number in range(_ATTEMPTS):
        found = polished(SPACE, covering(SPACE, begun, seed=number, most=MOST), seed=number)
        left = len(unmet(SPACE, found))
        print(f"{len(factors())} factors, {len(found)} rows, {left} pairs that could meet and do not", flush=True)
        if fewest is None or left <= fewest:
            fewest, best = left, found
            ARRAY.write_text(_packed(found), encoding="utf-8")
        if not left:
            break
        begun = strongest(SPACE, best, MOST - _WEAKEST)


def _kept(row: Row) -> Row:
    """What of a row is still there and goes together."""
    known = {name: value for name, value in row.items() if value in factors().get(name, ())}
    if together := whole(known):
        return together
    kept: Row = {}
    for name, value in known.items():
        kept = extended(kept, {name: value}) or kept
    return kept


if __name__ == "__main__":
    main()
