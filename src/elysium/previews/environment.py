"""Variables of previews: `default.env`, its copy in the chart, and what is given instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from elysium.errors import RepositoryError, UsageError
from elysium.previews.platform import Platform

__all__ = ["DEFAULTS", "ENVIRONMENT", "overrides_of", "require_same_defaults", "variables_of"]

DEFAULTS = "default.env"
ENVIRONMENT = "app-env"
"""The Secret that holds the variables in a preview."""

_COPY = "helm/app/files/default.env"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def variables_of(text: str) -> dict[str, str]:
    """The variables of an env file: lines `KEY=value`, without quotes and without comments at their end."""
    found = {}
    for line in text.splitlines():
        key, sign, value = line.strip().partition("=")
        if sign and not key.startswith("#"):
            found[key.strip()] = value
    return found


def overrides_of(settings: Iterable[str]) -> dict[str, str]:
    """Variables given as KEY=VALUE. Raises UsageError for what is none."""
    found: dict[str, str] = {}
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign or not _NAME.fullmatch(key):
            raise UsageError("this is no variable", subject=f"--set-env {key}", hint="write --set-env KEY=VALUE")
        found[key] = value
    return found


def require_same_defaults(platform: Platform) -> None:
    """Raises RepositoryError when the chart's copy of the variables differs from the file: charts read no other."""
    own, copied = (variables_of(platform.text(name)) for name in (DEFAULTS, _COPY))
    if own != copied:
        differing = sorted(key for key in own.keys() | copied.keys() if own.get(key) != copied.get(key))
        message = f"this differs from {DEFAULTS} in {', '.join(differing)}"
        hint = f"copy it: cp {platform.folder / DEFAULTS} {platform.folder / _COPY}"
        raise RepositoryError(message, subject=str(platform.folder / _COPY), hint=hint)
