"""Section 7: the way back, from which commit, and what stays in the cluster (requirement 0.7)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.deploying.lines import Entry, check, code, label, listing
from elysium.plans.deploying.sections.closing_step import run
from elysium.plans.deploying.subject import Claim, Subject

__all__ = ["rollback"]

_KEPT = "kustomize.toolkit.fluxcd.io/prune: disabled"
_NOT_NOW = "the deployment failed, and this plan is taken back"


def rollback(subject: Subject) -> str:
    """Suspend, revert, resume, validate; then what does not come back."""
    entries = (*_suspend(subject), *_revert(subject), *_validation(subject))
    owner, due = subject.owner, subject.application.due
    stays = listing(_stays(subject), owner, due)
    title = label("What does not come back, and what is left for a person")
    return f"{listing(entries, owner, due, numbered=True)}\n{title}{stays}"


def _suspend(subject: Subject) -> Iterator[Entry]:
    for unit in subject.appliers:
        command = f"flux suspend kustomization {unit.name} --namespace {unit.namespace}"
        yield Entry(
            id=f"rollback.suspend.{unit.name}",
            text=f"**Suspend** {code(str(unit))}, so that nothing half-done is applied; everything else that it "
            f"applies stands still, too, until it is resumed: {code(command)}",
            checks=(check("object", f"Kustomization/{unit.namespace}/{unit.name}"),),
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
    for unit in subject.appliers:
        command = f"flux resume kustomization {unit.name} --namespace {unit.namespace}"
        yield Entry(
            id=f"rollback.resume.{unit.name}",
            text=f"**Resume** {code(str(unit))}; it deletes what is no longer in Git: {code(command)}",
            checks=(check("object", f"Kustomization/{unit.namespace}/{unit.name}", "spec.prune=true"),),
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
    own = bool(subject.effect.of("Namespace"))
    for claim in subject.claims:
        names = ", ".join(code(f"{claim.namespace}/{name}") for name in claim.names)
        yield Entry(
            id=f"rollback.stays.{claim.names[0]}",
            text=f"**Clean-up**: {names} ({claim.size}) {_fate(subject, claim, own_namespace=own)}",
            checks=(check("claim", f"{claim.namespace}/{claim.names[0]}", f"size={claim.size}"),),
        )
    for unit in subject.effect.unknown:
        text = f"**Clean-up**: what {code(str(unit.id))} leaves behind is not known: its source was not fetched"
        identifier = f"rollback.stays.{unit.id.namespace}.{unit.id.name}"
        yield Entry(id=identifier, text=text, checks=(check("unit", str(unit.id)),))
    if not subject.claims and not subject.hidden:
        text = "**Clean-up**: nothing; it has no volume, and everything else comes back from Git"
        checks = (check("no-object", f"PersistentVolumeClaim/{subject.namespace}/{subject.name}-data"),)
        yield Entry(id="rollback.stays", text=text, checks=checks)
    elif own and subject.claims:
        yield Entry(
            id="rollback.stays.namespace",
            text=f"**Keep the data**, if it is wanted: first commit the annotation {code(_KEPT)} for the namespace "
            f"{code(subject.namespace)}; then it and its claims stay when the rest goes, until a person deletes them",
            manual="somebody decided what becomes of the data",
        )


def _fate(subject: Subject, claim: Claim, *, own_namespace: bool) -> str:
    """What becomes of a volume when the commits are reverted."""
    if own_namespace:
        where = code(subject.namespace)
        return f"goes with the namespace {where}, with its data unless the class retains volumes: back it up before"
    if not claim.kept:
        return "is deleted with the application: back it up before"
    why = f"made by {code(claim.holder)}, which never deletes it" if claim.holder else "not pruned by Flux"
    return f"stays with its data ({why}), until a person deletes it"
