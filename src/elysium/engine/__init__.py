"""Find, start, talk to and restart the engine, which holds the reference libraries."""

from __future__ import annotations

from elysium.engine.locate import identity, locate
from elysium.engine.pool import Call, EnginePool, Limits
from elysium.engine.protocol import Answer, EngineFailure, FailureCode, FailureData, Handshake

__all__ = [
    "Answer",
    "Call",
    "EngineFailure",
    "EnginePool",
    "FailureCode",
    "FailureData",
    "Handshake",
    "Limits",
    "identity",
    "locate",
]
