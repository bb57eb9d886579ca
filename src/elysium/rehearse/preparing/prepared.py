"""The result of preparing an object."""

from __future__ import annotations

import msgspec

from elysium.rehearse.types import Unknown

__all__ = ["Prepared"]


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent for an object. `raw` is None where nothing is; `unknown` says what cannot be learned for that.

    `opaque`: a value that only the cluster holds takes part in it, so that a refusal says nothing.
    """

    raw: bytes | None
    unknown: tuple[Unknown, ...] = ()
    opaque: bool = False
