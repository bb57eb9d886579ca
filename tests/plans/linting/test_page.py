"""The page about lints: every lint is there, with the severity it has, and what it advises is known to the parser."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from elysium.plans import kinds
from elysium.plans.document import annotating
from elysium.plans.linting import LINTS, lints

_PAGE = (Path(__file__).parents[3] / "docs" / "plans" / "lint.md").read_text(encoding="utf-8")
_SECTIONS = dict(re.findall(r"^### (\S+)\n\n(.*?)(?=\n##|\Z)", _PAGE, re.MULTILINE | re.DOTALL))


def test_every_lint_is_on_the_page_in_the_order_in_which_it_runs() -> None:
    assert list(_SECTIONS) == [each.name for each in LINTS]


def test_severities_are_as_they_are() -> None:
    for each in LINTS:
        assert _SECTIONS[each.name].startswith(each.severity.value.capitalize()), each.name


def test_the_practices_are_below_their_own_heading() -> None:
    practices = _PAGE[_PAGE.index("## The seven practices") :]
    assert re.findall(r"^### (\S+)", practices, re.MULTILINE) == [each.name for each in LINTS if each.strict]


def test_kinds_and_keys_that_the_page_names_exist() -> None:
    keys = annotating.ITEM_KEYS | annotating.PART_KEYS | annotating.DOCUMENT_KEYS
    assert set(re.findall(r"`(\w+)=", _PAGE)) <= keys
    assert all(f"`{name}`" in _SECTIONS["unknown-kind"] for name in kinds.KINDS)


def test_links_of_the_page_lead_somewhere() -> None:
    folder = Path(__file__).parents[3] / "docs" / "plans"
    assert all((folder / target).is_file() for target in re.findall(r"\]\(([^)#]+)\)", _PAGE))


def test_a_lint_is_a_module_of_its_name_and_knows_no_other_lint() -> None:
    for each in LINTS:
        name = each.name.replace("-", "_")
        module = importlib.import_module(f"elysium.plans.linting.lints.{name}")
        assert module.LINT is each
        assert module.__all__ == ["LINT"]
        assert "linting.lints" not in Path(module.__file__ or "").read_text(encoding="utf-8")
    modules = {path.stem for path in Path(lints.__file__).parent.glob("[a-z]*.py")}
    assert modules == {each.name.replace("-", "_") for each in LINTS}
