"""TLS: whom to trust, and with which certificate to present oneself."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

import certifi

from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.options import FetchSettings
from elysium.sources.requests import Credentials

__all__ = ["context"]


def context(settings: FetchSettings, credentials: Credentials) -> ssl.SSLContext:
    """The TLS context for a source."""
    made = ssl.create_default_context()
    if not made.cert_store_stats()["x509_ca"] and not made.get_ca_certs():
        made.load_verify_locations(cafile=certifi.where())
    authorities = settings.authorities(credentials)
    try:
        if authorities:
            made.load_verify_locations(cadata=authorities.decode("ascii", "replace"))
        _present(made, settings, credentials)
    except (ssl.SSLError, OSError, ValueError) as error:
        hint = "the file or Secret must hold PEM certificates (`ca.crt`, `tls.crt`, `tls.key`)"
        raise FetchError("the certificates cannot be used", hint=hint) from error
    return made


def _present(made: ssl.SSLContext, settings: FetchSettings, credentials: Credentials) -> None:
    """Load a client certificate. OpenSSL reads files only: they live as long as this call, outside the cache."""
    for name in (credentials.certificate, credentials.secret):
        values = settings.secret(name)
        certificate, key = (
            values.get("tls.crt") or values.get("certFile"),
            values.get("tls.key") or values.get("keyFile"),
        )
        if certificate and key:
            with tempfile.TemporaryDirectory() as directory:
                files = Path(directory, "tls.crt"), Path(directory, "tls.key")
                files[0].write_bytes(certificate)
                files[1].touch(mode=0o600)
                files[1].write_bytes(key)
                made.load_cert_chain(*files)
            return
