"""What `elysium check` is asked: a target, rules, what counts as known, and whether to mend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli.options import Common, Switch
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api import Question as ApiQuestion

__all__ = ["INPUT", "NOTHING_KNOWN", "OF_SETTINGS", "Beside", "Question", "Rules"]

INPUT = "-"
"""The target that stands for standard input."""

_BESIDE = Group("Only what is new", sort_key=1)
_MEND = Group("Mend", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Rules:
    """Which rules run, and what makes the check fail."""

    rules: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Only these rules, by id or topic; several with commas.", show_default=False),
    ] = ()
    profile: Annotated[
        str,
        Parameter(
            help="The rules of this profile: default, pre-commit, review, gitops, security or strict.",
            show_default=False,
        ),
    ] = ""
    fail_on: Annotated[
        Literal["error", "warning", "unknown"] | None,
        Parameter(help="What else than errors makes the check fail; the profile decides by default."),
    ] = None

    @property
    def names(self) -> tuple[str, ...]:
        """The ids that were given, commas or not."""
        return tuple(name.strip() for item in self.rules for name in item.split(",") if name.strip())


OF_SETTINGS = Rules()
"""The rules and the level that the settings name, or the defaults."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Beside:
    """What counts as known already, and what to do with what is found."""

    since: Annotated[
        str,
        Parameter(
            group=_BESIDE,
            help="Only what was not found where this revision and HEAD parted; BASE..HEAD for another end.",
            show_default=False,
        ),
    ] = ""
    staged: Annotated[
        bool, Switch, Parameter(group=_BESIDE, help="Check what the next commit would hold, not the working tree.")
    ] = False
    baseline: Annotated[
        str, Parameter(group=_BESIDE, help="Only what this file does not hold.", show_default=False)
    ] = ""
    update_baseline: Annotated[
        bool, Switch, Parameter(group=_BESIDE, help="Write what is found into the baseline.")
    ] = False
    fix: Annotated[
        bool, Switch, Parameter(group=_MEND, help="Mend what needs nobody's judgement, then check again.")
    ] = False
    dry_run: Annotated[
        bool, Switch, Parameter(group=_MEND, help="With --fix: show the changes as a diff and make none.")
    ] = False


NOTHING_KNOWN = Beside()
"""Everything is reported, nothing is changed."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """The arguments of one check. Raises UsageError for those that cannot be meant together."""

    target: str
    chosen: Rules = OF_SETTINGS
    beside: Beside = NOTHING_KNOWN

    @classmethod
    def of_arguments(cls, target: str, chosen: Rules, beside: Beside) -> Question:
        """The question of a command line. `BASE..HEAD` in place of a target is that range of the repository here."""
        if ".." not in target or target.startswith((".", "/")) or Path(target).exists():
            return cls(target=target, chosen=chosen, beside=beside)
        if beside.since:
            raise UsageError("the revisions are named twice", subject=target, hint="leave out --since")
        return cls(target=".", chosen=chosen, beside=replace(beside, since=target))

    @property
    def subject(self) -> str:
        """What is checked, for a person."""
        if self.target == INPUT:
            return "standard input"
        return Path(self.target).resolve().name if self.target in (".", "..") else self.target

    @property
    def alone(self) -> bool:
        """Whether objects are checked without a repository."""
        return self.target == INPUT or Path(self.target).is_file()

    def common(self, common: Common) -> Common:
        """The shared options with the revision that `--since BASE..HEAD` names."""
        self._meant_together(common)
        end = self._range[1]
        return replace(common, revision=end) if end else common

    def for_api(self) -> ApiQuestion:
        """The same question to the API."""
        from elysium.api import Question as ApiQuestion

        beside = self.beside
        return ApiQuestion(
            rules=self.chosen.names,
            profile=self.chosen.profile,
            since=self._range[0],
            baseline=Path(beside.baseline) if beside.baseline else None,
        )

    @property
    def _range(self) -> tuple[str, str]:
        if not self.beside.since:
            return "", ""
        from elysium.api import split_range

        return split_range(self.beside.since)

    def _meant_together(self, common: Common) -> None:
        beside, end = self.beside, self._range[1]
        of_git = beside.staged or common.revision or end
        pairs = (
            (beside.staged and (common.revision or end), "--staged looks at the index and not at a revision"),
            (common.revision and end, "the revision to look at is named twice"),
            (beside.fix and of_git, "--fix changes the working tree, and this looks at something else"),
            (beside.dry_run and not beside.fix, "--dry-run says nothing without --fix"),
            (beside.fix and beside.update_baseline, "--fix mends what --update-baseline accepts"),
            (self.alone and beside != NOTHING_KNOWN, "a file or a stream has no history, baseline or working tree"),
        )
        for together, message in pairs:
            if together:
                raise UsageError(message, hint="leave one of them out; see `elysium check --help`")
