"""A key pair of the controller for tests: made once, and short, because long ones take a second."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from ruamel.yaml import YAML

from elysium.sealing.key_pairs import new_sealing_key
from elysium.sealing.seal import unseal_value

__all__ = ["certificate", "expired_certificate", "opened", "private_key"]


@functools.cache
def _pair() -> tuple[str, str]:
    return new_sealing_key(bits=2048)


def private_key() -> str:
    return _pair()[0]


def certificate() -> str:
    return _pair()[1]


@functools.cache
def expired_certificate() -> str:
    """One that ended on 2 January 2006."""
    return new_sealing_key(bits=2048, not_before=datetime(2006, 1, 2, tzinfo=UTC) - timedelta(days=3650))[1]


def opened(text: str, label: bytes) -> dict[str, bytes | None]:
    """The values of a SealedSecret's file, opened."""
    data = YAML(typ="safe", pure=True).load(text)["spec"]["encryptedData"]
    return {str(key): unseal_value(private_key(), str(value), label) for key, value in data.items()}
