"""`elysium check`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import DEFAULTS, Common, Output, say_timings, workspace
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api import Report, Workspace

__all__ = ["check"]

_INPUT = "-"


def check(
    target: Annotated[
        str,
        Parameter(
            name="TARGET",
            help="A repository, a file or directory of objects, or - for standard input.",
            allow_leading_hyphen=True,
        ),
    ] = ".",
    /,
    *,
    rules: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Only these rules, by id; several with commas.", show_default=False),
    ] = (),
    profile: Annotated[
        str, Parameter(help="The rules of this profile: default, pre-commit or strict.", show_default=False)
    ] = "",
    fail_on: Annotated[
        Literal["error", "warning", "unknown"] | None,
        Parameter(help="What else than errors makes the check fail; the profile decides by default."),
    ] = None,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    common: Common = DEFAULTS,
) -> int:
    """Render every cluster of a repository and name what is wrong.

    Exits with 0 when nothing is wrong, 1 when something is, 2 when it could not be checked.

    For example:

    * `elysium check`: the repository in this directory
    * `elysium check --rules plaintext-secret,schema`: two rules only
    * `elysium check --profile strict --fail-on unknown -o json`: for a pipeline
    * `helm template ./chart | elysium check -`: a stream of objects, without Flux
    """
    if target.startswith("-") and target != _INPUT:
        raise UsageError(f"there is no option {target}", hint="see `elysium check --help`")
    started = time.monotonic()
    names = tuple(name.strip() for item in rules for name in item.split(",") if name.strip())
    alone = target == _INPUT or Path(target).is_file()
    with workspace("." if alone else target, common) as opened:
        report = _objects(opened, target, names, profile) if alone else opened.check(rules=names, profile=profile)
        level = fail_on or _profile_level(profile) or ("error" if alone else opened.settings.fail_on)
        if output == "json":
            from elysium.present.checked import check_json

            sys.stdout.buffer.write(check_json(report.revision, report.findings, report.units, report.summary))
        else:
            from elysium.present.console import console
            from elysium.present.report import Run, print_report

            run = Run(
                subject="standard input" if target == _INPUT else target,
                revision=report.revision,
                seconds=time.monotonic() - started,
                from_cache=opened.from_cache,
                fail_on=level,
            )
            print_report(console(), run, report.findings, report.units, report.summary)
        say_timings(opened, common)
    return int(report.summary.fails(level))


def _objects(opened: Workspace, target: str, names: tuple[str, ...], profile: str) -> Report:
    text = sys.stdin.buffer.read() if target == _INPUT else Path(target).read_bytes()
    return opened.check_objects(text, rules=names, profile=profile, name="" if target == _INPUT else target)


def _profile_level(profile: str) -> str:
    from elysium.check import PROFILES

    return PROFILES.get(profile, "")
