"""`elysium agents`."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from elysium.cli.options import DEFAULTS, Many, Output, Switch

__all__ = ["app"]

app = App(
    name="agents",
    help="Write the files that coding assistants read from one source, and judge them.",
    help_format="plaintext",
    version_flags=[],
)

_Name = Literal["agent", "chatmode", "prompt", "instructions", "copilot", "readme", "agents-md", "claude-md", "skill"]
_Path = Annotated[str, Parameter(name="PATH", help="The repository, or files and directories of one. [default: .]")]
_Form = Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")]


@app.command
def sync(
    *,
    repo: Annotated[str, Parameter(help="The repository to write into.")] = ".",
    formats: Annotated[
        tuple[_Name, ...],
        Many,
        Parameter(name="--format", help="Only files of this kind. Repeatable; all by default."),
    ] = (),
    check: Annotated[
        bool, Switch, Parameter(help="Write nothing, and exit with 1 when a file is not what would be written.")
    ] = False,
    dry_run: Annotated[bool, Switch, Parameter(help="Show what would be written, and write nothing.")] = False,
    force: Annotated[bool, Switch, Parameter(help="Overwrite generated parts that somebody changed.")] = False,
    output: _Form = "text",
) -> int:
    """Write roles, prompts, skills, instructions, AGENTS.md and CLAUDE.md.

    What stands outside of the generated part of a file stays. A generated part that somebody changed
    is told and stays, too, and the exit code is 1. What is to hold in every file goes to
    .elysium/agents.md; `elysium agents lint` checks all of them.

    For example:

    * `elysium agents sync --dry-run`: see the differences first
    * `elysium agents sync --format agent --format prompt`: no other kinds
    * `elysium agents sync --check`: for a pipeline
    """
    from elysium.agents import Format
    from elysium.api.agent_files import sync_agents
    from elysium.cli import scaffolding
    from elysium.cli.options import workspace

    with workspace(repo, DEFAULTS, plain=True) as opened:
        made = sync_agents(opened, [Format(item) for item in formats], force=force)
    code = scaffolding.finish(made, dry_run=dry_run or check, ask=False, output=output)
    return 1 if check and any(item.text != item.before for item in made.changes) else code


@app.command
def lint(*paths: _Path, output: _Form = "text") -> int:
    """Find what is wrong in agents, chat modes, prompts, instructions, skills, AGENTS.md and CLAUDE.md.

    Keys that are unknown or old, tools that write in an agent that plans, links and paths that lead
    nowhere, commands that this version does not have, patterns that match nothing, names that are
    there twice, generated parts that are changed or out of date, secrets. Exits with 1 when there is
    more than information.

    For example:

    * `elysium agents lint`: every such file of the repository
    * `elysium agents lint .github/agents/planner.agent.md`
    * `elysium agents lint -o json`
    """
    from elysium.api.agent_files import lint_agents, repository_of
    from elysium.cli.command_tree import command_tree
    from elysium.cli.options import workspace
    from elysium.present.agents import agent_lint_json, print_agent_lint
    from elysium.present.console import console

    named = paths or (".",)
    with workspace(repository_of(named[0]), DEFAULTS, plain=True) as opened:
        linted = lint_agents(opened, named, command_tree())
    if output == "json":
        print(agent_lint_json(linted), end="")
    else:
        print_agent_lint(console(), linted)
    return int(linted.fails)
