"""What a proposal means for the files that are there: create, change, keep, or a conflict that is told.

A file that was written before is merged three ways: what was written then, what a person has now, what is proposed now.
Nothing that a person changed, moved or deleted is overwritten: a file that cannot be merged stays as it is, and its
conflict is part of the result. What a person removed from a shared list, or deleted, does not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold import editing
from elysium.scaffold.changes import Action, Change
from elysium.scaffold.merging import merge
from elysium.scaffold.proposing import Proposal, ProposedEntry, ProposedFile, ProposedSecret, ProposedValue
from elysium.scaffold.records import Record, RecordedEntry

__all__ = ["Plan", "plan"]

Reader = Callable[[str], str | None]
"""The text of a file of the repository; None when there is none. Raises ScaffoldError when it cannot be read."""

Sealer = Callable[[ProposedSecret, str | None], str | None]
"""A Secret and its sealed file as it is: the file with what was missing, or None when nothing is."""

_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of every file, and the record of it."""

    changes: tuple[Change, ...]
    record: Record

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Files that stay as they are although something else is proposed."""
        return tuple(change for change in self.changes if change.action is Action.CONFLICT)


def plan(proposal: Proposal, record: Record | None, read: Reader, seal: Sealer) -> Plan:
    """Hold a proposal against the repository and the record of the last time."""
    desk = _Desk(read, record)
    for file in proposal.files:
        desk.file(file)
    desk.gone({file.path for file in proposal.files})
    desk.entries(proposal.entries)
    for value in proposal.values:
        desk.value(value)
    for secret in proposal.secrets:
        desk.secret(secret, seal)
    desk.unsealed({_secret_mark(secret) for secret in proposal.secrets}, {secret.path for secret in proposal.secrets})
    return Plan(changes=tuple(desk.changes()), record=desk.record_of(proposal))


class _Desk:
    """The files as they become, one step after the other."""

    def __init__(self, read: Reader, record: Record | None) -> None:
        self._read = read
        self._base: Mapping[str, str] = record.files if record else {}
        self._entered: tuple[RecordedEntry, ...] = record.entries if record else ()
        self._valued: tuple[RecordedEntry, ...] = record.values if record else ()
        self._sealed: tuple[str, ...] = record.secrets if record else ()
        self._before: dict[str, str | None] = {}
        self._after: dict[str, str | None] = {}
        self._reasons: dict[str, str] = {}
        self._kept_base: dict[str, str] = {}
        self._executable: set[str] = set()

    def file(self, file: ProposedFile) -> None:
        """Create it, merge it, or say why it stays."""
        now, base = self._open(file.path), self._base.get(file.path)
        if file.executable:
            self._executable.add(file.path)
        if now == file.text or (now is not None and base == file.text):
            return
        if now is None and base is None:
            self._after[file.path] = file.text
        elif now is None:
            if base != file.text:
                self._refuse(file.path, base, "was deleted, and the new version changes it")
        elif base is None:
            self._refuse(file.path, None, "is there, and was not written by this component")
        else:
            merged = merge(base, now, file.text)
            if merged.text is None:
                places = "; ".join(str(conflict) for conflict in merged.conflicts)
                self._refuse(file.path, base, f"was edited where the new version changes it: {places}")
            else:
                self._after[file.path] = merged.text

    def gone(self, proposed: set[str]) -> None:
        """Files of the last time that are not proposed any more go, unless a person changed them."""
        for path, base in self._base.items():
            if path in proposed:
                continue
            now = self._open(path)
            if now == base:
                self._after[path] = None
            elif now is not None:
                self._refuse(
                    path, base, "is not part of the component any more, and was edited: delete it if it is not needed"
                )

    def entries(self, entries: tuple[ProposedEntry, ...]) -> None:
        """Enter what is new, take out what is not wanted any more, leave what a person removed."""
        wanted = {RecordedEntry(path=item.path, at=item.list, value=item.value) for item in entries}
        for old in self._entered:
            text = self._open(old.path)
            if old not in wanted and text is not None:
                self._after[old.path] = self._edited(old.path, partial(editing.remove_item, text, old.at, old.value))
        for item in entries:
            if RecordedEntry(path=item.path, at=item.list, value=item.value) in self._entered:
                continue
            text = self._open(item.path)
            begun = text if text is not None else _KUSTOMIZATION if item.path.endswith("kustomization.yaml") else ""
            self._after[item.path] = self._edited(
                item.path, partial(editing.insert_item, begun, item.list, item.value, create=True)
            )

    def value(self, value: ProposedValue) -> None:
        """Set a key where it is missing, once."""
        text = self._open(value.path)
        if any(old.path == value.path and old.at == value.at for old in self._valued):
            return
        if text is None:
            hint = "it is part of the repository that `elysium init` writes"
            raise ScaffoldError(f"there is no such file to set {'.'.join(value.at)} in", subject=value.path, hint=hint)
        self._after[value.path] = self._edited(
            value.path, partial(editing.set_value, text, value.at, value.value, only_missing=True)
        )

    def secret(self, secret: ProposedSecret, seal: Sealer) -> None:
        """Seal what is missing. A sealed file that a person deleted stays away."""
        now = self._open(secret.path)
        if now is None and _secret_mark(secret) in self._sealed:
            return
        text = seal(secret, now)
        if text is not None:
            self._after[secret.path] = text

    def unsealed(self, marks: set[str], paths: set[str]) -> None:
        """Sealed files of Secrets that are not wanted any more go, if nothing else is in them."""
        for mark in self._sealed:
            path, _, name = mark.partition(" ")
            text = self._open(path) if mark not in marks and path not in paths else None
            if text is None:
                continue
            if _only_seals(text, name):
                self._after[path] = None
            else:
                self._refuse(path, None, f"is not part of the component any more; take the Secret {name} out of it")

    def changes(self) -> Iterator[Change]:
        """Every file that was looked at, in order of paths."""
        for path, before in sorted(self._before.items()):
            after = self._after[path]
            executable = path in self._executable
            if path in self._reasons:
                action = Action.CONFLICT
            elif before == after:
                action = Action.KEEP
            else:
                action = Action.CREATE if before is None else Action.CHANGE
            if action is Action.KEEP and after is None and path not in self._base:
                continue
            reason = self._reasons.get(path, "")
            yield Change(path=path, action=action, before=before, text=after, executable=executable, reason=reason)

    def record_of(self, proposal: Proposal) -> Record:
        """What is remembered. A file in conflict keeps its old base: the conflict is told until it is solved."""
        files = {file.path: file.text for file in proposal.files if file.path not in self._reasons}
        return Record(
            component=proposal.component.id,
            origin=proposal.component.origin,
            version=proposal.component.version,
            name=proposal.name,
            answers=proposal.answers.given,
            offers=proposal.offers,
            files={**files, **self._kept_base},
            entries=tuple(RecordedEntry(path=item.path, at=item.list, value=item.value) for item in proposal.entries),
            values=tuple(RecordedEntry(path=item.path, at=item.at, value="") for item in proposal.values),
            secrets=tuple(_secret_mark(item) for item in proposal.secrets),
        )

    def _open(self, path: str) -> str | None:
        if path not in self._before:
            self._before[path] = self._after[path] = self._read(path)
        return self._after[path]

    def _refuse(self, path: str, base: str | None, reason: str) -> None:
        self._reasons[path] = reason
        if base is not None:
            self._kept_base[path] = base

    def _edited(self, path: str, edit: Callable[[], str]) -> str:
        try:
            return edit()
        except ScaffoldError as error:
            subject = f"{path}:{error.subject}" if error.subject else path
            raise ScaffoldError(error.message, subject=subject, hint=error.hint) from error


def _only_seals(text: str, name: str) -> bool:
    """Whether a file holds one SealedSecret, `NAMESPACE/NAME`, and nothing else."""
    bodies = [body for body in editing.load_documents(text) if body is not None]
    metadata = bodies[0].get("metadata") if len(bodies) == 1 and isinstance(bodies[0], dict) else None
    if not isinstance(metadata, dict) or bodies[0].get("kind") != "SealedSecret":
        return False
    return f"{metadata.get('namespace')}/{metadata.get('name')}" == name


def _secret_mark(secret: ProposedSecret) -> str:
    return f"{secret.path} {secret.namespace}/{secret.name}"
