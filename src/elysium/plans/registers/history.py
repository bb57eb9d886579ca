"""What git says about a change log: which commits touched the watched paths, and which of them added an entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError
from elysium.plans.registers.changes import ChangeEntry, read_changes
from elysium.sources import git, revision

__all__ = ["Change", "commit_of", "history"]

_MOST = 5_000


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A commit that touched what is watched, or the log. `entries` are the entries of the log that it added."""

    id: str
    date: str
    author: str
    subject: str
    watched: tuple[str, ...] = ()
    entries: tuple[ChangeEntry, ...] = ()


def history(root: Path, span: str, watched: tuple[str, ...], log: str) -> tuple[Change, ...]:
    """The commits of a span (`BASE..HEAD`, or a revision for everything before it), oldest first, without merges.

    Raises RepositoryError where there is no such revision.
    """
    revisions = _revisions(root, span)
    form = "--format=%x00%H%x00%as%x00%an%x00%s"
    options = ["--no-merges", "--no-renames", "--reverse", "--name-only", "--relative", "-z", f"--max-count={_MOST}"]
    try:
        output = git.run(root, "--literal-pathspecs", "log", form, *options, *revisions, "--", *watched, log)
    except git.GitError as error:
        raise RepositoryError(f"the history cannot be read: {error.message}", subject=span) from error
    return tuple(_change(root, head, names, log) for head, names in _split(output.decode("utf-8", "replace")))


def commit_of(root: Path, name: str) -> tuple[str, str]:
    """The whole id and the day of a commit that an entry names; both empty where there is none."""
    try:
        identity = revision.resolve(root, name)[0]
        return identity, git.text(root, "log", "-1", "--format=%as", identity)
    except (RepositoryError, git.GitError):
        return "", ""


def _revisions(root: Path, span: str) -> list[str]:
    base, dots, head = span.partition("..")
    tip = revision.resolve(root, (head if dots else base) or "HEAD")[0]
    return [tip, f"^{revision.resolve(root, base)[0]}"] if dots and base else [tip]


def _split(output: str) -> Iterator[tuple[list[str], list[str]]]:
    """Id, day, author and subject of each commit, and its paths. NUL is the only sign that none of them can hold, and
    a path is never empty, so nothing that a commit says can end its record.
    """
    words = output.split("\0")
    place = 1
    while place + 4 <= len(words):
        head, place = words[place : place + 4], place + 4
        end = next((at for at in range(place, len(words)) if not words[at]), len(words))
        yield head, [name.removeprefix("\n") if at == 0 else name for at, name in enumerate(words[place:end])]
        place = end + 1


def _change(root: Path, head: list[str], names: list[str], log: str) -> Change:
    identity, date, author, subject = head
    return Change(
        id=identity,
        date=date,
        author=author,
        subject=subject,
        watched=tuple(name for name in names if name != log),
        entries=_added(root, identity, log) if log in names else (),
    )


def _added(root: Path, identity: str, log: str) -> tuple[ChangeEntry, ...]:
    """The entries that the log has at a commit and had not before it."""
    before = {_content(entry) for entry in read_changes(_text(root, f"{identity}^", log), log).entries}
    after = read_changes(_text(root, identity, log), log).entries
    return tuple(entry for entry in after if _content(entry) not in before)


def _content(entry: ChangeEntry) -> ChangeEntry:
    return msgspec.structs.replace(entry, line=0)


def _text(root: Path, name: str, path: str) -> str:
    try:
        return git.run(root, "cat-file", "blob", f"{name}:./{path}").decode("utf-8", "replace")
    except git.GitError:
        return ""
