"""Every setting, with its meaning. docs/settings.md is checked against this module."""

from __future__ import annotations

import msgspec

__all__ = ["DEFAULT_FLUX", "DEFAULT_KUBERNETES", "FLUX_VERSIONS", "ClusterSettings", "Ignore", "Settings"]

FLUX_VERSIONS = ("2.8", "2.9")
"""Flux minors whose controllers' behaviour is known."""

DEFAULT_FLUX = FLUX_VERSIONS[-1]
DEFAULT_KUBERNETES = "1.37"


class Ignore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding that is accepted: by rule and, where given, file pattern and object (`Kind/namespace/name`)."""

    rule: str
    reason: str
    file: str = ""
    object: str = ""


class ClusterSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What is true of one cluster and stands nowhere in the repository.

    `flux`, `kubernetes`: versions, where they differ from the repository's. `api_versions`: kinds that the cluster
    serves beyond the built-in ones and the CRDs of the repository (`group/version` or `group/version/Kind`).
    `external`: ConfigMaps and Secrets that exist outside Git (`Secret/flux-system/sops-age`).
    """

    flux: str = ""
    kubernetes: str = ""
    api_versions: tuple[str, ...] = ()
    external: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The whole of `elysium.toml`.

    `flux`, `kubernetes`: the versions to render for. `clusters`: directories of clusters, when they are not found by
    themselves. `cluster`: settings by cluster directory. `sources`: local directories in place of sources, in the form
    of `--source`. `inputs`: for each ResourceSetInputProvider (`namespace/name`) a committed JSON or YAML file with its
    inputs. `upgrade`: render releases as upgrades (`.Release.IsUpgrade`), as a running cluster mostly does. `gates`:
    feature gates of the controllers. `external`, `api_versions`: as in a cluster, for all of them. `ignore`: accepted
    findings. `rules`: severity by rule (`error`, `warning`, `info`, `off`). `profile`, `fail_on`: the defaults of
    `elysium check`.
    """

    flux: str = DEFAULT_FLUX
    kubernetes: str = DEFAULT_KUBERNETES
    clusters: tuple[str, ...] = ()
    cluster: dict[str, ClusterSettings] = {}
    sources: tuple[str, ...] = ()
    inputs: dict[str, str] = {}
    upgrade: bool = True
    gates: dict[str, bool] = {}
    external: tuple[str, ...] = ()
    api_versions: tuple[str, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    rules: dict[str, str] = {}
    profile: str = ""
    fail_on: str = "error"
