"""The preview platform of a repository: `devops/platform.env` and the files around it.

The file says once what chart, policies, edge, scripts and workflows have in common, so that nothing has to be guessed.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError
from elysium.kit.files import read_regular

__all__ = ["FOLDER", "Platform", "read_platform", "read_text"]

FOLDER = "devops"
_RECORD = "platform.env"
_LARGEST = 1 << 20
_LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
_HINT = "`elysium new infra preview-platform` writes one"


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """What the parts of a platform agree on. `folder` is where its files are, `decided` what they say where TLS ends:
    once, if it is as it should be.
    """

    folder: Path
    prefix: str
    domain: str
    image: str
    node_address: str = ""
    node_port: int = 0
    tls: str = "edge"
    decided: tuple[str, ...] = ()
    ingress_namespace: str = "kube-system"

    def text(self, name: str) -> str:
        """The text of one of its files. Raises RepositoryError when it is not there, or a link that leads away."""
        file = self.folder / name
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise RepositoryError("this is a link out of the platform", subject=str(file), hint="put a file there")
        return read_text(file)

    @property
    def chart(self) -> Path:
        """The application's chart."""
        return self.folder / "helm" / "app"


def read_platform(repository: Path) -> Platform:
    """The platform of a repository. Raises RepositoryError when there is none, or when its record cannot be read."""
    folder = repository / FOLDER
    record = folder / _RECORD
    if not record.is_file():
        raise RepositoryError("there is no preview platform", subject=str(folder), hint=_HINT)
    lines = read_text(record).splitlines()
    said = {match[1]: match[2] for line in lines if (match := _LINE.fullmatch(line.strip()))}
    for name in ("PREVIEW_PREFIX", "PREVIEW_DOMAIN", "PREVIEW_IMAGE"):
        if not said.get(name):
            raise RepositoryError(f"{name} is missing", subject=str(record), hint=f"write {name}=VALUE into it")
    port = said.get("PREVIEW_NODE_PORT", "")
    if port and not (port.isdecimal() and 1 <= int(port) <= 65535):
        raise RepositoryError(f"PREVIEW_NODE_PORT={port} is no port", subject=str(record), hint="30000 to 32767")
    return Platform(
        folder=folder,
        prefix=said["PREVIEW_PREFIX"],
        domain=said["PREVIEW_DOMAIN"],
        image=said["PREVIEW_IMAGE"],
        node_address=said.get("PREVIEW_NODE_ADDRESS", ""),
        node_port=int(port or 0),
        tls=said.get("PREVIEW_TLS") or "edge",
        decided=tuple(line.partition("=")[2].strip() for line in lines if line.startswith("PREVIEW_TLS=")),
        ingress_namespace=said.get("PREVIEW_INGRESS_NAMESPACE") or "kube-system",
    )


def read_text(file: Path) -> str:
    """The text of a file. Raises RepositoryError when it cannot be read."""
    try:
        data = read_regular(file.resolve(), _LARGEST)
        if len(data) > _LARGEST:
            raise RepositoryError("this is larger than 1 MiB", subject=str(file), hint=_HINT)
        return data.decode("utf-8")
    except OSError as error:
        raise RepositoryError(error.strerror or "cannot be read", subject=str(file), hint=_HINT) from error
    except UnicodeDecodeError as error:
        raise RepositoryError("this is no UTF-8 text", subject=str(file), hint="save it as UTF-8") from error
