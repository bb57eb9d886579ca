"""Files that coding assistants read: written from one source into every format, and held against the repository."""

from __future__ import annotations

from elysium.agents.facts import AgentFacts, ClusterPlace, agent_facts
from elysium.agents.generating import Wanted, wanted_files
from elysium.agents.own import OWN_SOURCE, OwnSource, read_own
from elysium.agents.places import Format, format_of
from elysium.agents.syncing import Act, Step, Sync, composed, sync_steps

__all__ = [
    "OWN_SOURCE",
    "Act",
    "AgentFacts",
    "ClusterPlace",
    "Format",
    "OwnSource",
    "Step",
    "Sync",
    "Wanted",
    "agent_facts",
    "composed",
    "format_of",
    "read_own",
    "sync_steps",
    "wanted_files",
]
