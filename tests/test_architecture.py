"""What the import contracts cannot say: one name in four places, a documented API, rooms of a liveable size."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "elysium"
MODULES = sorted(PACKAGE.rglob("*.py"))
PACKAGES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
TOOLS = [*sorted((ROOT / "scripts").glob("*.py")), *sorted((ROOT / "bench").glob("*.py")), ROOT / "hatch_build.py"]
GO_SOURCES = [*sorted((ROOT / "engine").rglob("*.go")), *sorted((ROOT / "controlplane").rglob("*.go"))]
GO_FILES = [path for path in GO_SOURCES if not path.name.endswith("_test.go")]

MODULE_LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 6

# Written in halves, so that this file does not find itself.
LEFT_OPEN = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError", r"mark\." + "skip", r"t\." + r"Skip\("])
)


def names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def identity(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("module", names(PACKAGE / "check" / "rules"))
def test_a_rule_has_its_page_and_its_fixtures(module: str) -> None:
    rule = module.replace("_", "-")
    assert importlib.import_module(f"elysium.check.rules.{module}").RULE.id == rule
    assert (ROOT / "docs" / "rules" / f"{rule}.md").is_file()
    assert (ROOT / "tests" / "check" / "fixtures" / rule).is_dir()


@pytest.mark.parametrize("command", names(PACKAGE / "cli" / "commands"))
def test_a_command_has_its_page_and_is_registered(command: str) -> None:
    from elysium.cli.main import COMMANDS

    assert command in COMMANDS
    assert (ROOT / "docs" / "commands" / f"{command}.md").is_file()


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_exports_is_documented(package: str) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    section = re.search(rf"^## elysium\.{package}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section is not None, f"docs/api.md has no section for elysium.{package}"
    documented = re.findall(r"^- `(\w+)`", section[1], re.MULTILINE)
    assert sorted(documented) == sorted(importlib.import_module(f"elysium.{package}").__all__)


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE_LINES
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", [*MODULES, *TOOLS], ids=identity)
def test_a_function_is_small(path: Path) -> None:
    long = [node.name for node in functions(path) if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_function_has_few_parameters(path: Path) -> None:
    commands = PACKAGE / "cli" / "commands"
    if path.parent == commands:  # there a parameter is an option of the command line
        return
    crowded = []
    for node in functions(path):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        if len([argument for argument in arguments if argument.arg not in {"self", "cls"}]) > PARAMETERS:
            crowded.append(node.name)
    assert crowded == []


@pytest.mark.parametrize("path", GO_FILES, ids=identity)
def test_a_go_file_is_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE_LINES
    bodies = re.findall(r"^func [^\n]*\{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    assert max((body.count("\n") for body in bodies), default=0) < FUNCTION_LINES


def test_nothing_is_left_open() -> None:
    everything = [*MODULES, *TOOLS, *GO_SOURCES, *(ROOT / "tests").rglob("*.py")]
    found = [identity(path) for path in everything if LEFT_OPEN.search(path.read_text(encoding="utf-8"))]
    assert found == []
