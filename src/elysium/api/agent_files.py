"""Files for coding assistants: write them from one source, and judge those that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from elysium.agents import (
    OWN_SOURCE,
    Act,
    Format,
    Step,
    Sync,
    agent_facts,
    format_of,
    read_own,
    sync_steps,
    wanted_files,
)
from elysium.agents.linting import Linted, Repository, lint
from elysium.agents.regions import markers_in
from elysium.api.scaffolding import Scaffold
from elysium.api.workspace import Workspace
from elysium.errors import ScaffoldError, UsageError
from elysium.scaffold import Action, Change, read_file

__all__ = ["agent_changes", "lint_agents", "repository_of", "sync_agents"]

Read = Callable[[str], str | None]
_FOLDERS = (".github", ".agents", ".claude")
_ACTIONS = {
    Act.CREATE: Action.CREATE,
    Act.CHANGE: Action.CHANGE,
    Act.DELETE: Action.CHANGE,
    Act.KEEP: Action.KEEP,
    Act.CONFLICT: Action.CONFLICT,
}


def sync_agents(workspace: Workspace, formats: Iterable[Format] = (), *, force: bool = False) -> Scaffold:
    """What every agent file would become. Nothing is written. Raises UsageError for a revision."""
    if workspace.options.extracted:
        raise UsageError("agent files are written into the working tree", hint="leave --revision out")
    root = workspace.root
    sync = _sync_of(workspace, lambda path: read_file(root, path))
    sync = msgspec.structs.replace(sync, formats=frozenset(formats) or sync.formats, force=force)
    steps = _steps(sync, (item.directory for item in workspace.clusters))
    return Scaffold(root=str(root), changes=tuple(map(_change, steps)))


def agent_changes(texts: dict[str, str], cluster: str) -> tuple[Change, ...]:
    """The agent files of a repository that has these files and nothing else yet, for one cluster in a directory."""
    return tuple(map(_change, _steps(Sync(files=frozenset(texts), read=texts.get), (cluster,))))


def lint_agents(workspace: Workspace, paths: Sequence[str], commands: Mapping[str, frozenset[str]]) -> Linted:
    """Judge the agent files at or below the paths; `commands` are those of this version, with their options.

    Raises UsageError for a path that is outside of the repository, or names a file that no assistant reads.
    """
    root, files = workspace.root, frozenset(workspace.tree.files)
    chosen = {found for path in paths for found in _chosen(root, path, files)}
    repository = Repository(
        files=files,
        read=lambda path: read_file(root, path),
        commands=commands,
        stale=_stale(workspace, files),
        links=frozenset(workspace.tree.links),
    )
    return lint(repository, chosen)


def repository_of(path: str) -> str:
    """The directory whose repository a path belongs to: also in a plain folder, `.github` is in it and not it."""
    place = Path(path).absolute()
    for part in (place, *place.parents):
        if part.name in _FOLDERS:
            return str(part.parent)
    return str(place if place.is_dir() else place.parent)


def _chosen(root: Path, path: str, files: frozenset[str]) -> list[str]:
    place = Path(path).absolute()
    try:
        relative = (place.parent.resolve() / place.name).relative_to(root.resolve()).as_posix()
    except ValueError:
        raise UsageError("this is not in the repository", subject=path, hint="name paths of one repository") from None
    if place.is_dir() and not place.is_symlink():
        below = "" if relative == "." else f"{relative}/"
        return [item for item in files if item.startswith(below) and format_of(item)]
    if format_of(relative) is None:
        hint = "such as .github/agents/NAME.agent.md, NAME.prompt.md, SKILL.md, AGENTS.md"
        raise UsageError("no assistant reads such a file", subject=path, hint=hint)
    return [relative]


def _stale(workspace: Workspace, files: frozenset[str]) -> dict[str, str]:
    """Which generated files are not what they would be today. Nothing is asked of repositories without any."""
    read = _lenient(lambda path: read_file(workspace.root, path))
    found = {path: kind for path in files if (kind := format_of(path)) and markers_in(read(path) or "")}
    if not found:
        return {}
    sync = msgspec.structs.replace(_sync_of(workspace, read), formats=frozenset(found.values()))
    steps = _steps(sync, (item.directory for item in workspace.clusters))
    gone = "nothing generates this any more"
    return {
        step.path: gone if step.act is Act.DELETE else "this would be generated otherwise today"
        for step in steps
        if step.act in (Act.CHANGE, Act.DELETE)
    }


def _sync_of(workspace: Workspace, read: Read) -> Sync:
    return Sync(files=frozenset(workspace.tree.files), read=read, links=frozenset(workspace.tree.links))


def _steps(sync: Sync, clusters: Iterable[str]) -> tuple[Step, ...]:
    own = read_own(sync.read(OWN_SOURCE))
    lenient = _lenient(sync.read)
    facts = agent_facts(sync.files, lenient, clusters)
    wanted = wanted_files(facts, own, [item for item in Format if item in own.formats and item in sync.formats])
    asked = {item.path for item in wanted}
    reading = msgspec.structs.replace(sync, read=lambda path: (sync.read if path in asked else lenient)(path))
    return sync_steps(wanted, reading)


def _lenient(read: Read) -> Read:
    """Reads what can be read: a file that nobody asked for is no reason to stop."""

    def reading(path: str) -> str | None:
        try:
            return read(path)
        except ScaffoldError:
            return None

    return reading


def _change(step: Step) -> Change:
    reason = f"{step.reason} (line {step.line}): {step.hint}" if step.hint else step.reason
    return Change(path=step.path, action=_ACTIONS[step.act], before=step.before, text=step.text, reason=reason)
