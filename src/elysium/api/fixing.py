"""Mend in the working tree what needs nobody's judgement."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec

from elysium.api.examining import Question, examine
from elysium.api.workspace import Workspace
from elysium.check.fixing import Plan, Refusal, plan, unified_diff
from elysium.errors import RepositoryError, UsageError
from elysium.kit.files import write_atomically
from elysium.model import Finding
from elysium.sources.content import regular

__all__ = ["Fixed", "fix"]

_LARGEST = 10 << 20


class Fixed(msgspec.Struct, frozen=True, kw_only=True):
    """What was mended, or would be: a unified diff without secret values, the findings, and what was left and why."""

    diff: str
    mended: tuple[Finding, ...]
    refused: tuple[Refusal, ...]


def fix(workspace: Workspace, question: Question, *, dry_run: bool = False) -> Fixed:
    """Apply the edits of what a check finds to the files of the working tree; with `dry_run` only say what they are.

    A file is replaced whole or not at all and keeps its mode. Links are not followed, and nothing outside the
    repository is written.
    """
    if workspace.options.extracted:
        hint = "leave out --revision and --staged"
        raise UsageError("only the working tree can be mended", hint=hint)
    report = examine(workspace, question)
    root = Path(workspace.tree.root)
    made = plan((item for item in report.findings if item.edits), lambda file: _read(root, file, workspace))
    diff = workspace.scrubbed(unified_diff(made)) if made.before else ""
    if not dry_run:
        for file in made.before:
            _write(root, file, made)
    return Fixed(diff=diff, mended=made.mended, refused=made.refused)


def _read(root: Path, file: str, workspace: Workspace) -> str:
    """The text of a file that may be changed; empty, so that no edit fits, for any other."""
    if file not in workspace.tree.files or _changeable(root, file) is None:
        return ""
    try:
        data = (root / file).read_bytes()
        return data.decode() if len(data) <= _LARGEST else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _changeable(root: Path, file: str) -> int | None:
    """The mode of a regular file that is reached without any link; None for others."""
    found = regular(str(root), file)
    resolved = root.resolve()
    if found is None or found[1] or (resolved / file).resolve() != resolved / file:
        return None
    return stat.S_IMODE(found[0].st_mode)


def _write(root: Path, file: str, made: Plan) -> None:
    path = root / file
    mode = _changeable(root, file)
    if mode is None or path.read_bytes() != made.before[file].encode():
        raise RepositoryError("it was changed meanwhile", subject=str(path), hint="run the command again")
    write_atomically(path, made.after[file].encode(), mode)
    path.chmod(mode)
