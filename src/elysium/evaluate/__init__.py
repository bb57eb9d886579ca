"""What follows from the objects of a cluster: facts that rules and commands ask for.

Everything here is computed over rendered objects alone, and is three-valued where only the cluster knows.
"""

from __future__ import annotations

from elysium.evaluate.index import GROUPS, ObjectIndex
from elysium.evaluate.workloads import Container, Workload, workloads

__all__ = ["GROUPS", "Container", "ObjectIndex", "Workload", "workloads"]
