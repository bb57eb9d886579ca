"""`elysium ci`."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from elysium.cli.options import DEFAULTS, Common, Many, Output, Switch

__all__ = ["app"]

app = App(
    name="ci",
    help="Generate the workflows that a repository asks for, and check those that are there.",
    help_format="plaintext",
    version_flags=[],
)

_Repository = Annotated[str, Parameter(name="REPOSITORY", help="The repository to look at.")]
_Form = Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")]


@app.command
def gen(  # noqa: PLR0913 - one option each
    repository: _Repository = ".",
    /,
    *,
    only: Annotated[tuple[str, ...], Many, Parameter(help="Only this workflow, such as ci. Repeatable.")] = (),
    set_: Annotated[tuple[str, ...], Many, Parameter(name="--set", help="An answer: KEY=VALUE. Repeatable.")] = (),
    dry_run: Annotated[bool, Switch, Parameter(help="Show what would be written, and write nothing.")] = False,
    yes: Annotated[bool, Switch, Parameter(help="Ask nothing.")] = False,
    output: _Form = "text",
    common: Common = DEFAULTS,
) -> int:
    """Write the workflows that the repository asks for: for its cluster, images, charts, functions, previews.

    Answers go to the workflows that know them. A second run is a merge, as with `elysium new`.

    For example:

    * `elysium ci gen --dry-run`: see them first
    * `elysium ci gen --only ci --set registry=ghcr.io/example`
    """
    from elysium.api import generate_workflows
    from elysium.cli import scaffolding
    from elysium.cli.options import workspace
    from elysium.scaffold import read_settings

    with workspace(repository, common, plain=True) as opened:
        scaffold = generate_workflows(opened, only, read_settings(set_))
    return scaffolding.finish(scaffold, dry_run=dry_run, ask=not yes, output=output)


@app.command
def check(repository: _Repository = ".", /, *, output: _Form = "text", common: Common = DEFAULTS) -> int:
    """Judge every workflow, and say which generated ones are not up to date and which are missing.

    Exits with 1 when a workflow is wrong or a risk, or when a generated one is not what would be generated today.

    For example:

    * `elysium ci check`
    * `elysium ci check -o json`
    """
    from elysium.api import check_workflows
    from elysium.cli.options import workspace
    from elysium.present.console import console
    from elysium.present.workflows import print_workflow_check, workflow_check_json

    with workspace(repository, common, plain=True) as opened:
        checked = check_workflows(opened)
    if output == "json":
        print(workflow_check_json(checked), end="")
    else:
        print_workflow_check(console(), checked)
    return int(checked.fails)
