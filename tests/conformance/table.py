"""Writes docs/conformance.md from the corpus: `python -m tests.conformance.table` renders every case on the way."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from elysium.settings import FLUX_VERSIONS

from .comparing import differences
from .corpus import Case, cases, expectation, render

__all__ = ["page"]

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"

CHAPTERS = {
    "c1": "C1. Building a Kustomization",
    "c2": "C2. Substitution",
    "c3": "C3. Values of a HelmRelease",
    "c4": "C4. Releases and charts",
    "c5": "C5. Post renderers, metadata, hooks",
    "c6": "C6. Definitions in charts",
    "c7": "C7. Kustomization files, ignore rules, paths",
    "c8": "C8. What the apply makes of it",
    "c9": "C9. Order, sources, readiness",
    "c10": "C10. ResourceSets, encryption, the cluster",
    "plain": "Kustomize alone",
}


def page() -> str:
    """The page, with the verdict of this very run in every row."""
    rows = [(name, case, {flux: _verdict(name, case, flux) for flux in case.flux}) for name, case in cases()]
    parts = [_text("introduction.md"), _summary([verdicts for _, _, verdicts in rows])]
    order = list(CHAPTERS)
    rows.sort(key=lambda row: (order.index(row[0].partition("-")[0]), row[0]))
    for chapter, found in groupby(rows, key=lambda row: row[0].partition("-")[0]):
        parts.append("\n".join([f"## {CHAPTERS[chapter]}", "", *_table(list(found)), ""]))
    return "\n".join([*parts, _text("undecided.md")])


def _text(name: str) -> str:
    return (Path(__file__).parent / "page" / name).read_text()


def _verdict(name: str, case: Case, flux: str) -> str:
    with tempfile.TemporaryDirectory() as directory:
        units = render(name, case, flux, Path(directory) / "work", Path(directory) / "cache")
        return "different" if differences(case, expectation(name, flux), units) else "equal"


def _summary(verdicts: list[dict[str, str]]) -> str:
    lines = ["| Flux | cases | equal |", "|---|---|---|"]
    for flux in FLUX_VERSIONS:
        counted = Counter(item[flux] for item in verdicts if flux in item)
        lines.append(f"| {flux} | {counted.total()} | {counted['equal']} |")
    return "\n".join([*lines, ""])


def _table(rows: list[tuple[str, Case, dict[str, str]]]) -> Iterator[str]:
    yield "| Case | What it shows | " + " | ".join(f"Flux {flux}" for flux in FLUX_VERSIONS) + " | Decided by |"
    yield "|---" * (3 + len(FLUX_VERSIONS)) + "|"
    for name, case, verdicts in rows:
        title = case.title.replace("|", "\\|")
        states = " | ".join(verdicts.get(flux, "—") for flux in FLUX_VERSIONS)
        yield f"| `{name}` | {title} ({case.row}) | {states} | {_origin(case)} |"


def _origin(case: Case) -> str:
    if case.decided_by == "controller":
        return "controller"
    return "by hand" if case.derived == "hand" else "library"


if __name__ == "__main__":
    PAGE.write_text(page())
