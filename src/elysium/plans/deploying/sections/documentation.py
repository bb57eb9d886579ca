"""Section 8: what is written, where, and what it has to say (requirement 0.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.deploying.lines import Entry, check, code, listing
from elysium.plans.deploying.subject import Subject

__all__ = ["documentation"]

_HEADING = re.compile(r"^##+[ \t]+(.+?)[ \t]*$", re.MULTILINE)


def documentation(subject: Subject) -> str:
    """README, architecture, runbook and troubleshooting; connections, secrets and restores where it has them."""
    return listing(_entries(subject), subject.owner, subject.application.due)


def _entries(subject: Subject) -> Iterator[Entry]:
    file = f"{subject.folder}/README.md"
    text = subject.text(file)
    headings = _HEADING.findall(text)
    checks = (check("exists", file), check("section", file, *headings)) if headings else (check("exists", file),)
    yield Entry(
        id="documentation.readme",
        text=f"**README**: {code(file)}: {', '.join(headings).lower() or 'what it is'}",
        checks=checks,
        files=(file,),
    )
    diagram = "```mermaid" in text
    words = (
        f"the diagram in {code(file)} shows who talks to whom"
        if diagram
        else f"{code(file)} says where it is and who reaches it"
    )
    wanted = check("contains", file, "mermaid") if diagram else check("section", file, *headings[:1])
    yield Entry(
        id="documentation.architecture",
        text=f"**Architecture**: {words}",
        checks=(wanted if headings else check("exists", file),),
    )
    for heading, identifier, what in _PARTS:
        if heading in headings:
            yield Entry(
                id=f"documentation.{identifier}",
                text=f"{what} ({code(heading)})",
                checks=(check("section", file, heading),),
            )
    runbook = "Runbook" in headings
    yield Entry(
        id="documentation.troubleshooting",
        text="**Troubleshooting**: signs, and what to look at, in the table of the runbook"
        if runbook
        else f"**Troubleshooting**: {code(file)} says what to look at when it fails",
        checks=(check("contains", file, "kubectl"),),
    )
    yield Entry(
        id="documentation.links",
        text="**Links**: every file and heading that the documents name is there",
        checks=(check("links", file),),
    )


_PARTS = (
    ("Connect", "connection", "**Connection strings and credentials**: by reference to the secrets, never by value"),
    ("Secrets", "secrets", "**Credentials**: which secret holds which key"),
    ("Backup and restore", "restore", "**Runbook for backup and restore**: how a copy is made and brought back"),
    ("Runbook", "runbook", "**Runbook**: what to do at which sign"),
)
