"""Section 7: the way back, from which commit, and what stays in the cluster (requirement 0.7)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.deploying.lines import Entry, check, code, label, listing
from elysium.plans.deploying.sections.closing_step import run
from elysium.plans.deploying.subject import Subject

__all__ = ["rollback"]

_NOT_NOW = "the deployment failed, and this plan is taken back"


def rollback(subject: Subject) -> str:
    """Suspend, revert, clean up, validate; then what cannot come back."""
    entries = (*_suspend(subject), *_revert(subject), *_validation(subject))
    owner, due = subject.owner, subject.application.due
    stays = listing(_stays(subject), owner, due)
    return f"{listing(entries, owner, due, numbered=True)}\n{label('What stays, and is cleaned up by a person')}{stays}"


def _suspend(subject: Subject) -> Iterator[Entry]:
    applier = subject.effect.applier(subject.facts.apps_overlay)
    name, namespace = (applier[0].name, applier[0].namespace) if applier else ("apps", "flux-system")
    command = f"flux suspend kustomization {name}"
    yield Entry(
        id="rollback.suspend",
        text=f"**Suspend** the Kustomization, so that nothing half-done is applied: {code(command)}",
        checks=(check("object", f"Kustomization/{namespace}/{name}"),),
    )


def _revert(subject: Subject) -> Iterator[Entry]:
    base = subject.effect.commit
    since = f"{base[:12]}..HEAD" if base else "the commits of this plan"
    checks = (run(f"git cat-file -e {base}^{{commit}}"),) if base else ()
    yield Entry(
        id="rollback.revert",
        text=f"**Revert** the commits of this plan, newest first: {code(f'git revert --no-edit {since}')}; "
        f"or only the one of step 6, which takes the application out of the cluster and leaves its files",
        checks=checks,
        manual="" if checks else "the commits to revert are known",
    )
    applier = subject.effect.applier(subject.facts.apps_overlay)
    if applier:
        resume = f"flux resume kustomization {applier[0].name}"
        yield Entry(
            id="rollback.resume",
            text=f"**Resume** the Kustomization; it deletes what is no longer in Git: {code(resume)}",
            checks=(check("object", f"Kustomization/{applier[0].namespace}/{applier[0].name}", "spec.prune=true"),),
        )
    if subject.release:
        reference = subject.release.reference
        yield Entry(
            id="rollback.release",
            text=f"**Clean-up** of {code(reference)}: nothing by hand; Flux uninstalls the release with it",
            checks=(check("object", reference),),
        )


def _validation(subject: Subject) -> Iterator[Entry]:
    yield Entry(
        id="rollback.validate",
        text="**Validation**: the render has exactly the objects of the base again (`elysium plan rollback`), and "
        + code(f"kubectl get all -n {subject.namespace}")
        + " finds none",
        deferred=_NOT_NOW,
    )


def _stays(subject: Subject) -> Iterator[Entry]:
    for claim in subject.claims:
        names = ", ".join(code(f"{claim.namespace}/{name}") for name in claim.names)
        why = f"made by {code(claim.holder)}, which never deletes them" if claim.holder else "not pruned by Flux"
        gone = f"**Clean-up**: {names} ({claim.size}) is deleted with the application: back it up before"
        kept = f"**Clean-up**: {names} ({claim.size}) stays with its data ({why}), until a person deletes it"
        yield Entry(
            id=f"rollback.stays.{claim.names[0]}",
            text=kept if claim.kept else gone,
            checks=(check("claim", f"{claim.namespace}/{claim.names[0]}", f"size={claim.size}"),),
        )
    for unit in subject.effect.unknown:
        text = f"**Clean-up**: what {code(str(unit.id))} leaves behind is not known: its source was not fetched"
        identifier = f"rollback.stays.{unit.id.namespace}.{unit.id.name}"
        yield Entry(id=identifier, text=text, checks=(check("unit", str(unit.id)),))
    if not subject.claims:
        text = "**Clean-up**: nothing; it has no volume, and everything else comes back from Git"
        checks = (check("no-object", f"PersistentVolumeClaim/{subject.namespace}/{subject.name}-data"),)
        yield Entry(id="rollback.stays", text=text, checks=checks)
    if any(claim.kept for claim in subject.claims) and subject.effect.of("Namespace"):
        yield Entry(
            id="rollback.stays.namespace",
            text=f"**Clean-up**: with the namespace {code(subject.namespace)} go the claims in it: to keep the data, "
            "revert step 6 without the namespace, or copy it first",
            manual="somebody decided what becomes of the data",
        )
