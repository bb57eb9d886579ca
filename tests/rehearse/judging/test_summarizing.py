"""Only what the change brings fails it."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from elysium.cluster.protocol import Action
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.judging.summarizing import exit_code, new_troubles, summarize
from elysium.rehearse.types import Phase, Rehearsal, Server, Verdict, WorkloadState, WorkloadVerdict

UNIT = UnitId("clusters/test", UnitKind.KUSTOMIZATION, "flux-system", "apps")


def refused(name: str = "web", phase: Phase = Phase.HEAD, **more: object) -> Verdict:
    fields = {"action": Action.REJECTED, "message": "exceeded quota, 3 of 2", "cause": "quota", **more}
    return Verdict(phase=phase, object=ObjectId("", "Pod", "web", name), unit=UNIT, **fields)  # type: ignore[arg-type]


def workload(state: WorkloadState, phase: Phase = Phase.HEAD, message: str = "") -> WorkloadVerdict:
    return WorkloadVerdict(
        phase=phase, object=ObjectId("apps", "Deployment", "web", "web"), state=state, message=message
    )


def code(*items: Verdict | WorkloadVerdict) -> int:
    return exit_code(
        Rehearsal(
            base="a",
            head="b",
            server=Server(version="v1.36.3"),
            verdicts=tuple(item for item in items if isinstance(item, Verdict)),
            workloads=tuple(item for item in items if isinstance(item, WorkloadVerdict)),
        )
    )


def test_what_the_base_had_does_not_fail() -> None:
    assert code(refused(phase=Phase.BASE)) == 0
    assert code(refused(phase=Phase.BASE), refused()) == 0
    assert code(refused()) == 1
    assert code(refused(phase=Phase.BASE), refused("other")) == 1


def test_numbers_and_identifiers_make_no_trouble_new() -> None:
    old, new = "0/3 nodes are available: 3 Insufficient cpu", "0/4 nodes are available: 4 Insufficient cpu"
    state = WorkloadState.UNSCHEDULABLE
    assert code(workload(state, Phase.BASE, old), workload(state, message=new)) == 0
    assert code(workload(state, Phase.BASE, old), workload(state, message=new.replace("cpu", "memory"))) == 1
    known = refused(phase=Phase.BASE, message="uid 4eb3ee34-0fe7-43f2-9f4a-dda138c3d367 uses 2Gi")
    assert code(known, refused(message="uid 11111111-0fe7-43f2-9f4a-dda138c3d367 uses 3Gi")) == 0


def test_another_cause_or_state_is_new() -> None:
    assert code(refused(phase=Phase.BASE), refused(cause="limit-range")) == 1
    assert (
        code(workload(WorkloadState.REFUSED, Phase.BASE, "x"), workload(WorkloadState.UNSCHEDULABLE, message="x")) == 1
    )


def test_what_is_unknown_or_ready_or_skipped_never_fails() -> None:
    assert code(refused(unknown="a value"), refused(action=Action.SKIPPED), workload(WorkloadState.READY)) == 0


def test_the_way_back_counts_unless_the_base_was_refused_too() -> None:
    assert code(refused(phase=Phase.ROLLBACK)) == 1
    assert code(refused(phase=Phase.BASE), refused(phase=Phase.ROLLBACK)) == 0


def test_the_same_trouble_is_counted_once() -> None:
    assert len(new_troubles([refused(), refused(phase=Phase.ROLLBACK)], [])) == 1


def test_a_summary_counts_the_head() -> None:
    verdicts = [
        refused("gone", Phase.BASE),
        refused("old", Phase.BASE),
        refused("old"),
        refused("new"),
        refused("fine", action=Action.CREATED, warnings=("deprecated",)),
    ]
    summary = summarize(verdicts, [workload(WorkloadState.UNBOUND)], leftovers=["x"], seconds={"head": 1.5})
    assert (summary.objects, summary.actions) == (3, {"created": 1, "rejected": 2})
    assert (summary.new, summary.known, summary.fixed, summary.warnings) == (2, 1, 1, 1)
    assert (summary.leftovers, summary.seconds) == (("x",), {"head": 1.5})


VERDICTS = st.builds(
    refused,
    st.sampled_from(["a", "b"]),
    st.sampled_from(Phase),
    message=st.sampled_from(["one 1", "one 2", "two"]),
    action=st.sampled_from([Action.REJECTED, Action.CREATED]),
)
WORKLOADS = st.builds(
    workload, st.sampled_from(WorkloadState), st.sampled_from(Phase), st.sampled_from(["one 1", "one 2", "two"])
)


@given(st.lists(VERDICTS), st.lists(WORKLOADS))
def test_a_head_that_equals_its_base_brings_nothing(verdicts: list[Verdict], workloads: list[WorkloadVerdict]) -> None:
    base = [msgspec.structs.replace(item, phase=Phase.BASE) for item in verdicts]
    head = [msgspec.structs.replace(item, phase=Phase.HEAD) for item in verdicts]
    old = [msgspec.structs.replace(item, phase=Phase.BASE) for item in workloads]
    new = [msgspec.structs.replace(item, phase=Phase.HEAD) for item in workloads]
    assert new_troubles([*base, *head], [*old, *new]) == ()
    assert summarize([*base, *head], [*old, *new]).fixed == 0


@given(st.lists(VERDICTS), st.lists(WORKLOADS), st.randoms(use_true_random=False))
def test_order_says_nothing(verdicts: list[Verdict], workloads: list[WorkloadVerdict], random: object) -> None:
    expected, counted = new_troubles(verdicts, workloads), summarize(verdicts, workloads)
    random.shuffle(verdicts)  # type: ignore[attr-defined]
    random.shuffle(workloads)  # type: ignore[attr-defined]
    assert new_troubles(verdicts, workloads) == expected
    assert summarize(verdicts, workloads) == counted
