"""Kubeconfig files: those of a person, read only when a context is named, and the one of a run."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from elysium.errors import ClusterError
from elysium.kit import files

__all__ = ["Access", "load", "locate", "write"]

_MOST = 4 << 20
_FOREIGN = ("exec", "auth-provider", "username", "password", "as", "as-groups", "as-uid", "as-user-extra")


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """An address and what proves who we are: a token, or a certificate with its key (PEM)."""

    url: str
    authority: str = ""
    token: str = ""
    certificate: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return f"Access(url={self.url!r})"


def locate(context: str) -> Path:
    """The person's kubeconfig that has a context: of those that `KUBECONFIG` lists, else `~/.kube/config`."""
    listed = [Path(part) for part in os.environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    places = listed or [Path.home() / ".kube" / "config"]
    for place in places:
        if place.is_file() and _named(_read(place), "contexts", context) is not None:
            return place
    raise ClusterError(
        "no kubeconfig has this context",
        subject=f"--context {context}",
        hint=f"looked at {', '.join(map(str, places))}",
    )


def load(path: Path, context: str) -> Access:
    """What a context of a file says. Raises ClusterError for what would run programs or go through others."""
    content = _read(path)
    chosen = _part(content, "contexts", context, path)
    cluster = _part(content, "clusters", str(chosen.get("cluster", "")), path)
    user = _part(content, "users", str(chosen.get("user", "")), path)
    _refuse_foreign(cluster, user, path)
    return Access(
        url=str(cluster.get("server", "")),
        authority=_material(cluster, "certificate-authority", path),
        token=str(user.get("token", "")) or _text(user.get("tokenFile"), path).strip(),
        certificate=_material(user, "client-certificate", path),
        key=_material(user, "client-key", path),
    )


def write(path: Path, access: Access) -> None:
    """Make a kubeconfig with one context; JSON is YAML, too."""
    cluster = {"server": access.url, "certificate-authority-data": base64.b64encode(access.authority.encode()).decode()}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "rehearsal", "cluster": cluster}],
        "users": [{"name": "admin", "user": {"token": access.token}}],
        "contexts": [{"name": "rehearsal", "context": {"cluster": "rehearsal", "user": "admin"}}],
        "current-context": "rehearsal",
    }
    files.write_atomically(path, msgspec.json.encode(content))


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            content = YAML(typ="safe", pure=True).load(opened.read(_MOST))
    except (OSError, YAMLError, UnicodeDecodeError) as error:
        # A parser's message may quote the file, which holds secrets.
        raise ClusterError("this kubeconfig cannot be read", subject=str(path), hint=type(error).__name__) from None
    return content if isinstance(content, dict) else {}


def _named(content: dict[str, Any], section: str, name: str) -> dict[str, Any] | None:
    for item in content.get(section) or ():
        if isinstance(item, dict) and item.get("name") == name:
            found = item.get(section[:-1])
            return found if isinstance(found, dict) else {}
    return None


def _part(content: dict[str, Any], section: str, name: str, path: Path) -> dict[str, Any]:
    found = _named(content, section, name)
    if found is None:
        raise ClusterError(
            f"`{section}` has no {name!r}",
            subject=str(path),
            hint="set KUBECONFIG to one file, made by `kubectl config view --minify --flatten --context NAME`",
        )
    return found


def _refuse_foreign(cluster: dict[str, Any], user: dict[str, Any], path: Path) -> None:
    """Programs are not run, and a proxy or a server that anybody can pretend to be is no disposable cluster."""
    names = [name for name in _FOREIGN if user.get(name)]
    names += [name for name in ("proxy-url", "insecure-skip-tls-verify", "tls-server-name") if cluster.get(name)]
    if names:
        raise ClusterError(
            f"this context uses `{names[0]}`, which a rehearsal does not",
            subject=str(path),
            hint="name a context with a token or a client certificate, as kind, k3d and minikube make it",
        )


def _material(section: dict[str, Any], name: str, path: Path) -> str:
    if data := section.get(f"{name}-data"):
        try:
            return base64.b64decode(str(data), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ClusterError(f"`{name}-data` is not base64 of text", subject=str(path)) from None
    return _text(section.get(name), path)


def _text(name: Any, kubeconfig: Path) -> str:
    """The content of a file that a kubeconfig names, relative to itself."""
    if not name:
        return ""
    path = kubeconfig.parent / str(name)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ClusterError("named by the kubeconfig, and cannot be read", subject=str(path)) from error
