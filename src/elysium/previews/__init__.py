"""Temporary environments of pull requests: what they are called, whether they fit, and how they are reached.

Everything is read from the files that `elysium new infra preview-platform` writes, and from the objects that they
render to; nothing here talks to a cluster.
"""

from __future__ import annotations

from elysium.previews.compose import Difference, compare, compose_services
from elysium.previews.edge import Edge, Route, edge_of
from elysium.previews.environment import overrides_of, require_same_defaults, variables_of
from elysium.previews.fit import Fit, FitLine, Refused, Verdict, fit
from elysium.previews.made_secrets import made_secrets
from elysium.previews.names import host_of, namespace_of
from elysium.previews.outcome import Outcome, judge
from elysium.previews.platform import Platform, read_platform
from elysium.previews.policies import account_manifests, policy_manifests
from elysium.previews.reach import Connection, connections
from elysium.previews.rights import Lacking, Step, account_of, lacking_rights, steps
from elysium.previews.twin import stage_twin

__all__ = [
    "Connection",
    "Difference",
    "Edge",
    "Fit",
    "FitLine",
    "Lacking",
    "Outcome",
    "Platform",
    "Refused",
    "Route",
    "Step",
    "Verdict",
    "account_manifests",
    "account_of",
    "compare",
    "compose_services",
    "connections",
    "edge_of",
    "fit",
    "host_of",
    "judge",
    "lacking_rights",
    "made_secrets",
    "namespace_of",
    "overrides_of",
    "policy_manifests",
    "read_platform",
    "require_same_defaults",
    "stage_twin",
    "steps",
    "variables_of",
]
