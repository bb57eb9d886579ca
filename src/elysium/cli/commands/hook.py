"""`elysium hook`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from elysium.cli.options import Output, Switch

if TYPE_CHECKING:
    from elysium.api import HookState

__all__ = ["app"]

app = App(
    name="hook",
    help="Check what is staged before every commit: a git hook.",
    help_format="plaintext",
    version_flags=[],
)

_Repository = Annotated[str, Parameter(name="REPOSITORY", help="The repository, or its directory in a checkout.")]


@app.command
def install(
    repository: _Repository = ".",
    /,
    *,
    force: Annotated[bool, Switch, Parameter(help="Replace another hook; it is kept beside.")] = False,
) -> int:
    """Install the hook: `elysium check --staged --profile pre-commit` before every commit.

    For example:

    * `elysium hook install`: for the repository in this directory
    * `elysium hook install --force`: in place of another hook, which is kept
    """
    from elysium.api import install_hook

    return _say(install_hook(Path(repository), force=force))


@app.command
def remove(repository: _Repository = ".", /) -> int:
    """Remove the hook, and put back the one that it had replaced.

    For example:

    * `elysium hook remove`
    """
    from elysium.api import remove_hook

    _say(remove_hook(Path(repository)))
    return 0


@app.command
def status(
    repository: _Repository = ".",
    /,
    *,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
) -> int:
    """Say whether the hook is installed: exits with 0 when it is, with 1 when it is not.

    For example:

    * `elysium hook status -o json`
    """
    from elysium.api import hook_state

    state = hook_state(Path(repository))
    if output == "json":
        import msgspec

        print(msgspec.json.encode(state).decode())
        return int(state.state != "installed")
    return _say(state)


def _say(state: HookState) -> int:
    print(f"{state.state}: {state.file}")
    if state.kept:
        print(f"kept: {state.kept}")
    return int(state.state != "installed")
