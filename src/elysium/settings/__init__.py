"""The configuration: `elysium.toml` in the root of the repository."""

from __future__ import annotations

from elysium.settings.locating import line_of
from elysium.settings.policies import Policy
from elysium.settings.reading import place, place_in, read_settings
from elysium.settings.schema import (
    DEFAULT_FLUX,
    DEFAULT_KUBERNETES,
    FLUX_VERSIONS,
    ClusterSettings,
    Ignore,
    NodeSettings,
    Settings,
)

__all__ = [
    "DEFAULT_FLUX",
    "DEFAULT_KUBERNETES",
    "FLUX_VERSIONS",
    "ClusterSettings",
    "Ignore",
    "NodeSettings",
    "Policy",
    "Settings",
    "line_of",
    "place",
    "place_in",
    "read_settings",
]
