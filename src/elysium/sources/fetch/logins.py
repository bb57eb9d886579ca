"""Logins that docker (or podman) keeps: `config.json`, and the credential helpers that it names."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Any

import msgspec

from elysium.sources import programs

__all__ = ["Login", "from_config", "from_files"]

_HELPER = re.compile(r"[A-Za-z0-9_.-]+")
_DOCKER_HUB = "https://index.docker.io/v1/"


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """User and password, or the refresh token `identity` in place of both."""

    user: str = ""
    password: str = ""
    identity: str = ""

    def __repr__(self) -> str:
        return f"Login(user={self.user!r})"


class _Config(msgspec.Struct):
    """The part of docker's configuration that is about logins."""

    auths: dict[str, dict[str, Any]] = {}
    cred_helpers: dict[str, str] = msgspec.field(name="credHelpers", default={})
    creds_store: str = msgspec.field(name="credsStore", default="")


def from_files(host: str) -> Login | None:
    """The login for a registry in the first of the usual files that has one. Only helpers named there are started."""
    for path in _files():
        try:
            data = path.read_bytes()
        except OSError:
            continue
        found = from_config(data, host, helpers=True)
        if found is not None:
            return found
    return None


def from_config(data: bytes, host: str, *, helpers: bool = False) -> Login | None:
    """The login for a registry in a docker configuration; its credential helpers only if `helpers`."""
    try:
        config = msgspec.json.decode(data, type=_Config)
    except msgspec.MsgspecError:
        return None
    names = _names(host)
    helper = next((config.cred_helpers[name] for name in names if name in config.cred_helpers), config.creds_store)
    if helpers and helper:
        for name in names:
            found = _ask(helper, name)
            if found is not None:
                return found
    for key, entry in config.auths.items():
        if _host(key) in {_host(name) for name in names}:
            found = _entry(entry)
            if found is not None:
                return found
    return None


def _files() -> list[Path]:
    docker = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    podman = [Path(runtime) / "containers" / "auth.json"] if runtime else []
    chosen = os.environ.get("REGISTRY_AUTH_FILE")
    return ([Path(chosen)] if chosen else []) + [docker, *podman]


def _names(host: str) -> list[str]:
    return [_DOCKER_HUB, "docker.io", "registry-1.docker.io"] if host == "docker.io" else [host, f"https://{host}"]


def _host(key: str) -> str:
    return key.split("://", 1)[-1].split("/", 1)[0].lower()


def _entry(entry: dict[str, Any]) -> Login | None:
    identity = str(entry.get("identitytoken") or "")
    user, password = str(entry.get("username") or ""), str(entry.get("password") or "")
    if entry.get("auth"):
        try:
            user, _, password = base64.b64decode(str(entry["auth"])).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
    return Login(user=user, password=password, identity=identity) if user or identity else None


def _ask(helper: str, server: str) -> Login | None:
    """What a credential helper answers for a server; none if it has no login, is missing or fails."""
    if not _HELPER.fullmatch(helper):
        return None
    output = programs.answer([f"docker-credential-{helper}", "get"], server.encode())
    try:
        answer = msgspec.json.decode(output or b"", type=dict[str, str])
    except msgspec.MsgspecError:
        return None
    user, secret = answer.get("Username", ""), answer.get("Secret", "")
    if user == "<token>":
        return Login(identity=secret)
    return Login(user=user, password=secret) if user else None
