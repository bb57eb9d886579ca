"""Components in a repository: what there is, what some of them would write together, and writing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from elysium.api.scaffolding_facts import facts_of
from elysium.api.workspace import Workspace
from elysium.errors import ScaffoldError, SettingsError, UsageError
from elysium.kit.files import join_inside
from elysium.scaffold import (
    Action,
    Asking,
    Change,
    Component,
    Folder,
    Library,
    Parameter,
    Placeholder,
    Proposal,
    RepositoryFacts,
    Sealing,
    answer,
    companions,
    missing,
    plan,
    propose,
    read_file,
    records,
    refuse_unapplied,
    unmet,
    with_offers,
    write_files,
)
from elysium.scaffold.bases import same_base
from elysium.scaffold.library import BUILT_IN
from elysium.scaffold.sharing import without_shared
from elysium.settings import place_in

__all__ = ["Request", "Scaffold", "Scaffolder", "library_of", "write_scaffold"]

_DEEPEST = 20
_CLUSTER = "cluster"
"""The kind that makes places instead of needing them."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Which component is wanted, as what, with which answers. `secrets` are plaintexts by key; they are never kept."""

    kind: str
    name: str
    preset: str = ""
    answers: Mapping[str, Any] = {}
    secrets: Mapping[str, bytes] = {}


class Scaffold(msgspec.Struct, frozen=True, kw_only=True):
    """What would be written: every file with what happens to it, and what a person has to do then."""

    root: str
    changes: tuple[Change, ...]
    placeholders: tuple[Placeholder, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Files that stay as they are although something else is proposed."""
        return tuple(change for change in self.changes if change.action is Action.CONFLICT)


def library_of(workspace: Workspace, folders: Iterable[Folder] = ()) -> Library:
    """The named folders' components, those of the settings, and those that come along, in this order."""
    base = workspace.settings_directory
    return Library((*folders, *(_own_folder(base, path) for path in workspace.settings.components)))


def _own_folder(base: Path, path: str) -> Folder:
    """A folder that the settings name: one of the repository, whoever wrote the settings."""
    try:
        return Folder(path=str(join_inside(base, path)), origin=path)
    except ValueError as error:
        hint = "name a folder of the repository; `elysium new --from` takes any"
        message = f"`components`: {path!r} leads out of the repository"
        raise SettingsError(message, subject=place_in(base, "components"), hint=hint) from error


class Scaffolder:
    """Prepares components for the repository at `root`, one after the other, each on top of the ones before.

    `ask`, when it is set, is called for values to seal that nobody gave.
    """

    def __init__(self, root: Path, library: Library, facts: RepositoryFacts, certificate: str = "") -> None:
        self.root = root
        self.library = library
        self.facts = facts
        self.ask: Asking | None = None
        self._certificate = certificate
        self._pending: dict[str, Change] = {}
        self._recorded: dict[tuple[str, str], records.Record] = {}
        self._placeholders: list[Placeholder] = []
        self._notes: list[str] = []

    @classmethod
    def of(cls, workspace: Workspace, folders: Iterable[Folder] = (), certificate: str = "") -> Scaffolder:
        """A scaffolder for the working tree of a workspace. Raises UsageError for a revision."""
        if workspace.options.extracted:
            raise UsageError("components are written into the working tree", hint="leave --revision out")
        root = workspace.root
        facts = with_offers(facts_of(workspace), _recorded_offers(root))
        text = certificate or (read_file(root, facts.certificate) or "" if facts.certificate else "")
        return cls(root, library_of(workspace, folders), facts, text)

    def missing(self, request: Request) -> tuple[Parameter, ...]:
        """What still has to be answered."""
        return missing(self._component(request), request.name, self._given(request), self.facts)

    def add(self, request: Request, *, needs: bool = False, depth: int = 0) -> None:
        """Take one more component. With `needs`, first those that it needs and that are not there.

        Raises ScaffoldError when an answer is none, or when something is needed that nothing offers.
        """
        component = self._component(request)
        answers = answer(component, request.name, self._given(request), self.facts)
        wanted = unmet(component, answers, self.facts)
        if wanted and (not needs or depth > _DEEPEST):
            raise _refused(component, request, wanted)
        others = [*(other for _, other, _ in wanted), *companions(component, answers, self.facts)]
        for other in others:
            kind, _, name = other.partition("/")
            self.add(Request(kind=kind, name=name, secrets=request.secrets), needs=True, depth=depth + 1)
        if others:
            answers = answer(component, request.name, self._given(request), self.facts)
        self._take(propose(component, request.name, answers), request)

    @property
    def result(self) -> Scaffold:
        """Everything that was added, as one set of changes."""
        changes = tuple(self._pending[path] for path in sorted(self._pending))
        return Scaffold(
            root=str(self.root), changes=changes, placeholders=tuple(self._placeholders), notes=tuple(self._notes)
        )

    def recorded(self) -> tuple[Request, ...]:
        """Requests that bring everything that was written before to what its components are today."""
        return tuple(Request(kind=item.kind, name=item.name, preset=item.preset) for item in records.read(self.root))

    def _component(self, request: Request) -> Component:
        record = self._record(request)
        preset = request.preset or (record.preset if record else "")
        found = self.library.find(request.kind, request.name, preset)
        if record and found.origin == BUILT_IN.origin != record.origin:
            hint = f"name its folder with --from {record.origin}, or begin anew: delete {records.path_of(record)}"
            message = f"was written by a component of {record.origin}, which is not at hand"
            raise ScaffoldError(message, subject=f"{found.id} {request.name}", hint=hint)
        return found

    def _record(self, request: Request) -> records.Record | None:
        """What is remembered of a component: as this scaffolder has just taken it, or as it was written before."""
        taken = self._recorded.get((request.kind, request.name))
        return taken or records.read_one(self.root, request.kind, request.name)

    def _others(self, request: Request) -> Iterable[records.Record]:
        """What is remembered of every other component."""
        found = {(item.kind, item.name): item for item in self._written} | self._recorded
        return (item for key, item in found.items() if key != (request.kind, request.name))

    @cached_property
    def _written(self) -> tuple[records.Record, ...]:
        return records.read(self.root)

    def _given(self, request: Request) -> dict[str, Any]:
        record = self._record(request)
        return {**(record.answers if record else {}), **request.answers}

    def _take(self, proposal: Proposal, request: Request) -> None:
        sealing = Sealing(proposal, self._certificate, request.secrets, self.ask)
        record = self._record(request)
        if record:
            record = without_shared(record, proposal, self._others(request))
        planned = plan(proposal, record, self._text, sealing)
        written = [change.path for change in planned.changes if change.action is not Action.KEEP]
        if request.kind != _CLUSTER:
            refuse_unapplied(self.facts, written, f"{request.kind} {request.name}")
        self._recorded[request.kind, request.name] = planned.record
        for change in (*planned.changes, *self._record_changes(planned.record)):
            self._pend(change)
        self.facts = with_offers(self.facts, proposal.offers)
        self._placeholders += sealing.placeholders
        self._notes += [proposal.notes] if proposal.notes and written else []

    def _text(self, path: str) -> str | None:
        pending = self._pending.get(path)
        return pending.text if pending else read_file(self.root, path)

    def _record_changes(self, record: records.Record) -> Iterable[Change]:
        for path, proposed in records.texts_of(record).items():
            before = self._text(path)
            text = before if before is not None and same_base(before, proposed) else proposed
            action = Action.KEEP if before == text else Action.CREATE if before is None else Action.CHANGE
            yield Change(path=path, action=action, before=before, text=text)

    def _pend(self, change: Change) -> None:
        earlier = self._pending.get(change.path)
        if earlier and change.action is Action.KEEP:
            return
        if earlier and earlier.before is None and change.text is None:
            del self._pending[change.path]
            return
        if earlier:
            change = msgspec.structs.replace(
                change,
                before=earlier.before,
                action=Action.CREATE if earlier.before is None else change.action,
                executable=earlier.executable or change.executable,
            )
        self._pending[change.path] = change


def _recorded_offers(root: Path) -> set[str]:
    """What components that were written before say that they offer."""
    return {offer for item in records.read(root) for offer in item.offers}


def write_scaffold(scaffold: Scaffold) -> None:
    """Write every change, or none. Raises ScaffoldError when a place cannot be written."""
    write_files(Path(scaffold.root), scaffold.changes)


def _refused(component: Component, request: Request, wanted: Sequence[tuple[str, str, str]]) -> ScaffoldError:
    reasons = "; ".join(f"{offer} ({reason})" for offer, _, reason in wanted)
    commands = "; ".join(
        f"elysium new {other.replace('/', ' ')}" for other in dict.fromkeys(item[1] for item in wanted)
    )
    return ScaffoldError(
        f"needs what nothing in this repository offers: {reasons}",
        subject=f"{component.id} {request.name}",
        hint=f"first {commands}; or --with-needs writes that, too",
    )
