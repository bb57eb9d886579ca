"""What makes a Secret of a kind: the login of a registry, and the certificate of a server with its key."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import msgspec

from elysium.errors import SealingError
from elysium.secrets.writing import json_text

__all__ = ["DOCKER_KEY", "DOCKER_TYPE", "TLS_TYPE", "Login", "docker_config", "registry_values", "require_pair"]

DOCKER_TYPE = "kubernetes.io/dockerconfigjson"
DOCKER_KEY = ".dockerconfigjson"
TLS_TYPE = "kubernetes.io/tls"

_PASSWORD = "password"  # noqa: S105 - the name of a value
_TLS_KEYS = ("tls.crt", "tls.key")


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs in where; the password is given apart."""

    server: str
    username: str
    email: str = ""


def registry_values(login: Login, values: Mapping[str, bytes]) -> dict[str, bytes]:
    """The one value of a registry's Secret: made of a login and its `password`, or given as the whole file."""
    if list(values) == [DOCKER_KEY]:
        _require_logins(values[DOCKER_KEY])
        return dict(values)
    if not login.username or not login.server:
        raise SealingError("a registry's login has a server and a user", hint="give --docker-server, --docker-username")
    if list(values) != [_PASSWORD]:
        hint = "give --docker-password-file FILE, where `-` is standard input"
        raise SealingError("a registry's login has a password, and nothing else", hint=hint)
    return {DOCKER_KEY: docker_config(login, values[_PASSWORD])}


def docker_config(login: Login, password: bytes) -> bytes:
    """The login as kubectl writes it: compact JSON. A line's end after the password is none of it, as for docker."""
    try:
        text = password.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise SealingError("the password is not UTF-8 text", hint="give the password itself") from None
    if not text:
        raise SealingError("the password is empty", hint="a registry takes no empty one")
    entry = {"username": login.username, "password": text}
    if login.email:
        entry["email"] = login.email
    entry["auth"] = base64.b64encode(f"{login.username}:{text}".encode()).decode()
    return json_text({"auths": {login.server: entry}}).encode()


def _require_logins(data: bytes) -> None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("auths"), dict):
        hint = 'it begins with {"auths": as ~/.docker/config.json does'
        raise SealingError(f"{DOCKER_KEY} holds no logins", hint=hint)


def require_pair(values: Mapping[str, bytes]) -> None:
    """Raises SealingError unless there are a certificate and the private key that belongs to it, and nothing else."""
    from cryptography import x509  # noqa: PLC0415 - a tenth of a second that most runs can save
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    if sorted(values) != list(_TLS_KEYS):
        hint = "give --tls-cert FILE and --tls-key FILE"
        raise SealingError(f"a TLS Secret has {' and '.join(_TLS_KEYS)}", hint=hint)
    hint = "give the certificate (PEM), its chain after it, and its private key without a passphrase"
    try:
        certificate = x509.load_pem_x509_certificates(values["tls.crt"])[0].public_key()
        private = load_pem_private_key(values["tls.key"], None).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = "tls: failed to find a certificate and a private key in the PEM data"
        raise SealingError(message, hint=hint) from error
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_bytes(*form) != private.public_bytes(*form):
        raise SealingError("tls: private key does not match public key", hint=hint)
