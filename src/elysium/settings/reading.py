"""Read `elysium.toml`, and say exactly what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from elysium.errors import SettingsError
from elysium.settings.policies import check_policies, mistake, number_lines
from elysium.settings.schema import FLUX_VERSIONS, NodeSettings, Settings

__all__ = ["FILE_NAME", "read_settings"]

FILE_NAME = "elysium.toml"
_LARGEST = 1 << 20
_QUANTITY = re.compile(r"(\d+\.?\d*|\.\d+)(m|k|[KMGTPE]i?)?")
_TAINT = re.compile(r"[^\s=:]+(=[^\s=:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)")


def read_settings(root: Path, *, text: str | None = None) -> Settings:
    """The settings of the repository at `root`; the defaults when it has no `elysium.toml`.

    `text` is the file's content when it does not come from disk (another revision). Raises SettingsError with the line
    or the setting concerned.
    """
    content = _content(root) if text is None else text
    try:
        raw = tomllib.loads(content)
        number_lines(raw, content)
        settings = msgspec.convert(raw, Settings)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(error), subject=FILE_NAME, hint="mend the TOML syntax") from error
    except msgspec.ValidationError as error:
        about_policy = mistake(error, content)
        if about_policy is not None:
            raise about_policy from error
        hint = "docs/settings.md lists every setting"
        raise SettingsError(str(error).replace("`$.", "`"), subject=FILE_NAME, hint=hint) from error
    _validate(settings)
    check_policies(settings.policy, content)
    return settings


def _content(root: Path) -> str:
    path = root / FILE_NAME
    try:
        data = path.read_bytes() if path.is_file() else b""
        if len(data) > _LARGEST:
            raise SettingsError("larger than 1 MiB", subject=FILE_NAME, hint="this cannot be a settings file")
        return data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(error), subject=FILE_NAME, hint="it must be readable UTF-8 text") from error


def _validate(settings: Settings) -> None:
    for version in (settings.flux, *(cluster.flux for cluster in settings.cluster.values())):
        if version and version not in FLUX_VERSIONS:
            known = ", ".join(FLUX_VERSIONS)
            raise SettingsError(f"Flux {version} is not known", subject=FILE_NAME, hint=f"use one of {known}")
    for text in settings.external + tuple(item for cluster in settings.cluster.values() for item in cluster.external):
        if text.count("/") != 2:
            hint = "write Kind/namespace/name, for example Secret/flux-system/sops-age"
            raise SettingsError(f"`external` holds {text!r}", subject=FILE_NAME, hint=hint)
    for cluster in settings.cluster.values():
        for node in cluster.nodes:
            _validate_node(node)


def _validate_node(node: NodeSettings) -> None:
    for text in (node.cpu, node.memory, node.ephemeral_storage, *node.extended.values()):
        if text and not _QUANTITY.fullmatch(text):
            hint = "write it as Kubernetes does: 4, 500m, 16Gi"
            raise SettingsError(f"node {node.name} has the quantity {text!r}", subject=FILE_NAME, hint=hint)
    for taint in node.taints:
        if not _TAINT.fullmatch(taint):
            hint = "write key=value:NoSchedule, PreferNoSchedule or NoExecute"
            raise SettingsError(f"node {node.name} has the taint {taint!r}", subject=FILE_NAME, hint=hint)
    if node.count < 1 or node.pods < 0:
        hint = "both are whole numbers, `count` at least 1"
        raise SettingsError(f"node {node.name} cannot have this `count` or `pods`", subject=FILE_NAME, hint=hint)
