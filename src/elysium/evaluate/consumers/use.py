"""One object that needs another, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path
from elysium.model import RenderedObject
from elysium.sealing import TOKEN

__all__ = ["Holder", "Means", "Reader", "Use", "text"]


class Means(StrEnum):
    """What the other object is needed for: it decides what happens while it is not there."""

    ENVIRONMENT = "environment"
    VOLUME = "volume"
    SUB_PATH = "sub-path"
    IMAGE_PULL = "image-pull"
    IDENTITY = "identity"
    CLAIM = "claim"
    CLASS = "class"
    BACKEND = "backend"
    WEBHOOK = "webhook"
    GOVERNING = "governing"
    TLS = "tls"
    ISSUER = "issuer"
    MIDDLEWARE = "middleware"
    PARENT = "parent"
    STORE = "store"
    CREDENTIALS = "credentials"
    VALUES = "values"
    MONITORING = "monitoring"
    EMBEDDED = "embedded"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """`item` names another object at `path`. `key` is what of it is needed: a key of a Secret or ConfigMap, a port of
    a Service, a section of a Gateway; empty means all or any of it.
    """

    item: RenderedObject
    path: Path
    kind: str
    namespace: str
    name: str
    by: Means
    group: str = ""
    key: str = ""
    key_path: Path = ()
    optional: bool = False

    @property
    def reference(self) -> str:
        """The object as the settings write it: `Kind/namespace/name`, without a namespace `Kind//name`."""
        return f"{self.kind}/{self.namespace}/{self.name}"

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}" if self.namespace else f"{self.kind}/{self.name}"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """An object that is read for what it needs."""

    item: RenderedObject
    body: dict[str, Any]
    index: ObjectIndex

    @property
    def namespace(self) -> str:
        """Where names without a namespace are looked for."""
        return self.item.namespace

    def use(self, path: Path, kind: str, name: object, by: Means, **more: Any) -> Iterator[Use]:
        """The use, or none when the name is not certain; `more` are further fields of `Use`."""
        certain = text(name)
        namespace = more.pop("namespace", None)
        place = self.namespace if namespace is None else namespace
        if certain and not TOKEN.search(str(place)):
            yield Use(item=self.item, path=path, kind=kind, namespace=str(place), name=certain, by=by, **more)

    def secret(self, path: Path, reference: object, by: Means, **more: Any) -> Iterator[Use]:
        """A Secret that is named by a mapping with `name` and perhaps `key`, `optional` and `namespace`."""
        yield from self._keyed(path, "Secret", reference, by, more)

    def config_map(self, path: Path, reference: object, by: Means, **more: Any) -> Iterator[Use]:
        """A ConfigMap that is named by a mapping with `name` and perhaps `key` and `optional`."""
        yield from self._keyed(path, "ConfigMap", reference, by, more)

    def _keyed(self, path: Path, kind: str, reference: object, by: Means, more: dict[str, Any]) -> Iterator[Use]:
        if isinstance(reference, dict):
            known: dict[str, Any] = {
                "key": text(reference.get("key")),
                "key_path": (*path, "key"),
                "optional": reference.get("optional") is True,
                "namespace": text(reference.get("namespace")) or None,
            }
            yield from self.use((*path, "name"), kind, reference.get("name"), by, **(known | more))


Reader = Callable[[Holder], Iterator[Use]]
"""Finds what one object needs."""


def text(value: object) -> str:
    """A name that is certain; empty for what is no text, what the cluster alone knows, and what is a template."""
    if not isinstance(value, str) or "${" in value or "{{" in value or TOKEN.search(value):
        return ""
    return value
