"""What git says about a change log: which commits touched the watched paths, and which of them added an entry."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError
from elysium.plans.registers.changes import ChangeEntry, read_changes
from elysium.sources import git, revision

__all__ = ["Change", "commit_of", "history"]

_MOST = 5_000
_RECORD = re.compile(r"\x01([0-9a-f]{40,64})\x02(\d{4}-\d{2}-\d{2})\x02([^\x02]*)\x02([^\x03]*)\x03")


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
    form = "--format=%x01%H%x02%as%x02%an%x02%s%x03"
    options = ["--no-merges", "--no-renames", "--reverse", "--name-only", "--relative", "-z", f"--max-count={_MOST}"]
    try:
        output = git.run(root, "--literal-pathspecs", "log", form, *options, *revisions, "--", *watched, log)
    except git.GitError as error:
        raise RepositoryError(f"the history cannot be read: {error.message}", subject=span) from error
    text = output.decode("utf-8", "replace")
    places = list(_RECORD.finditer(text))
    ends = [*(found.start() for found in places[1:]), len(text)]
    return tuple(_change(root, found, text[found.end() : end], log) for found, end in zip(places, ends, strict=True))


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


def _change(root: Path, found: re.Match[str], names: str, log: str) -> Change:
    paths = [name for name in names.replace("\n", "\0").split("\0") if name]
    identity = found[1]
    return Change(
        id=identity,
        date=found[2],
        author=found[3],
        subject=found[4],
        watched=tuple(path for path in paths if path != log),
        entries=_added(root, identity, log) if log in paths else (),
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
