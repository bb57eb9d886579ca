"""The page about checks says of every verb what the registry says, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from elysium.plans import checks
from elysium.plans.checks.verb import Verb

_PAGE = Path(__file__).parents[3] / "docs" / "plans" / "checks.md"


def _entry(verb: Verb) -> str:
    consent = "\n\nNeeds `--live`." if verb.live else "\n\nNeeds `--allow-commands`." if verb.command else ""
    return f"### {verb.name}\n\n`{verb.usage}`\n\n{verb.summary}{consent}\n\n```text\n{verb.example}\n```\n"


def test_every_verb_is_on_the_page() -> None:
    listed = _PAGE.read_text(encoding="utf-8").partition("## The verbs\n\n")[2]
    assert listed == "\n".join(map(_entry, checks.VERBS.values())), "the page differs from the registry"


def test_the_facts_of_a_host_on_the_page_are_those_that_are_read(tmp_path: Path) -> None:
    from tests.plans.checks.asking import opened, result, write

    text = _PAGE.read_text(encoding="utf-8")
    (facts,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    written = re.findall(r"`([^`]+)`", text.partition("| written |")[2].partition("## The verbs")[0])
    told = [word for word in written if re.match(r"(cpu|memory|disk|port|service|timer|user|module|package)\b", word)]
    with opened(write(tmp_path, {"server.json": facts})) as world:
        assert [word for word in told if result(world, f"host server.json {word}") != "pass"] == []
    assert len(told) > 10
