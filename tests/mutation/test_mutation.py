"""A correct repository is silent; each of 300 mistakes in it is noticed; taking it back gives silence again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from tests.mutation.mutations import MUTATIONS, Mutation, mutants

KYRION = Path(__file__).resolve().parents[2] / "examples" / "kyrion"
PLACES = 8
SEED = 2026


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(KYRION, tmp_path_factory.mktemp("mutation") / "kyrion"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def findings(repository: Path, cache: Path) -> list[str]:
    with Workspace(repository, options=Options(cache_dir=cache)) as workspace:
        return [str(finding) for finding in workspace.check(profile="strict").findings]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_a_mistake_is_noticed_and_its_end_is_too(mutation: Mutation, repository: Path, cache: Path) -> None:
    chosen = mutants(repository, mutation, PLACES, SEED)
    missed = []
    for mutant in chosen:
        path = repository / mutant.file
        path.write_text(mutant.after, encoding="utf-8")
        try:
            if not findings(repository, cache):
                missed.append(str(mutant))
        finally:
            path.write_text(mutant.before, encoding="utf-8")
    assert chosen
    assert missed == []
    assert findings(repository, cache) == []


def test_there_are_300_mistakes_of_40_kinds() -> None:
    assert len(MUTATIONS) >= 40
    assert sum(len(mutants(KYRION, mutation, PLACES, SEED)) for mutation in MUTATIONS) >= 300
