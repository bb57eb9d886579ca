"""`elysium check`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import DEFAULTS, Common, Output, say_timings, workspace
from elysium.cli.question import INPUT, NOTHING_KNOWN, OF_SETTINGS, Beside, Question, Rules
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api import Report, Workspace

__all__ = ["check"]


def check(
    target: Annotated[
        str,
        Parameter(
            name="TARGET",
            help="A repository, a file or directory of objects, - for standard input, or BASE..HEAD of the one here.",
            allow_leading_hyphen=True,
        ),
    ] = ".",
    /,
    *,
    chosen: Rules = OF_SETTINGS,
    output: Annotated[
        Literal["text", "json", "sarif", "junit", "github", "markdown", "html"],
        Output,
        Parameter(help="The form of the result."),
    ] = "text",
    beside: Beside = NOTHING_KNOWN,
    common: Common = DEFAULTS,
) -> int:
    """Render every cluster of a repository and name what is wrong.

    Exits with 0 when nothing is wrong, 1 when something is, 2 when it could not be checked.

    For example:

    * `elysium check`: the repository in this directory
    * `elysium check --rules plaintext-secret,schema`: two rules only
    * `elysium check --profile strict --fail-on unknown -o json`: for a pipeline
    * `elysium check --profile review --since main`: what this branch brings
    * `elysium check --baseline known.json --update-baseline`: accept what is there, fail on what is new
    * `elysium check --flux-version 2.8..2.9`: what an upgrade of Flux changes here
    * `elysium check --fix --dry-run`: what could be mended by itself, as a diff
    * `helm template ./chart | elysium check -`: a stream of objects, without Flux
    """
    if target.startswith("-") and target != INPUT:
        raise UsageError(f"there is no option {target}", hint="see `elysium check --help`")
    question = Question.of_arguments(target, chosen, beside)
    common = question.common(common)
    if ".." in common.flux_version + common.kubernetes_version:
        from elysium.cli.upgrading import show_upgrade

        return show_upgrade(question, output, common)
    if beside.fix:
        from elysium.cli import mending

        if beside.dry_run:
            return mending.show(question, output, common)
        mending.mend(question, common)
    return _check(question, output, common)


def _check(question: Question, output: str, common: Common) -> int:
    started = time.monotonic()
    with workspace("." if question.alone else question.target, common, staged=question.beside.staged) as opened:
        if question.beside.update_baseline:
            return _update_baseline(opened, question, output)
        report = _report(opened, question)
        level = question.chosen.fail_on or _level(opened, question)
        from elysium.present.forms import Run, write_report

        run = Run(
            subject=question.subject,
            revision=report.revision,
            seconds=time.monotonic() - started,
            from_cache=opened.from_cache,
            fail_on=level,
            prefix=_prefix(opened, question, output),
        )
        write_report(output, report, run)
        say_timings(opened, common)
    return int(report.summary.fails(level))


def _update_baseline(opened: Workspace, question: Question, output: str) -> int:
    from elysium.api import renew_baseline

    updated = renew_baseline(opened, question.for_api())
    if output == "json":
        import msgspec

        print(msgspec.json.encode(updated).decode())
    else:
        print(f"{updated.file}: {updated.findings} known, {updated.added} added, {updated.removed} removed")
    return 0


def _prefix(opened: Workspace, question: Question, output: str) -> str:
    """Where what is checked lies below this directory, for the forms whose readers know no other."""
    if question.alone or output not in ("github", "sarif"):
        return ""
    root, here = opened.root, Path.cwd()
    return root.relative_to(here).as_posix() if root != here and root.is_relative_to(here) else ""


def _report(opened: Workspace, question: Question) -> Report:
    if not question.alone:
        from elysium.api import examine

        return examine(opened, question.for_api())
    standard = question.target == INPUT
    text = sys.stdin.buffer.read() if standard else Path(question.target).read_bytes()
    name = "" if standard else question.target
    return opened.check_objects(text, rules=question.chosen.names, profile=question.chosen.profile, name=name)


def _level(opened: Workspace, question: Question) -> str:
    from elysium.check import PROFILES

    return PROFILES.get(question.chosen.profile) or ("error" if question.alone else opened.settings.fail_on)
