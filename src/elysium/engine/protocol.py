"""The messages of the engine's protocol (docs/engine-protocol.md), as types."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import msgspec

__all__ = ["PROTOCOL", "Answer", "EngineFailure", "FailureCode", "FailureData", "Handshake"]

PROTOCOL = 1
"""The version of the protocol that this client speaks."""


class FailureCode(IntEnum):
    """Why a request has no result: the input is wrong, a bound was reached, or something is missing offline."""

    FAILED = -32000
    EXCEEDED = -32001
    UNAVAILABLE = -32002


class FailureData(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a failure, beside its message."""

    stage: str = ""
    bound: str = ""
    file: str = ""
    line: int = 0
    template: str = ""
    object: dict[str, Any] | None = None
    undefined: tuple[str, ...] = ()
    lookup: bool = False
    needs: tuple[dict[str, Any], ...] = ()
    read: dict[str, Any] | None = None


class EngineFailure(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not a result. `code` is a FailureCode, or a JSON-RPC code for a defect of the client."""

    code: int
    message: str
    data: FailureData = FailureData()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one request: a result as raw JSON, or a failure."""

    id: int = 0
    result: msgspec.Raw = msgspec.Raw(b"")
    error: EngineFailure | None = None


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine says of itself: versions of the reference libraries and the Kubernetes minors that it knows."""

    protocol: int
    version: str
    libraries: dict[str, str]
    kubernetes: tuple[str, ...] = ()
