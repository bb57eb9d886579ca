"""What `elysium new` and `elysium init` do alike: read answers, ask for what is missing, show, ask, write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from elysium.cli import complain
from elysium.cli.options import Common, workspace
from elysium.errors import SealingError, UsageError
from elysium.kit.terminal import visible

if TYPE_CHECKING:
    from elysium.api import Request, Scaffold, Scaffolder, Workspace
    from elysium.scaffold import Parameter, Placeholder

__all__ = [
    "Said",
    "Wish",
    "ask_for",
    "finish",
    "given",
    "interactive",
    "prepared",
    "secrets_of",
    "show",
]

_CONFLICTS = 1
_DECLINED = 2


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which components are meant, and from which folders they may come."""

    kind: str
    names: tuple[str, ...]
    preset: str
    folders: tuple[str, ...]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What was said about them, and whether more may be asked."""

    answers: Mapping[str, Any]
    secrets: Mapping[str, bytes]
    certificate: str
    ask: bool


def prepared(opened: Workspace, wish: Wish, said: Said, *, update: bool, needs: bool) -> Scaffold:
    """What the wish would write. Asks for what is missing where there is somebody to ask."""
    from elysium.api import Scaffolder, component_folders

    scaffolder = Scaffolder.of(opened, component_folders(opened, wish.folders), said.certificate)
    asking = said.ask and interactive()
    scaffolder.ask = _ask_secret if asking else None
    for request in _requests(scaffolder, wish, said, update):
        scaffolder.add(ask_for(scaffolder, request) if asking else request, needs=needs)
    return scaffolder.result


def _requests(scaffolder: Scaffolder, wish: Wish, said: Said, update: bool) -> list[Request]:
    from elysium.api import Request

    if not update:
        more: dict[str, Any] = {"preset": wish.preset, "answers": said.answers, "secrets": said.secrets}
        return [Request(kind=wish.kind, name=name, **more) for name in wish.names]
    found = [
        msgspec.structs.replace(item, secrets=said.secrets)
        for item in scaffolder.recorded()
        if wish.kind in ("", item.kind) and (not wish.names or item.name in wish.names)
    ]
    if not found:
        raise UsageError("nothing of this was written by `elysium new`", hint="its records are in .elysium/")
    return found


def given(settings: tuple[str, ...], file: str, options: Mapping[str, str]) -> dict[str, Any]:
    """Answers of a file, then those of the command line, which win."""
    from elysium.scaffold import read_answers, read_settings

    read = read_answers(Path(file)) if file else {}
    return {**read, **read_settings(settings), **options}


def secrets_of(texts: tuple[str, ...]) -> dict[str, bytes]:
    """Plaintexts by key, each from a file or standard input; never from the arguments themselves."""
    from elysium.secrets import read_file as read_value

    found: dict[str, bytes] = {}
    for text in texts:
        key, sign, place = text.partition("=")
        if not sign or not key or not place:
            hint = "--secret KEY=FILE, or KEY=- for standard input"
            raise UsageError("this names no file", subject=f"--secret {key if sign else ''}".rstrip(), hint=hint)
        try:
            found[key] = read_value(place, sys.stdin.buffer)
        except SealingError as error:  # not the place: it may be the value itself, given by mistake
            hint = "--secret KEY=FILE, or KEY=- for standard input"
            raise UsageError(error.message, subject=f"--secret {key}", hint=hint) from None
    return found


def show(wish: Wish, repository: str, common: Common, output: str) -> int:
    """List components: all, of a kind, or one with its parameters. Works outside of a repository, too."""
    from elysium.api import component_folders, library_of
    from elysium.present.console import console
    from elysium.present.scaffolded import components_json, print_component, print_components

    with workspace(repository, common, plain=True) as opened:
        library = library_of(opened, component_folders(opened, wish.folders))
    chosen = "/".join(filter(None, (wish.kind, f"presets/{wish.preset}" if wish.preset else "", *wish.names)))
    exact = chosen in library.ids
    found = (library.get(chosen),) if exact else library.components(wish.kind)
    if not found or ((wish.names or wish.preset) and not exact):
        library.get(chosen)  # says what is near
    if output == "json":
        print(components_json(found), end="")
    elif exact:
        print_component(console(), found[0])
    else:
        print_components(console(), found)
    return 0


def finish(
    scaffold: Scaffold, *, dry_run: bool, ask: bool, output: str, write: Callable[[], None] | None = None
) -> int:
    """Show what would be written, ask, write, and say what is left to do. Conflicts are an exit code of 1.

    `write` writes in place of `write_scaffold`, where more than the files of the scaffold is to be written.
    """
    from elysium.api import write_scaffold
    from elysium.present.console import console
    from elysium.present.scaffolded import print_proposal, print_rest, print_scaffold, scaffold_json

    asking = ask and not dry_run and output == "text" and interactive()
    if asking:
        print_proposal(console(), scaffold)
        if input("write this? [Y/n] ").strip().lower() not in ("", "y", "yes"):
            complain.warn("nothing was written")
            return _DECLINED
    if not dry_run:
        if write:
            write()
        else:
            write_scaffold(scaffold)
    if output == "json":
        print(scaffold_json(scaffold, written=not dry_run), end="")
    elif asking:
        print_rest(console(), scaffold, written=True)
    else:
        print_scaffold(console(), scaffold, diffs=dry_run, written=not dry_run)
    return _CONFLICTS if scaffold.conflicts else 0


def interactive() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_for(scaffolder: Scaffolder, request: Request) -> Request:
    """The request with the answers that a person gives to what is missing."""
    answers = dict(request.answers)
    while wanted := scaffolder.missing(msgspec.structs.replace(request, answers=answers)):
        answers[wanted[0].name] = _asked(wanted[0])
    return msgspec.structs.replace(request, answers=answers)


def _asked(parameter: Parameter) -> Any:
    from rich.text import Text

    from elysium.present.console import console, line, plain
    from elysium.scaffold import allowed, coerce

    line(console(), Text(plain(f"{parameter.help} ({allowed(parameter)})")))
    while True:
        raw = input(f"{parameter.name}: ").strip()
        try:
            coerce(parameter, raw)
        except ValueError:
            complain.warn(f"{raw!r}: allowed is {allowed(parameter)}")
        else:
            return raw


def _ask_secret(wanted: Placeholder) -> str:
    """A value to seal, typed unseen; empty leaves a placeholder."""
    from getpass import getpass

    return getpass(visible(f"{wanted.name}/{wanted.key}: {wanted.what} (not shown; empty: later): "))
