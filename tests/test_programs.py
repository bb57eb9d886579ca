"""The programs that the tests need are there, and CONTRIBUTING.md names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import programs


@pytest.mark.parametrize("name", programs.MACHINE)
def test_a_program_of_the_machine_is_there_and_named(name: str) -> None:
    assert programs.program(name)
    assert f"`{name}`" in (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_a_missing_one_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match=r"the tests need make, and it is not there: .*CONTRIBUTING\.md"):
        programs.run(tmp_path, "make")
