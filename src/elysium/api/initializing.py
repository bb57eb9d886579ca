"""A fresh repository for a cluster: prepared in an empty folder, shown, and written together with its sealing key.

It is made of components, as everything that `elysium new` adds later, so that it can be updated like them.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from elysium.api.agent_files import agent_changes
from elysium.api.scaffolding import Request, Scaffold, Scaffolder, write_scaffold
from elysium.api.scaffolding_facts import remote_facts
from elysium.api.sealing_keys import SealingKey, read_certificate, sealing_key
from elysium.api.sourcing import remotes
from elysium.errors import ElysiumError, ScaffoldError, UsageError
from elysium.scaffold import Library, Parameter, ParameterType, RepositoryFacts, answer, coerce
from elysium.sealing.certificates import CERTIFICATE_PATH
from elysium.settings import DEFAULT_FLUX
from elysium.sources import git

__all__ = ["Fresh", "Wanted", "begin_repository", "fresh_repository", "name_of"]

_HEAD = "ref: refs/heads/"
_ZONE = "timezone"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be: the cluster's name, answers, and the certificate of a controller or the place of a new key."""

    cluster: str
    answers: Mapping[str, Any] = {}
    certificate: Path | None = None
    sealing_key: Path | None = None


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """What would be written: the repository, and a private key outside of it."""

    scaffold: Scaffold
    key: SealingKey


def name_of(directory: Path, cluster: str) -> str:
    """The name of the cluster: the given one, else the folder's. Raises UsageError when it can be no name."""
    name = cluster or directory.resolve().name
    try:
        coerce(Parameter(name="cluster", type=ParameterType.NAME, help=""), name)
    except ValueError:
        hint = "lower-case letters, digits and dashes, at most 63 characters: --cluster NAME"
        raise UsageError(f"{name!r} cannot be the name of a cluster", hint=hint) from None
    return name


def fresh_repository(directory: Path, wanted: Wanted) -> Fresh:
    """Prepare the repository of a cluster. Nothing is written.

    Raises UsageError when the folder is not empty or a certificate cannot be used, ScaffoldError for wrong answers.
    """
    name = name_of(directory, wanted.cluster)
    _require_empty(directory)
    facts, library = _facts(directory, name), Library()
    answers = {"branch": facts.branch, **wanted.answers}
    _require_answers(wanted.answers)
    answer(library.find("cluster", name), name, {**answers, "certificate": "not known yet"}, facts)
    key = _key(directory, name, wanted)
    scaffolder = Scaffolder(directory.absolute(), library, facts, key.certificate)
    for request in _requests(name, {**answers, "certificate": key.certificate}):
        scaffolder.add(request)
    made = scaffolder.result
    texts = {change.path: change.text for change in made.changes if change.text is not None}
    changes = sorted((*made.changes, *agent_changes(texts, facts.cluster_path)), key=lambda change: change.path)
    notes = (*made.notes, *_about(key))
    return Fresh(scaffold=msgspec.structs.replace(made, changes=tuple(changes), notes=notes), key=key)


def begin_repository(fresh: Fresh, *, with_git: bool = False) -> None:
    """Write the key, then the repository: all of it or nothing. With `with_git`, make it a git repository, too."""
    root = Path(fresh.scaffold.root)
    fresh.key.save()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScaffoldError(error.strerror or "cannot be made", subject=str(root)) from error
    write_scaffold(fresh.scaffold)
    if with_git and not (root / ".git").exists():
        try:
            git.run(root, "init", "--quiet", "--initial-branch=main")
        except git.GitError as error:
            hint = "the repository is written; run git init there"
            raise ElysiumError(f"git init did not work: {error}", subject=str(root), hint=hint) from error


def _requests(name: str, answers: Mapping[str, Any]) -> tuple[Request, ...]:
    """The components of a fresh repository, in the order in which one builds on the other."""
    flux = {key: value for key, value in answers.items() if key == "flux"}
    return (
        Request(kind="cluster", name=name, answers=answers),
        Request(kind="infra", name="sealed-secrets"),
        Request(kind="workflow", name="validate", answers={"branch": answers["branch"]}),
        Request(kind="workflow", name="flux-update", answers=flux),
    )


def _key(directory: Path, name: str, wanted: Wanted) -> SealingKey:
    """What to seal for: last of all, because making a key takes seconds."""
    if wanted.certificate and wanted.sealing_key:
        hint = "the private key of an existing controller is in its cluster"
        raise UsageError("--cert and --sealing-key exclude each other", hint=hint)
    if wanted.certificate:
        return SealingKey(certificate=read_certificate(wanted.certificate))
    return sealing_key(name, directory, wanted.sealing_key)


def _about(key: SealingKey) -> tuple[str, ...]:
    """Where the private key is, because nothing in the repository says it."""
    if key.file is None:
        return ()
    return (
        f"The private key {'goes to' if key.text else 'was there and stays in'} {key.file}: keep a copy elsewhere.",
    )


def _facts(directory: Path, name: str) -> RepositoryFacts:
    facts = RepositoryFacts(cluster=name, certificate=CERTIFICATE_PATH, flux=DEFAULT_FLUX)
    if not (directory / ".git").exists():
        return facts
    return remote_facts(msgspec.structs.replace(facts, branch=_branch(directory)), remotes(directory))


def _branch(directory: Path) -> str:
    """The branch that is checked out, also before its first commit; `main` where none is."""
    try:
        head = (directory / ".git" / "HEAD").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return "main"
    return head.removeprefix(_HEAD) if head.startswith(_HEAD) else "main"


def _require_empty(directory: Path) -> None:
    try:
        found = sorted(entry.name for entry in directory.iterdir() if entry.name != ".git")
    except FileNotFoundError:
        return
    except OSError as error:
        hint = "name a folder that is empty, or that is not there yet"
        raise UsageError(error.strerror or "cannot be read", subject=str(directory), hint=hint) from error
    if found:
        shown = ", ".join(found[:3]) + (", …" if len(found) > 3 else "")
        hint = "`elysium new` adds to a repository that is there; `elysium init --existing` writes its elysium.toml"
        raise UsageError(f"the folder is not empty: {shown}", subject=str(directory), hint=hint)


def _require_answers(answers: Mapping[str, Any]) -> None:
    """What the types of parameters cannot judge."""
    if "certificate" in answers:
        raise UsageError("the certificate is no answer", hint="--cert names its file")
    zone = answers.get(_ZONE)
    if zone is not None and zone not in zoneinfo.available_timezones():
        hint = "the names are those of the time zone database, such as Europe/Berlin"
        raise ScaffoldError(f"{_ZONE} {str(zone)!r}: there is no such time zone", hint=hint)
