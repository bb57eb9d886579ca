"""Workloads of which nothing is known are told as such, not passed over."""

from __future__ import annotations

import msgspec
import pytest

from elysium.cluster.protocol import Action, Entry, Observation, Pod, Reference, Workload
from elysium.rehearse.judging import World, judge, unfinished, workload_verdicts
from elysium.rehearse.types import Phase

WEB = Workload(
    object=Reference(group="apps", version="v1", kind="Deployment", namespace="web", name="web"), wanted=9, ready=2
)
BOUND = "pods is forbidden: a rehearsal simulates no more Pods"


def told(observation: Observation) -> list[str]:
    judged = {item.object for item in workload_verdicts(observation, Phase.HEAD, {}, World())}
    return [item.message for item in unfinished(observation, judged, Phase.HEAD)]


def test_a_workload_that_is_too_large_to_simulate_is_no_refusal() -> None:
    huge = Observation(workloads=(msgspec.structs.replace(WEB, failure=BOUND),))
    assert workload_verdicts(huge, Phase.HEAD, {}, World()) == ()
    [message] = told(huge)
    assert "Deployment/web/web (2 of 9): more Pods than a rehearsal simulates" in message


def test_a_workload_on_its_way_is_named_and_a_ready_or_judged_one_is_not() -> None:
    ready = msgspec.structs.replace(WEB, object=Reference(kind="Deployment", name="ready"), ready=9)
    refused = msgspec.structs.replace(WEB, object=Reference(kind="Job", name="refused"), failure="exceeded quota")
    [message] = told(Observation(workloads=(WEB, ready, refused)))
    assert message.startswith("Deployment/web/web (2 of 9): still on the way")


def test_what_a_pod_says_itself_is_not_said_again() -> None:
    pod = Pod(object=Reference(kind="Pod", name="web-1"), owner=WEB.object, message="0/1 nodes are available: ...")
    world = World(made_up_nodes=True)
    observation = Observation(workloads=(WEB,), pods=(pod,))
    assert workload_verdicts(observation, Phase.HEAD, {}, world) == ()
    assert not list(unfinished(observation, set(), Phase.HEAD))


@pytest.mark.parametrize(
    "message",
    [
        "the provided IP (172.30.0.10) is not in the valid range. The range of valid IPs is 10.96.0.0/12",
        'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
        'Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
)
def test_addresses_are_a_matter_of_the_real_cluster(message: str) -> None:
    service = Reference(version="v1", kind="Service", namespace="web", name="web")
    entry = Entry(object=service, action=Action.REJECTED, message=message, reason="Invalid", code=422)
    assert "address ranges of the real cluster" in judge(entry, opaque=False).unknown


def test_a_policy_that_is_invalid_is_not_refused_by_a_policy() -> None:
    policy = Reference(group="admissionregistration.k8s.io", version="v1", kind="ValidatingAdmissionPolicy", name="no")
    message = (
        'ValidatingAdmissionPolicy.admissionregistration.k8s.io "no" is invalid: spec.matchConstraints: Required value'
    )
    entry = Entry(object=policy, action=Action.REJECTED, message=message, reason="Invalid", code=422)
    assert judge(entry, opaque=False).cause == "invalid"
