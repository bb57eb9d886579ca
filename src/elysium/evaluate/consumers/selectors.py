"""Secrets and ConfigMaps that are named deep inside custom objects by a mapping of `name` and `key`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.evaluate.workloads import Path

__all__ = ["key_selectors", "named_secrets"]

_DEEPEST = 40
_SELECTOR = frozenset({"name", "key", "optional"})


def named_secrets(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every mapping with a name under a field that ends in `SecretRef`, with the path to it."""
    for place, field, body in _mappings(value, path):
        if field.lower().endswith("secretref") and "name" in body:
            yield place, body


def key_selectors(value: Any, path: Path) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Every mapping that is a SecretKeySelector or ConfigMapKeySelector: the path, the kind, the mapping."""
    for place, field, body in _mappings(value, path):
        if {"name", "key"} <= set(body) <= _SELECTOR:
            yield place, "ConfigMap" if field.lower().startswith("configmap") else "Secret", body


def _mappings(value: Any, path: Path) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    if len(path) > _DEEPEST:
        return
    if isinstance(value, dict):
        field = next((part for part in reversed(path) if isinstance(part, str)), "")
        yield path, field, value
        for name, entry in value.items():
            if isinstance(entry, dict | list):
                yield from _mappings(entry, (*path, str(name)))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            if isinstance(entry, dict | list):
                yield from _mappings(entry, (*path, number))
