"""CustomResourceDefinitions in the folders that `schemas` of the settings names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from elysium.errors import SettingsError
from elysium.rehearse.facts.definitions import Ask, defined_kind

__all__ = ["read_folders"]

_LARGEST = 5 << 20
_KIND = "CustomResourceDefinition"


def read_folders(root: Path, folders: Iterable[str], ask: Ask) -> dict[tuple[str, str], dict[str, Any]]:
    """Every definition, by group and kind; the first folder that has a kind counts.

    Rendering has read the same folders and told what is malformed, so that what cannot be read here is passed over.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in folders:
        directory = root / folder
        if not directory.is_dir():
            hint = "name directories of the repository, relative to elysium.toml"
            raise SettingsError(f"there is no directory {folder}", subject="elysium.toml, schemas", hint=hint)
        for body in _bodies(directory, ask):
            kind = defined_kind(body)
            if kind is not None:
                found.setdefault(kind, body)
    return found


def _bodies(directory: Path, ask: Ask) -> Iterator[dict[str, Any]]:
    for path in sorted(directory.rglob("*")):
        if path.suffix not in (".yaml", ".yml") or not path.is_file() or path.is_symlink():
            continue
        if path.stat().st_size > _LARGEST:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        documents = ask("yaml.decode", {"text": text})["documents"] if _KIND in text else []
        yield from (body for body in documents if isinstance(body, dict) and body.get("kind") == _KIND)
