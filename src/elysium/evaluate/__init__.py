"""What follows from the objects of a cluster: facts that rules and commands ask for.

Everything here is computed over rendered objects alone, and is three-valued where only the cluster knows.
"""

from __future__ import annotations

from elysium.evaluate.endpoints import Endpoint, endpoint_of
from elysium.evaluate.index import GROUPS, ObjectIndex
from elysium.evaluate.nodes import Node, declared_nodes
from elysium.evaluate.quantities import Quantity, parse_quantity
from elysium.evaluate.quotas import Outcome, QuotaLine, missing_values, quota_lines
from elysium.evaluate.rbac import Access, Account, Right, access_of
from elysium.evaluate.reach import Answer, Network, matrix, network_of
from elysium.evaluate.rollouts import PodCount, pod_count
from elysium.evaluate.scheduling import obstacle, totals
from elysium.evaluate.verdicts import Verdict
from elysium.evaluate.workloads import Container, Workload, workloads

__all__ = [
    "GROUPS",
    "Access",
    "Account",
    "Answer",
    "Container",
    "Endpoint",
    "Network",
    "Node",
    "ObjectIndex",
    "Outcome",
    "PodCount",
    "Quantity",
    "QuotaLine",
    "Right",
    "Verdict",
    "Workload",
    "access_of",
    "declared_nodes",
    "endpoint_of",
    "matrix",
    "missing_values",
    "network_of",
    "obstacle",
    "parse_quantity",
    "pod_count",
    "quota_lines",
    "totals",
    "workloads",
]
