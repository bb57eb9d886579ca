"""Which plaintexts a render may show beyond the values of its Secrets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.sealing import Redactor, leaf_values, opaque_token
from elysium.sources import Tree

__all__ = ["learn_inside", "learn_sources"]

_LARGEST = 1 << 20


def learn_inside(redactor: Redactor, pool: EnginePool) -> None:
    """Learn the values inside values that are YAML: a template takes one password out of a whole `values.yaml`."""
    for text, token in list(redactor.values.items()):
        if len(text) > _LARGEST or not ({":", "-"} & set(text)):
            continue
        answer = pool.ask("yaml.decode", {"text": text})
        if answer.error is not None:
            continue
        for document in msgspec.json.decode(answer.result)["documents"]:
            if isinstance(document, dict | list):
                for value in leaf_values(document):
                    redactor.learn_value(token, value)


def learn_sources(bodies: list[tuple[str, int, dict[str, Any]]], tree: Tree, redactor: Redactor) -> None:
    """Learn what stands in Git for Secrets that may never have been built: what failed may quote it."""
    for file, _, body in bodies:
        if body.get("kind") == "Secret":
            redactor.learn_secret(body)
        generators = body.get("secretGenerator")
        for generator in generators if isinstance(generators, list) else ():
            if isinstance(generator, dict):
                name = str(generator.get("name") or "")
                for key, value in _generated(generator, posixpath.dirname(file), tree):
                    redactor.learn_value(opaque_token("", name, key), value)


def _generated(generator: dict[str, Any], directory: str, tree: Tree) -> Iterator[tuple[str, str]]:
    for literal in _list(generator, "literals"):
        key, separator, value = str(literal).partition("=")
        yield key if separator else "", value.strip("\"'") if separator else key
    named = [str(item).rpartition("=")[2] for item in _list(generator, "files")]
    for path in [*named, *map(str, _list(generator, "envs")), str(generator.get("env") or "")]:
        inside = posixpath.normpath(posixpath.join(directory, path))
        if path and inside in tree.files:
            with Path(tree.root, inside).open("rb") as stream:
                yield path, stream.read(_LARGEST).decode("utf-8", "replace")


def _list(generator: dict[str, Any], field: str) -> list[Any]:
    value = generator.get(field)
    return value if isinstance(value, list) else []
