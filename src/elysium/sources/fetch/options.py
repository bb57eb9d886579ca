"""How to fetch: bounds, trust and the values of Secrets that the caller could read."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from elysium.errors import SourceError
from elysium.sources.requests import Credentials

__all__ = ["FetchSettings", "SecretValues", "Stop"]

SecretValues = Mapping[str, bytes]


class Stop(threading.Event):
    """Set when the run ends early: whoever waits or reads gives up."""


class FetchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one `fetch`.

    `secrets` are decoded values by `namespace/name`, held in memory only. `ca_file` is trusted besides the system's
    authorities (`SSL_CERT_FILE` replaces those, as everywhere). `local` admits `file://` addresses of git repositories.
    """

    concurrency: int = 4
    attempts: int = 4
    timeout: float = 30.0
    pause: float = 0.5
    longest_pause: float = 60.0
    ca_file: str = ""
    local: bool = False
    secrets: Mapping[str, SecretValues] = {}

    def secret(self, name: str) -> SecretValues:
        """The values of a Secret, none if it is not known."""
        return self.secrets.get(name, {}) if name else {}

    def authorities(self, credentials: Credentials) -> bytes:
        """Further certificates (PEM) to trust for a source: the caller's file, and `ca.crt` of the source's Secrets."""
        found = [self._own_authorities()] if self.ca_file else []
        for name in (credentials.certificate, credentials.secret):
            values = self.secret(name)
            found.append(values.get("ca.crt") or values.get("caFile") or b"")
        return b"\n".join(part for part in found if part)

    def missing_secrets(self, credentials: Credentials) -> tuple[str, ...]:
        """Secrets that Flux would use and whose values are not known here."""
        return tuple(name for name in credentials.names if name not in self.secrets)

    def _own_authorities(self) -> bytes:
        try:
            return Path(self.ca_file).expanduser().read_bytes()
        except OSError as error:
            message = error.strerror or str(error)
            raise SourceError(message, subject=self.ca_file, hint="name a file of PEM certificates") from error


def text(values: SecretValues, key: str) -> str:
    """A value of a Secret as text without white space at its ends."""
    return os.fsdecode(values.get(key, b"")).strip()
