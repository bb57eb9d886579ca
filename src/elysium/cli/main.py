"""The entry point: which commands there are, and how every way to end becomes an exit code.

0: fine. 1: findings, or a unit that Flux would refuse. 2: Elysium could not run. 130: interrupted. 141: nobody reads.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from elysium import __version__
from elysium.cli import complain
from elysium.errors import ElysiumError

__all__ = ["COMMANDS", "application", "main"]

COMMANDS = {
    "check": ("check:check", "Render every cluster of a repository and name what is wrong."),
    "render": ("render:render", "Print the objects as they reach the cluster."),
    "graph": ("graph:graph", "Show what depends on what, or test an expected chain."),
    "rehearse": (
        "rehearse:app",
        "Replay a change on a real API server, as Flux would apply it, and name what is refused.",
    ),
    "explain": ("explain:explain", "Show what made an object, or what a rule finds and why."),
    "fetch": ("fetch:fetch", "Fetch the charts and sources that a render needs."),
    "cache": ("cache:app", "Look at the cache, prune it, verify it."),
    "init": ("init:init", "Write a repository for a cluster, or elysium.toml for one that is there."),
    "new": ("new:new", "Write a component into the repository: an application, a chart, an image, a workflow."),
    "plan": ("plan:app", "Plans whose every item can be checked by a machine: write, verify, carry out, undo."),
    "secrets": ("secrets:app", "Make SealedSecrets without a cluster, and without plaintext on disk or in arguments."),
    "preview": ("preview:app", "Render the preview of a pull request, tell whether it fits and how it is reached."),
    "agents": ("agents:app", "Write the files that coding assistants read from one source, and judge them."),
    "ci": ("ci:app", "Generate the workflows that a repository asks for, and check those that are there."),
    "hook": ("hook:app", "Check what is staged before every commit: a git hook."),
    "version": ("version:version", "Print the versions of Elysium and of every library it renders with."),
    "completion": ("completion:completion", "Print a completion script for a shell."),
}
"""Every command: its module (imported when it is wanted) and name in `elysium.cli.commands`, and what it does."""

_INTERRUPTED = 130
_NOBODY_READS = 141
_FEW_CYCLES = (100_000, 50, 50)
"""A run makes a great many objects and nearly no cycles of them: looking for cycles as often as usual costs a sixth."""


def application(chosen: str = "") -> App:
    """The command line, without any command's code. Only the `chosen` command explains itself in full."""
    app = App(
        name="elysium",
        help="Render, check and explain a Flux repository, offline, exactly as Flux would. Start with: elysium check",
        version=__version__,
        version_flags=[],
        help_format="plaintext",
        print_error=False,
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )
    for position, (name, (target, summary)) in enumerate(COMMANDS.items()):
        text = None if name == chosen else summary
        app.command(f"elysium.cli.commands.{target}", name=name, help=text, sort_key=position)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Never lets a traceback out."""
    tokens = list(sys.argv[1:] if arguments is None else arguments)
    gc.set_threshold(*_FEW_CYCLES)
    try:
        code = _run(tokens)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    except KeyboardInterrupt:
        complain.interrupted()
        return _INTERRUPTED
    except EOFError:
        return complain.unanswered()
    except ElysiumError as error:
        return complain.error(error)
    except Exception as error:
        return complain.defect(error)


def _run(tokens: list[str]) -> int:
    if tokens == ["--version"]:
        tokens = ["version"]
    app = application(tokens[0] if tokens else "")
    try:
        result = app(tokens)
    except CycloptsError as error:
        return complain.usage(error, tokens)
    return result if isinstance(result, int) else 0
