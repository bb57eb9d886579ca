"""`elysium check`."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
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
    output: Annotated[
        Literal["text", "json", "sarif", "junit", "github", "markdown", "html"],
        Output,
        Parameter(help="The form of the result."),
    ] = "text",
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
    names = tuple(name.strip() for item in rules for name in item.split(",") if name.strip())
    return _check(_Question(target=target, rules=names, profile=profile, fail_on=fail_on or ""), output, common)


@dataclass(frozen=True, kw_only=True)
class _Question:
    target: str
    rules: tuple[str, ...]
    profile: str
    fail_on: str

    @property
    def subject(self) -> str:
        """What is checked, for a person."""
        if self.target == _INPUT:
            return "standard input"
        return Path(self.target).resolve().name if self.target in (".", "..") else self.target

    @property
    def alone(self) -> bool:
        """Whether objects are checked without a repository."""
        return self.target == _INPUT or Path(self.target).is_file()


def _check(question: _Question, output: str, common: Common) -> int:
    started = time.monotonic()
    with workspace("." if question.alone else question.target, common) as opened:
        report = _report(opened, question)
        level = question.fail_on or _level(opened, question)
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


def _prefix(opened: Workspace, question: _Question, output: str) -> str:
    """Where what is checked lies below this directory, for the forms whose readers know no other."""
    if question.alone or output not in ("github", "sarif"):
        return ""
    root, here = Path(opened.tree.root), Path.cwd()
    return root.relative_to(here).as_posix() if root != here and root.is_relative_to(here) else ""


def _report(opened: Workspace, question: _Question) -> Report:
    if not question.alone:
        return opened.check(rules=question.rules, profile=question.profile)
    standard = question.target == _INPUT
    text = sys.stdin.buffer.read() if standard else Path(question.target).read_bytes()
    name = "" if standard else question.target
    return opened.check_objects(text, rules=question.rules, profile=question.profile, name=name)


def _level(opened: Workspace, question: _Question) -> str:
    from elysium.check import PROFILES

    return PROFILES.get(question.profile) or ("error" if question.alone else opened.settings.fail_on)
