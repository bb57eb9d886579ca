"""Step 0: how the deployment method was chosen, as docs/plans/deploy-app.md says that it is written."""

from __future__ import annotations

from elysium.plans.deploying.application import NAMES_OF_METHODS
from elysium.plans.deploying.lines import Entry, check, decided, label, listing
from elysium.plans.deploying.method import Considered, Verdict
from elysium.plans.deploying.sections.overview import method_in_words
from elysium.plans.deploying.subject import Subject

__all__ = ["method_step"]


def method_step(subject: Subject) -> str:
    """The source with its version and reason, and what became of each of the five methods."""
    method = subject.method
    choice = decided(method.key, method.reason, by=subject.owner, date=subject.today)
    source = Entry(id="S0.source", text=f"**Source**: {method_in_words(subject)}", decided=choice)
    notes = (
        Entry(
            id="S0.security",
            text="**Security**: versions are pinned, so that nothing changes without a commit",
            checks=(check("lacks", f"{subject.folder}/*.yaml", ":latest"),),
        ),
        Entry(
            id="S0.documentation",
            text="**Documentation**: the README says why it is deployed this way",
            checks=(check("contains", f"{subject.folder}/README.md", "Why this way"),),
        ),
    )
    owner, due = subject.owner, subject.application.due
    considered = listing((_considered(subject, item) for item in method.considered), owner, due)
    chosen, along = listing((source,), owner, due), listing(notes, owner, due)
    return f"{chosen}\n{label('Considered')}{considered}\n{label('Along with it')}{along}"


def _considered(subject: Subject, item: Considered) -> Entry:
    text = f"**{NAMES_OF_METHODS[item.method]}**: {item.verdict.value} — {item.reason}"
    if item.verdict is Verdict.UNKNOWN:
        return Entry(id=f"S0.{item.method}", text=text, decision=True)
    by = subject.owner if item.verdict is not Verdict.NOT_NEEDED else ""
    choice = decided(item.verdict.value, item.reason, by=by, date=subject.today if by else "")
    return Entry(id=f"S0.{item.method}", text=text, decided=choice)
