"""References to container images: their parts, and where the containers of a cluster name them.

The grammar is that of the distribution project (`reference`), which kubelet uses: lower-case path components, a tag of
128 characters at most, a digest with its algorithm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Container, Path, Workload, workloads
from elysium.sealing import is_opaque

__all__ = ["ImageReference", "UsedImage", "is_known", "parse", "used_images"]

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::\d+)?"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(
    rf"(?P<name>(?:(?P<host>{_HOST})/)?{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    rf"(?:@(?P<digest>{_DIGEST}))?"
)


class ImageReference(msgspec.Struct, frozen=True, kw_only=True):
    """An image as it is written: the tag and the digest are empty where there is none."""

    name: str
    tag: str = ""
    digest: str = ""

    @property
    def host(self) -> str:
        """The registry; `docker.io` where the name has none."""
        first, separator, _ = self.name.partition("/")
        return first if separator and ("." in first or ":" in first or first == "localhost") else "docker.io"

    @property
    def is_latest(self) -> bool:
        """Whether it means the newest image of the moment."""
        return not self.digest and self.tag in ("", "latest")


class UsedImage(msgspec.Struct, frozen=True, kw_only=True):
    """A container with its image, as it is written and, where it can be read, in parts."""

    workload: Workload
    container: Container
    text: str
    reference: ImageReference | None

    @property
    def path(self) -> Path:
        """The path to the image in the object."""
        return (*self.container.path, "image")


def parse(text: str) -> ImageReference | None:
    """The parts of a reference; None when it is none."""
    match = _REFERENCE.fullmatch(text)
    if not match or len(match["name"]) > 255:
        return None
    return ImageReference(name=match["name"], tag=match["tag"] or "", digest=match["digest"] or "")


def is_known(text: str) -> bool:
    """Whether a text is all there: no variable, template or opaque value in it."""
    return bool(text) and not any(sign in text for sign in ("${", "{{", "<<", "$(")) and not is_opaque(text)


def used_images(index: ObjectIndex) -> Iterator[UsedImage]:
    """The images of every container of a cluster that are known."""
    for workload in workloads(index):
        for container in workload.containers:
            text = container.body.get("image")
            if isinstance(text, str) and is_known(text):
                yield UsedImage(workload=workload, container=container, text=text, reference=parse(text))
