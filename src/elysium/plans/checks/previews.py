"""Whether the preview of a pull request would work (`elysium preview`)."""

from __future__ import annotations

from elysium.plans.checks.arguments import amount
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World
from elysium.previews.fit import Fit, Verdict

__all__ = ["VERBS", "judge_fit"]


def _refuse(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1, 1)
    return wrong or ("" if words[0].isdecimal() and 0 < len(words[0]) < 8 else f"{words[0]!r} is no number")


def _fit(words: tuple[str, ...], world: World) -> Outcome:
    return judge_fit(world.preview(int(words[0])).fit)


def judge_fit(fit: Fit) -> Outcome:
    """The result of comparing what a namespace is to hold with its quota."""
    if fit.refused:
        return failed(f"{fit.refused[0].object}: {fit.refused[0].reason}; {fit.refused[0].change}")
    for line in fit.lines:
        if line.verdict is not Verdict.FITS:
            return failed(f"{line.resource} of {line.quota}: {line.verdict.value}; {line.change}")
    if not fit.quotas:
        return failed(f"{fit.namespace} has no quota")
    for line in fit.lines:
        if line.unknown:
            return unknown(f"{line.resource} of {line.quota}: what {line.unknown[0]} takes is not known")
    return passed(f"{fit.namespace} fits its quota, while it is rolled out, too")


def _works(words: tuple[str, ...], world: World) -> Outcome:
    found = world.preview(int(words[0]))
    if found.fit.verdict is Verdict.DOES_NOT_FIT:
        return failed(f"{found.fit.namespace} does not fit its quota")
    if found.blocked:
        way = found.blocked[0]
        return failed(f"{way.source} cannot reach {way.target}: policies close the way")
    if found.lacking:
        return failed(f"{found.account} may not do what deploying takes: {found.lacking[0]}")
    return passed(f"{found.fit.namespace} fits, reaches what it needs, and {found.account or 'anybody'} can deploy it")


VERBS = (
    Verb(
        name="preview-fit",
        usage="preview-fit NUMBER",
        summary="The preview of a pull request fits its quota, while it is rolled out, too (`elysium preview fit`).",
        example="preview-fit 42",
        refuse=_refuse,
        run=_fit,
    ),
    Verb(
        name="preview",
        usage="preview NUMBER",
        summary="The preview of a pull request fits, reaches what it needs, and its account can deploy it.",
        example="preview 42",
        refuse=_refuse,
        run=_works,
    ),
)
