"""What the answers of an API server mean: refusals with what to do, workloads, deadlocks, what is new, what is left."""

from __future__ import annotations

from elysium.rehearse.judging.leftovers import Leftover, compare_worlds
from elysium.rehearse.judging.refusals import Refusal, judge
from elysium.rehearse.judging.summarizing import exit_code, new_troubles, summarize
from elysium.rehearse.judging.uncertain import takes_part
from elysium.rehearse.judging.unfinished import unfinished
from elysium.rehearse.judging.waiting import Awaited, Waiting, stuck
from elysium.rehearse.judging.workloads import workload_verdicts
from elysium.rehearse.judging.world import Placed, World

__all__ = [
    "Awaited",
    "Leftover",
    "Placed",
    "Refusal",
    "Waiting",
    "World",
    "compare_worlds",
    "exit_code",
    "judge",
    "new_troubles",
    "stuck",
    "summarize",
    "takes_part",
    "unfinished",
    "workload_verdicts",
]
