"""The documentation says what the code does: help texts, settings, schemas, links, paths."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

import import_graph
import output_schemas
import refresh_docs
from elysium.api import Workspace
from elysium.check import Rule, registry
from elysium.plans.deploying.application import Application
from elysium.scaffold import Library
from elysium.settings import read_settings, schema
from tests.repositories import CLUSTER, kustomization, write_repository

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "bench").glob("*.md"))]
COMMAND_PAGES = sorted((ROOT / "docs" / "commands").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")


def identity(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=identity)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(f"{target}#{anchor}")
    assert broken == []


@pytest.mark.parametrize("page", COMMAND_PAGES, ids=identity)
def test_a_command_page_shows_the_help_text_as_it_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert refresh_docs.HELP_BLOCK.search(text)
    assert refresh_docs.with_help(text) == text


def test_the_page_of_components_names_every_component_and_chart() -> None:
    text = (ROOT / "docs" / "components.md").read_text(encoding="utf-8")
    assert refresh_docs.with_components(text) == text


OPTION = re.compile(r"(?<=[\s\[(])(--[a-z][a-z-]+|-[a-z])\b")
COMMAND_LINE = re.compile(r"(?:^|[`|$ /])elysium ([a-z]+)((?: [^`|&>#\n]*)?)", re.MULTILINE)


def options_of(page: Path) -> set[str]:
    shown = refresh_docs.HELP_BLOCK.finditer(page.read_text(encoding="utf-8"))
    return {"--help", *(option for block in shown for option in OPTION.findall(block[0]))}


def answers(command: str) -> set[str]:
    """What `elysium init`, `new` and `plan new` take as options, too: every parameter of every component, and every key
    of an application.
    """
    names = {item.name for component in Library().components() for item in component.parameters}
    if command == "plan":
        names |= {field.encode_name.replace("_", "-") for field in msgspec.structs.fields(Application)}
    return {f"--{name}" for name in names} if command in ("init", "new", "plan") else set()


@pytest.mark.parametrize("page", PAGES, ids=identity)
def test_the_options_that_a_page_names_exist(page: Path) -> None:
    unknown = []
    for command, arguments in COMMAND_LINE.findall(page.read_text(encoding="utf-8")):
        described = ROOT / "docs" / "commands" / f"{command}.md"
        if described in COMMAND_PAGES:
            named = set(OPTION.findall(arguments))
            known = options_of(described) | answers(command)
            unknown += [f"elysium {command} {option}" for option in named - known]
    assert unknown == []


@pytest.mark.parametrize("name", ["check", "render"])
def test_the_schema_of_the_output_is_current(name: str) -> None:
    committed = (ROOT / "docs" / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert refresh_docs.as_text(output_schemas.schemas()[name]) == committed


def test_the_import_graph_is_current() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert import_graph.renewed(page) == page


def test_every_package_stands_in_the_directory_table() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = [path.parent.name for path in (ROOT / "src" / "elysium").glob("*/__init__.py")]
    assert [package for package in packages if f"`src/elysium/{package}`" not in page] == []


@pytest.mark.parametrize("record", [schema.Settings, schema.ClusterSettings, schema.NodeSettings, schema.Ignore])
def test_every_setting_is_documented(record: type[msgspec.Struct]) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    fields = [field.encode_name for field in msgspec.structs.fields(record) if field.name != "line"]
    if record is schema.Settings:
        assert set(fields) == set(re.findall(r"^### (\S+)$", page, re.MULTILINE))
    assert [field for field in fields if f"`{field}`" not in page and f"### {field}" not in page] == []


def test_the_example_settings_can_be_read() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for example in re.findall(r"```toml\n(.*?)```", page, re.DOTALL):
        settings = read_settings(ROOT, text=example)
        assert len(tomllib.loads(example)) > 0
        assert settings.ignore[0].reason


@pytest.mark.parametrize("page", ["policies.md", "suppressing.md"])
def test_settings_on_other_pages_can_be_read(page: str) -> None:
    for example in re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL):
        settings = read_settings(ROOT, text=example)
        assert settings.policy or settings.ignore


def test_yaml_on_the_pages_can_be_read(repository: Path) -> None:
    files = {
        f"examples/{page.stem}-{number}.yaml": text
        for page in PAGES
        for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    }
    write_repository(repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), **files})
    with Workspace(repository) as workspace:
        report = workspace.check(rules=("yaml-syntax", "duplicate-key"))
    meant = {"examples/yaml-syntax-0.yaml", "examples/duplicate-key-0.yaml"}
    assert len(files) > len(registry.rules())
    assert {finding.file for finding in report.findings} == meant


def test_the_workflows_of_the_recipes_are_as_the_rules_want_them(repository: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    recipes = [text for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "jobs:" in text]
    assert len(recipes) == 3
    files = {f".github/workflows/{number}.yaml": text for number, text in enumerate(recipes)}
    write_repository(repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), **files})
    with Workspace(repository) as workspace:
        report = workspace.check(profile="strict")
    found = {finding.rule for finding in report.findings if finding.file in files}
    assert found == {"workflow-unpinned-action"}


def test_the_index_of_rules_is_current() -> None:
    assert refresh_docs.rules_page() == (ROOT / "docs" / "rules" / "index.md").read_text(encoding="utf-8")


def test_the_page_of_checklists_is_current() -> None:
    assert refresh_docs.checklists_page() == (ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", registry.rules(), ids=lambda rule: rule.id)
def test_the_page_of_a_rule_says_what_it_is_and_shows_bad_and_good(rule: Rule) -> None:
    text = (ROOT / "docs" / "rules" / f"{rule.id}.md").read_text(encoding="utf-8")
    assert refresh_docs.with_rule_line(text, rule) == text
    assert text.startswith(f"# {rule.id}\n\n{refresh_docs.rule_line(rule)}\n\n")
    for part in ("\n## Why\n", "\n## Bad\n", "\n## Good\n", "\n## Accept it\n"):
        assert part in text


def test_every_decision_has_its_parts_and_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for record in folder.glob("0*.md"):
        text = record.read_text(encoding="utf-8")
        assert record.name in index
        for part in ("\nStatus: ", "\n## Context\n", "\n## Decision\n", "\n## Consequences\n", "\n## Non-goals\n"):
            assert part in text, f"{record.name} lacks {part.strip()}"


def test_the_questions_of_a_python_program_have_the_answers_that_the_page_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = (ROOT / "docs" / "evaluate.md").read_text(encoding="utf-8")
    program, shown = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[0] for kind in ("python", "text"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout == shown


README_RUN = re.compile(r"^\$ \./elysium (.+)\n((?:(?!```).*\n)*)", re.MULTILINE)
README_RUNS = README_RUN.findall((ROOT / "README.md").read_text(encoding="utf-8"))


LEFT_OUT = "…"


def without_what_varies(text: str) -> list[str]:
    masked = re.sub(r"\S+@sha1:\w+(\+changes)?|\d+\.\d+ s(, from the cache)?|(?<=\S) {2,}", "~", text)
    return [line.rstrip("~ ") for line in masked.splitlines()]


@pytest.mark.parametrize(("arguments", "shown"), README_RUNS, ids=[arguments for arguments, _ in README_RUNS])
def test_the_readme_shows_what_the_commands_print(
    arguments: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELYSIUM_CACHE", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    command = [sys.executable, "-m", "elysium", *shlex.split(arguments)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert printed.stderr == ""
    actual = without_what_varies(printed.stdout)
    assert [line for line in without_what_varies(shown) if line not in (*actual, LEFT_OUT)] == []


def test_the_two_commands_of_the_readme_exist() -> None:
    commands = re.findall(r"^\$ \./(.+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"elysium check examples/kyrion", "dev test"} <= set(commands)
    for starter in ("elysium", "dev"):
        assert (ROOT / starter).stat().st_mode & 0o111
    listed = [sys.executable, str(ROOT / "dev"), "test", "--list"]
    assert "python" in subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
