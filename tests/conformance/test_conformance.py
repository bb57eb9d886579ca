"""Every case of the corpus, for every Flux version: equal to what Flux's own libraries make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .comparing import differences
from .corpus import cases, expectation, render

CORPUS = dict(cases())


@pytest.mark.parametrize(("name", "flux"), [(name, flux) for name, case in CORPUS.items() for flux in case.flux])
def test_elysium_renders_what_flux_renders(name: str, flux: str, tmp_path: Path) -> None:
    case = CORPUS[name]
    units = render(name, case, flux, tmp_path / "work", tmp_path / "cache")
    found = differences(case, expectation(name, flux), units)
    assert not found, f"{case.title} ({case.row}):\n" + "\n".join(found)


def test_the_corpus_covers_every_chapter() -> None:
    chapters = {name.partition("-")[0] for name in CORPUS}
    assert chapters >= {f"c{number}" for number in range(1, 11)}
    assert len(CORPUS) >= 80


def test_the_published_table_has_every_case() -> None:
    text = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text()
    missing = [name for name in CORPUS if f"| `{name}` |" not in text]
    assert not missing, f"run `python -m tests.conformance.table`: {missing}"
    assert "| different |" not in text
