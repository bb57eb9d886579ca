#!/usr/bin/env python3
"""Write the parts of the documentation that follow from the code: exports, help texts, schemas, the import graph.

Run it with the checkout's environment: .venv/bin/python scripts/refresh_docs.py
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import import_graph
import output_schemas
import rehearse_cases
from elysium.check import Rule, Selection, checklists, registry
from elysium.scaffold import Library

ROOT = Path(__file__).resolve().parent.parent
HELP_BLOCK = re.compile(r"```console\n\$ (elysium [a-z -]*--help)\n.*?```", re.DOTALL)
API_HEAD = """# What the packages export

Written by `scripts/refresh_docs.py`. `elysium.api` is the Python API: it is what the command line itself uses.
The other packages are named here because nothing else of them may be used from outside; ARCHITECTURE.md tells who may
use whom.
"""

COMPONENTS = re.compile(r"<!-- components -->.*?<!-- end -->", re.DOTALL)
CHARTS = re.compile(r"<!-- versions -->.*?<!-- end -->", re.DOTALL)
RULE_LINE = re.compile(r"^\*(?:error|warning|info)\* · .*$", re.MULTILINE)
RULES_HEAD = """# Rules

Written by `scripts/refresh_docs.py`. A rule has one name in four places: its id, its module in
`src/elysium/check/rules`, its fixtures in `tests/check/fixtures` and its page here. The `strict` profile runs every
rule, `review` those of `default`, too; severities can be changed in [`elysium.toml`](../settings.md#rules).
"""


CHECKLISTS_HEAD = """# Checklists

Written by `scripts/refresh_docs.py`. These are the lists that people work through by hand: what to do before a commit,
what a review looks at, the parts of a security section, the principles of GitOps. `elysium check --profile NAME` begins
with the lines of the list: ✓ nothing found, ✗ found, ? not decided, with the reason. `-o json` has them as `checklist`.
A line passes when its rules find nothing; one that is about builds is undecided while a unit is unknown offline.
With `--since` the lines are about the change only.
"""


def help_text(command: str) -> str:
    """What `elysium … --help` prints on a terminal of 100 columns without colours."""
    environment = dict(os.environ, COLUMNS="100", NO_COLOR="1", TERM="dumb", PYTHONPATH=str(ROOT / "src"))
    arguments = [sys.executable, "-m", *command.split()]
    printed = subprocess.run(arguments, env=environment, capture_output=True, encoding="utf-8", check=True).stdout
    return "\n".join(line.rstrip() for line in printed.strip().splitlines())


def with_help(text: str) -> str:
    """The page `text` with its help blocks as they are now."""
    return HELP_BLOCK.sub(lambda block: f"```console\n$ {block[1]}\n{help_text(block[1])}\n```", text)


def api_page() -> str:
    """The content of docs/api.md."""
    packages = sorted(path.parent.name for path in (ROOT / "src" / "elysium").glob("*/__init__.py"))
    return "\n".join([API_HEAD, *(_package(importlib.import_module(f"elysium.{name}")) for name in packages)])


def rules_page() -> str:
    """The content of docs/rules/index.md: every rule by topic."""
    by_topic: dict[str, list[str]] = {}
    for rule in registry.rules():
        row = f"| [{rule.id}]({rule.id}.md) | {rule.severity.value} | {', '.join(rule.profiles)} | {rule.summary} |"
        by_topic.setdefault(rule.topic.value, []).append(row)
    head = "| rule | severity | profiles | finds |\n|---|---|---|---|\n"
    parts = [f"## {topic}\n\n{head}" + "\n".join(rows) + "\n" for topic, rows in by_topic.items()]
    return "\n".join([RULES_HEAD, *parts])


def checklists_page() -> str:
    """The content of docs/checklists.md: for each line of a checklist, the rules that it is made of."""
    return "\n".join([CHECKLISTS_HEAD, *(_checklist(name) for name in checklists.CHECKLISTS)])


def with_components(text: str) -> str:
    """The page `text` with the tables of components and of the charts that they install, as they are now."""
    rows = [f"| `{item.command}` | {item.summary} |" for item in Library().components()]
    listed = "| `elysium new …` | writes |\n|---|---|\n" + "\n".join(rows)
    text = COMPONENTS.sub(f"<!-- components -->\n{listed}\n<!-- end -->", text)
    charts = "| chart | repository | version |\n|---|---|---|\n" + "\n".join(sorted(_charts()))
    return CHARTS.sub(f"<!-- versions -->\n{charts}\n<!-- end -->", text)


def _charts() -> Iterator[str]:
    """One row per chart that the tests have a stand-in for: it has the name and the version of the real one."""
    folder = ROOT / "tests" / "scaffold" / "charts"
    for url, place in tomllib.loads((folder / "map.toml").read_text(encoding="utf-8")).items():
        for file in (folder / place).glob("*/Chart.yaml"):
            fields = dict(
                re.findall(r"^(name|version): *\"?([^\s\"]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
            )
            yield f"| {fields['name']} | `{url}` | {fields['version']} |"


def _checklist(profile: str) -> str:
    known = checklists.CHECKLISTS[profile]
    loaded = [rule.rule for rule in Selection(profile=profile).load()]
    rows = []
    for number, line in enumerate(known.lines, 1):
        own = [rule.id for rule in loaded if line in checklists.lines_of_rule(known, rule.id, rule.topic)]
        links = ", ".join(f"[{name}](rules/{name}.md)" for name in own)
        text = "; ".join(part for part in (links, line.unchecked and f"*not decided here: {line.unchecked}*") if part)
        rows.append(f"| {number} | {line.title} | {text} |")
    head = f"## {profile}: {known.title}\n\n| | line | rules |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def rule_line(rule: Rule) -> str:
    """What the page of a rule says below its title."""
    profiles = ", ".join((*rule.profiles, "strict"))
    return f"*{rule.severity.value}* · {rule.topic.value} · profiles: {profiles}"


def with_rule_line(text: str, rule: Rule) -> str:
    """The page `text` with that line as it is now."""
    return RULE_LINE.sub(rule_line(rule), text, count=1)


def _package(package: ModuleType) -> str:
    exported = "".join(f"- `{name}`{_summary(getattr(package, name))}\n" for name in sorted(package.__all__))
    return f"## {package.__name__}\n\n{_first_sentence(package.__doc__)}\n\n{exported}"


def _summary(thing: object) -> str:
    if not (inspect.isclass(thing) or inspect.isfunction(thing)):
        return ""
    summary = _first_sentence(thing.__doc__)
    return f": {summary}" if summary and not summary.startswith(thing.__name__ + "(") else ""


def _first_sentence(text: str | None) -> str:
    paragraph = " ".join((text or "").strip().split("\n\n")[0].split())
    return re.split(r"(?<=[.])\s", paragraph)[0]


def main() -> None:
    """Write everything."""
    (ROOT / "docs" / "api.md").write_text(api_page(), encoding="utf-8")
    for page in sorted((ROOT / "docs" / "commands").glob("*.md")):
        page.write_text(with_help(page.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / "docs" / "rules" / "index.md").write_text(rules_page(), encoding="utf-8")
    (ROOT / "docs" / "rehearse-cases.md").write_text(rehearse_cases.page(), encoding="utf-8")
    (ROOT / "docs" / "checklists.md").write_text(checklists_page(), encoding="utf-8")
    for rule in registry.rules():
        page = ROOT / "docs" / "rules" / f"{rule.id}.md"
        page.write_text(with_rule_line(page.read_text(encoding="utf-8"), rule), encoding="utf-8")
    for name, schema in output_schemas.schemas().items():
        (ROOT / "docs" / "schemas" / f"{name}.json").write_text(as_text(schema), encoding="utf-8")
    components = ROOT / "docs" / "components.md"
    components.write_text(with_components(components.read_text(encoding="utf-8")), encoding="utf-8")
    architecture = ROOT / "ARCHITECTURE.md"
    architecture.write_text(import_graph.renewed(architecture.read_text(encoding="utf-8")), encoding="utf-8")


def as_text(schema: object) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    main()
