"""How git proves who asks: variables and short-lived files, nothing that others of the machine can list."""

from __future__ import annotations

import base64
import contextlib
import os
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from elysium.sources.fetch.options import FetchSettings, SecretValues, text
from elysium.sources.requests import Credentials

__all__ = ["variables"]


@contextlib.contextmanager
def variables(
    url: str, login: SecretValues, credentials: Credentials, settings: FetchSettings
) -> Iterator[dict[str, str]]:
    """The variables that give git access to an address: from the source's Secret, else from `login`.

    What must be a file lives in a private directory, outside the cache, as long as git needs it.
    """
    values = settings.secret(credentials.secret) or login
    protocols = "https:http:ssh:file" if settings.local else "https:http:ssh"
    found = {"GIT_ALLOW_PROTOCOL": protocols}
    if "GIT_SSH_COMMAND" not in os.environ:
        found["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    if os.environ.get("SSL_CERT_FILE"):
        found["GIT_SSL_CAINFO"] = os.environ["SSL_CERT_FILE"]
    authorization = _authorization(values.get("bearerToken"), values.get("username"), values.get("password"))
    configured = {f"http.{_origin(url)}/.extraHeader": f"Authorization: {authorization}"} if authorization else {}
    with tempfile.TemporaryDirectory() as directory:
        private = Path(directory)
        authorities = settings.authorities(credentials)
        if authorities:
            found["GIT_SSL_CAINFO"] = _file(private, "ca.crt", _system_authorities() + authorities)
        if values.get("tls.crt") and values.get("tls.key"):
            found["GIT_SSL_CERT"] = _file(private, "tls.crt", values["tls.crt"])
            found["GIT_SSL_KEY"] = _file(private, "tls.key", values["tls.key"])
        if values.get("identity"):
            found["GIT_SSH_COMMAND"] = _ssh(private, values)
        if address := text(settings.secret(credentials.proxy), "address"):
            configured[f"http.{_origin(url)}/.proxy"] = address
        yield found | _configuration(configured)


def _ssh(private: Path, values: SecretValues) -> str:
    key = _file(private, "identity", values["identity"])
    hosts = _file(private, "hosts", values.get("known_hosts", b""))
    return (
        f"ssh -F /dev/null -o BatchMode=yes -o IdentitiesOnly=yes -i '{key}' "
        f"-o StrictHostKeyChecking=yes -o UserKnownHostsFile='{hosts}'"
    )


def _configuration(values: dict[str, str]) -> dict[str, str]:
    """Settings of git as variables: unlike arguments they are not shown to other users of the machine."""
    found = {"GIT_CONFIG_COUNT": str(len(values))}
    for number, (key, value) in enumerate(values.items()):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _authorization(bearer: bytes | None, user: bytes | None, password: bytes | None) -> str:
    if bearer:
        return f"Bearer {bearer.decode().strip()}"
    if user or password:
        return "Basic " + base64.b64encode(b"%s:%s" % ((user or b"git").strip(), (password or b"").strip())).decode()
    return ""


def _file(directory: Path, name: str, data: bytes) -> str:
    path = directory / name
    path.touch(mode=0o600)
    path.write_bytes(data if data.endswith(b"\n") else data + b"\n")
    return str(path)


def _system_authorities() -> bytes:
    """What is trusted anyway: git takes one file in place of the system's."""
    paths = ssl.get_default_verify_paths()
    for candidate in (os.environ.get("SSL_CERT_FILE"), paths.cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if candidate and Path(candidate).is_file():
            return Path(candidate).read_bytes() + b"\n"
    return b""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rsplit('@', 1)[-1]}"
