"""Who reaches whom, who may do what, and whether a namespace keeps to its quota."""

from __future__ import annotations

import re

from elysium.evaluate.endpoints import OUTSIDE, Endpoint, endpoint_of
from elysium.evaluate.rbac import Account, Right, access_of
from elysium.evaluate.reach import Answer
from elysium.evaluate.service_reach import reach_service
from elysium.evaluate.services import service
from elysium.evaluate.verdicts import Verdict
from elysium.evaluate.workloads import workload_of
from elysium.kit.dns import is_label
from elysium.plans.checks import rendered
from elysium.plans.checks.arguments import amount, namespaced, object_pattern
from elysium.plans.checks.objects import missing
from elysium.plans.checks.previews import judge_fit
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World
from elysium.previews.fit import fit

__all__ = ["VERBS"]

_TARGET = re.compile(r"([a-z0-9-]+)/([a-z0-9-]+):([a-z0-9-]+)")
_RESOURCE = re.compile(r"([a-z*][a-z0-9/*-]*)(?:\.([a-z0-9.-]+))?")
_VERDICTS = ("allowed", "denied")


def _refuse_reach(words: tuple[str, ...]) -> str:
    wrong = amount(words, 2, 3) or ("" if words[0] == "outside" else object_pattern(words[0]))
    if not wrong and not _TARGET.fullmatch(words[1]):
        wrong = f"{words[1]!r} is no namespace/service:port"
    return wrong or ("" if words[2:] in ((), ("allowed",), ("denied",)) else f"{words[2]!r} is not allowed or denied")


def _reach(words: tuple[str, ...], world: World) -> Outcome:
    target = _TARGET.fullmatch(words[1])
    namespace, name, port = target.groups() if target else ("", "", "")
    index = world.index()
    leading = service(index, namespace, name)
    if leading is None:
        return missing(world, f"Service/{namespace}/{name}")
    sources = _sources(words[0], world)
    if not sources:
        return missing(world, words[0])
    answers = [answer for source in sources for answer in reach_service(index, source, leading, port)]
    if not answers:
        return unknown(f"nothing known is behind {words[1]}", **rendered.place(leading.item))
    outcome = _judged_reach(words, answers, rendered.place(leading.item))
    spaces = {namespace, rendered.parts(words[0])[1] or namespace}
    reason = next(filter(None, (rendered.hidden(world, space, failed=True) for space in sorted(spaces))), "")
    if reason:  # it may bring policies along, and pods that are meant
        return unknown(f"{outcome.reason}; but {reason}", **rendered.place(leading.item))
    return outcome


def _judged_reach(words: tuple[str, ...], answers: list[Answer], place: dict[str, str | int]) -> Outcome:
    wanted = Verdict(words[2] if words[2:] else "allowed")
    for answer in answers:
        if answer.verdict not in (wanted, Verdict.UNKNOWN):
            return failed(f"{answer.source} to {words[1]} is {answer.verdict}: {answer.reason}", **place)
    open_question = next((answer for answer in answers if answer.verdict is Verdict.UNKNOWN), None)
    if open_question:
        return unknown(f"{open_question.source} to {words[1]}: {open_question.reason}", **place)
    return passed(f"{words[0]} to {words[1]} is {wanted}: {answers[0].reason}", **place)


def _sources(pattern: str, world: World) -> list[Endpoint]:
    if pattern == "outside":
        return [OUTSIDE]
    index = world.index()
    found = (workload_of(index, item) for item in rendered.matching(world, pattern))
    return [endpoint_of(workload) for workload in found if workload is not None]


def _refuse_can(words: tuple[str, ...]) -> str:
    rest = words[3:]
    wrong = amount(words, 3, 5) or namespaced(words[0])
    if not wrong and not (words[1].isalpha() and _RESOURCE.fullmatch(words[2])):
        wrong = f"{words[1]} {words[2]} is no verb with a resource, such as create deployments.apps"
    if rest and rest[-1] in _VERDICTS:
        rest = rest[:-1]
    return wrong or ("" if all(map(is_label, rest)) and len(rest) < 2 else f"{rest[-1]!r} is no namespace")


def _can(words: tuple[str, ...], world: World) -> Outcome:
    space, _, name = words[0].partition("/")
    found = _RESOURCE.fullmatch(words[2])
    wanted = Verdict(words[-1] if words[-1] in _VERDICTS else "allowed")
    namespace = next((word for word in words[3:] if word not in _VERDICTS), "")
    resource, group = (found[1], found[2] or "") if found else (words[2], "")
    right = Right(verb=words[1], group=group, resource=resource, namespace=namespace)
    account = Account(kind="ServiceAccount", name=name, namespace=space)
    decision = access_of(world.index()).may(account, right)
    place = rendered.place(decision.binding) if decision.binding else {}
    if decision.verdict is Verdict.UNKNOWN:
        return unknown(f"{words[0]}, {right}: {decision.reason}", **place)
    hidden = rendered.hidden(world, failed=True) if decision.verdict is Verdict.DENIED else ""
    if hidden:
        return unknown(f"{decision.reason} in what is known; {hidden}")
    if decision.verdict is wanted:
        return passed(f"{words[0]} is {wanted} to {right}: {decision.reason}", **place)
    return failed(f"{words[0]} is {decision.verdict} to {right}: {decision.reason}", **place)


def _refuse_quota(words: tuple[str, ...]) -> str:
    return amount(words, 1, 1) or ("" if is_label(words[0]) else f"{words[0]!r} is no namespace")


def _quota(words: tuple[str, ...], world: World) -> Outcome:
    hidden = rendered.hidden(world, words[0])
    found = fit(world.index(), words[0])
    outcome = judge_fit(found)
    if hidden and (outcome.result != "fail" or not found.quotas):
        return unknown(f"what {words[0]} takes is not known; {hidden}")
    return outcome


VERBS = (
    Verb(
        name="reach",
        usage="reach KIND/NAMESPACE/NAME|outside NAMESPACE/SERVICE:PORT [allowed|denied]",
        summary="NetworkPolicies let these pods talk to the Service, or (`denied`) keep them from it.",
        example="reach Deployment/wiki/wiki postgresql/postgresql:5432",
        refuse=_refuse_reach,
        run=_reach,
    ),
    Verb(
        name="can",
        usage="can NAMESPACE/SERVICEACCOUNT VERB RESOURCE[.GROUP] [NAMESPACE] [allowed|denied]",
        summary="The roles of the repository let an account do that, or (`denied`) do not.",
        example="can previews/deployer create deployments.apps wiki",
        refuse=_refuse_can,
        run=_can,
    ),
    Verb(
        name="quota",
        usage="quota NAMESPACE",
        summary="Everything of a namespace fits its ResourceQuota and LimitRange, while it is rolled out, too.",
        example="quota wiki",
        refuse=_refuse_quota,
        run=_quota,
    ),
)
