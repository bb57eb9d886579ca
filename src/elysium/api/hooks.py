"""The git hook that checks what is staged before every commit.

It goes where git looks for hooks (`core.hooksPath`, else the checkout's own directory). A hook that somebody else wrote
is not touched unless that is asked for; then it is kept beside, and comes back when ours is removed.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError, UsageError
from elysium.kit.files import write_atomically
from elysium.sources import git
from elysium.sources.working import checkout_root

__all__ = ["HookState", "hook_state", "install_hook", "remove_hook"]

_NAME = "pre-commit"
_MARK = "# Made by `elysium hook install`; `elysium hook remove` takes it away."
_KEPT = ".before-elysium"


class HookState(msgspec.Struct, frozen=True, kw_only=True):
    """The hook of a checkout: where it is, whether it is ours (`installed`), somebody's (`foreign`) or `absent`, and
    where a foreign one is kept meanwhile.
    """

    file: str
    state: str
    kept: str = ""


def hook_state(path: Path) -> HookState:
    """What there is now."""
    return _state(_place(_root(path)))


def install_hook(path: Path, *, force: bool = False) -> HookState:
    """Install the hook for the repository at `path`, which may be a directory of the checkout. Raises UsageError when
    another hook is there and `force` is not given.
    """
    root = _root(path)
    place = _place(root)
    _require_own(root, place, force=force)
    if _state(place).state == "foreign":
        if not force:
            hint = "call `elysium check --staged --profile pre-commit` in it, or give --force to replace it"
            raise UsageError("there is another hook", subject=str(place), hint=hint)
        _keep(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    inside = os.path.relpath(path.resolve(), root)
    write_atomically(place, _script(inside, committed=_is_committed(root, place)).encode(), 0o755)
    place.chmod(0o755)
    return _state(place)


def remove_hook(path: Path) -> HookState:
    """Remove our hook, and put back the one that it had replaced."""
    place = _place(_root(path))
    if _state(place).state == "foreign":
        raise UsageError("this hook is not ours", subject=str(place), hint="remove it by hand")
    place.unlink(missing_ok=True)
    kept = _kept(place)
    if kept.is_file():
        kept.rename(place)
    return _state(place)


def _root(path: Path) -> Path:
    if not path.is_dir():
        raise RepositoryError("there is no such directory", subject=str(path), hint="name a repository")
    root = checkout_root(path.resolve())
    if root is None:
        raise RepositoryError("this is not a git repository", subject=str(path), hint="run `git init` first")
    return root


def _place(root: Path) -> Path:
    """Where git looks for the hook. What we ask git with hides `core.hooksPath`, so each scope is looked at."""
    try:
        text = git.text(root, "config", "--show-scope", "--type=path", "--get-all", "core.hooksPath")
        told = [line.partition("\t") for line in text.splitlines()]
    except git.GitError:
        told = []
    named = [value for scope, _, value in told if scope != "command"]
    common = (root / git.text(root, "rev-parse", "--git-common-dir")).resolve()
    return (root / named[-1] if named else common / "hooks") / _NAME


def _require_own(root: Path, place: Path, *, force: bool) -> None:
    """A directory of hooks outside the checkout serves other repositories, too."""
    common = (root / git.text(root, "rev-parse", "--git-common-dir")).resolve()
    directory = place.parent.resolve()
    if force or directory.is_relative_to(root) or directory.is_relative_to(common):
        return
    hint = (
        "call `elysium check --staged --profile pre-commit` in a hook there, or give --force to write it all the same"
    )
    raise UsageError("core.hooksPath leads out of the repository", subject=str(place.parent), hint=hint)


def _is_committed(root: Path, place: Path) -> bool:
    directory = place.parent.resolve()
    return directory.is_relative_to(root) and ".git" not in directory.relative_to(root).parts


def _state(place: Path) -> HookState:
    kept = _kept(place)
    state = "absent"
    if place.is_file() or place.is_symlink():
        state = "installed" if _MARK in _text(place) else "foreign"
    return HookState(file=str(place), state=state, kept=str(kept) if kept.is_file() else "")


def _text(place: Path) -> str:
    try:
        return place.read_bytes()[:10_000].decode("utf-8", "replace")
    except OSError:
        return ""


def _keep(place: Path) -> None:
    kept = _kept(place)
    if kept.exists():
        hint = "look at both, then remove one"
        raise UsageError("an earlier hook is kept already", subject=str(kept), hint=hint)
    place.rename(kept)


def _kept(place: Path) -> Path:
    return place.with_name(place.name + _KEPT)


def _script(inside: str, *, committed: bool) -> str:
    """The hook. Git runs it at the top of the checkout; what is committed must work on other machines, too."""
    arguments = f"check {shlex.quote(inside)} --staged --profile pre-commit"
    lines = ["#!/bin/sh", _MARK, "if command -v elysium >/dev/null 2>&1; then", f"  exec elysium {arguments}", "fi"]
    if committed:
        lines += ["echo 'elysium is not installed: the commit was not checked' >&2", "exit 1"]
    else:
        lines.append(f"exec {shlex.quote(sys.executable)} -m elysium {arguments}")
    return "\n".join(lines) + "\n"
