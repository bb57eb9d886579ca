"""Contradictions X.1 to X.24: `elysium plan status` names both places of each in documents of the same shapes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.plans.importing.documents import bytes_of, text_of
from tests.plans.requirements.calling import elysium, told, write

CASES = [
    pytest.param("planning-mode", "suspension", "suspending apps stops everything else", 1, id="X.4"),
    pytest.param("planning-mode", "examples", "has no 'Step 0'", 2, id="X.5-step"),
    pytest.param("planning-mode", "examples", "has no 'Requirements: Prerequisites'", 2, id="X.5-prerequisites"),
    pytest.param("planning-mode", "examples", "has no 'Requirements: Resources'", 2, id="X.5-resources"),
    pytest.param("handbook", "frequencies", "rotate", 2, id="X.6"),
    pytest.param("handbook", "key-backups", "a new one every 30 days", 1, id="X.7"),
    pytest.param("handbook", "lists", "Zipkin: in one list and not in the other", 2, id="X.9-lists"),
    pytest.param("handbook", "frequencies", "flux update: daily here, monthly there", 2, id="X.9-rhythm"),
    pytest.param("staging-environments", "node-ports", "nothing on the node listens there", 2, id="X.10"),
    pytest.param("staging-environments", "owners", "although the list before has one", 2, id="X.13"),
    pytest.param("platform-roadmap", "phase-numbers", "the text calls it phase 2, the headings phase 3", 2, id="X.15"),
    pytest.param("platform-roadmap", "progress", "phase 2 is complete in one place and comes next", 2, id="X.16-next"),
    pytest.param("platform-roadmap", "progress", "phase 2 is complete here and absent", 2, id="X.16-absent"),
    pytest.param("platform-roadmap", "implemented", "implemented in one place, pending in another", 2, id="X.18"),
    pytest.param("platform-roadmap", "marks", "phase 4 is deferred here and pending there", 2, id="X.18-deferred"),
    pytest.param("platform-roadmap", "marks", "phase 5 is pending here and complete there", 2, id="X.19"),
    pytest.param("platform-roadmap", "lists", "tools: in one list and not in the other", 2, id="X.20-namespaces"),
    pytest.param("platform-roadmap", "names", "the non-root user is web here and webuser there", 2, id="X.20-user"),
]


def imported(root: Path, name: str, text: bytes = b"") -> str:
    """A document as a plan, and what importing said."""
    (root / f"{name}.md").write_bytes(text or bytes_of(name))
    block = " --block 1" if name == "planning-mode-example" else ""
    return elysium(root, f"plan import {name}.md -o plan.md --force{block}")


def contradictions(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(root, "plan status plan.md", 1)["contradictions"]
    return found


@pytest.mark.parametrize(("name", "kind", "words", "places"), CASES)
def test_a_contradiction_is_named_with_its_places(
    name: str, kind: str, words: str, places: int, repository: Path
) -> None:
    text = b""
    if kind == "suspension":
        name, text = "planning-mode-example", bytes_of("planning-mode")
    imported(repository, name, text)
    plan = (repository / "plan.md").read_text(encoding="utf-8").splitlines()
    found = next(one for one in contradictions(repository) if one["kind"] == kind and words in one["message"])
    assert len(found["lines"]) == places
    assert not found["registered"]
    bare = re.sub(r"[*`]", "", "\n".join(re.sub(r" <!--.*?-->", "", plan[line - 1]) for line in found["lines"]))
    for quote in found["quotes"]:
        assert re.sub(r"[*`]", "", quote)[:20] in bare
    said = elysium(repository, "plan status plan.md", 1)
    assert found["message"] in " ".join(said.split())


def test_a_phase_is_not_complete_while_its_target_is_put_off(repository: Path) -> None:
    """X.17: a chart that the target names is still to be made."""
    text = text_of("platform-roadmap").replace(
        "2. ⏳ Add basic observability",
        "2. ⏳ Scaffold the storefront chart (Phase 1 extension).\n3. ⏳ Add basic observability",
    )
    imported(repository, "roadmap", text.encode())
    message = "phase 1 is complete in one place, and work of it is pending in another"
    (found,) = [one for one in contradictions(repository) if one["message"] == message]
    assert len(found["lines"]) == 2
    assert "storefront chart" in found["quotes"][1]


def test_deleting_by_command_is_held_against_git(repository: Path) -> None:
    """X.4: the rollback of the example deletes a HelmRelease by hand."""
    imported(repository, "planning-mode-example", bytes_of("planning-mode"))
    found = told(repository, "plan lint plan.md", 1)["findings"]
    (finding,) = [one for one in found if one["lint"] == "imperative-command"]
    plan = (repository / "plan.md").read_text(encoding="utf-8").splitlines()
    assert "kubectl delete hr ledger" in plan[finding["line"] - 1]


@pytest.mark.parametrize(
    ("name", "at", "words"),
    [
        (
            "planning-mode",
            "where there is nothing but an image",
            "X.1: the last resort here; handbook.md:12 says most use it",
        ),
        (
            "platform-roadmap",
            "Create the Dockerfile of the shop.",
            "X.21: beside the package; line 24 builds from the root",
        ),
    ],
)
def test_what_needs_understanding_is_registered_and_counted(name: str, at: str, words: str, repository: Path) -> None:
    """X.1 and X.21: a person writes both places down, and it is reported until it is resolved."""
    imported(repository, name)
    before = told(repository, "plan status plan.md", 1)["summary"]
    text = (repository / "plan.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if at in line)
    noted = (
        f'{line[:-4]} contradiction="{words}" -->'
        if line.endswith("-->")
        else f'{line} <!-- plan: contradiction="{words}" -->'
    )
    write(repository, "plan.md", text.replace(line, noted))
    found = told(repository, "plan status plan.md", 1)
    assert found["summary"]["registered"] == before["registered"] + 1
    (one,) = [each for each in found["contradictions"] if each["registered"]]
    assert (one["message"], one["lines"]) == (words, [text.splitlines().index(line) + 1])
    assert words in " ".join(elysium(repository, "plan status plan.md", 1).split())


SIGNS = "# Road\n\nStatus codes: ✅ complete — 💤 deferred\n\n## Phase 0 – Begin\n\n- Write it ✅\n- Print it 💤\n"


def test_a_copy_whose_encoding_was_broken_is_repaired_and_told(repository: Path) -> None:
    """X.23: signs of marks are recognised again, and status says that the copy was broken."""
    broken = SIGNS.encode().decode("mac_roman")
    assert "✅" not in broken
    imported(repository, "road", broken.encode())
    elysium(repository, "plan export plan.md -o back.md")
    assert (repository / "back.md").read_text(encoding="utf-8") == SIGNS
    (found,) = [one for one in contradictions(repository) if one["kind"] == "encodings"]
    assert "mac-roman" in found["message"]
