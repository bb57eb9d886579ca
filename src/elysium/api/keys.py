"""Private keys that the user has for SOPS: from the places where sops itself looks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["age_keys"]

_PREFIX = "AGE-SECRET-KEY-"


def age_keys() -> tuple[str, ...]:
    """Age identities from SOPS_AGE_KEY, SOPS_AGE_KEY_FILE and the user's `sops/age/keys.txt`; unreadable places have
    none.
    """
    texts = [os.environ.get("SOPS_AGE_KEY", "")]
    named = os.environ.get("SOPS_AGE_KEY_FILE")
    for path in [Path(named)] if named else [_configuration() / "sops" / "age" / "keys.txt"]:
        try:
            texts.append(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return tuple(dict.fromkeys(line for line in lines if line.startswith(_PREFIX)))


def _configuration() -> Path:
    named = os.environ.get("XDG_CONFIG_HOME")
    if named:
        return Path(named)
    return Path.home() / ("Library/Application Support" if sys.platform == "darwin" else ".config")
