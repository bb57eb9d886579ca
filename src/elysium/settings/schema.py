"""Every setting, with its meaning. docs/settings.md is checked against this module."""

from __future__ import annotations

import msgspec

from elysium.settings.policies import Policy

__all__ = [
    "DEFAULT_FLUX",
    "DEFAULT_KUBERNETES",
    "FLUX_VERSIONS",
    "ClusterSettings",
    "Ignore",
    "NodeSettings",
    "Settings",
]

FLUX_VERSIONS = ("2.8", "2.9")
"""Flux minors whose controllers' behaviour is known."""

DEFAULT_FLUX = FLUX_VERSIONS[-1]
DEFAULT_KUBERNETES = "1.37"


class Ignore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding that is accepted: by rule and, where given, file pattern and object (`Kind/namespace/name`).

    `line` is where it stands in `elysium.toml`; the file itself cannot say so.
    """

    rule: str
    reason: str
    file: str = ""
    object: str = ""
    line: int = 0


class NodeSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A node of a cluster, or `count` nodes alike.

    `cpu`, `memory`, `pods`, `ephemeral_storage` are what the node has to give (`status.allocatable`); what is not given
    is not judged. `labels` are those beyond `kubernetes.io/hostname`, `taints` are written as kubectl does
    (`key=value:NoSchedule`), `extended` is what device plugins offer (`gpu.intel.com/i915`).
    """

    name: str
    cpu: str = ""
    memory: str = ""
    pods: int = 110
    ephemeral_storage: str = ""
    labels: dict[str, str] = {}
    taints: tuple[str, ...] = ()
    extended: dict[str, str] = {}
    count: int = 1


class ClusterSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What is true of one cluster and stands nowhere in the repository.

    `flux`, `kubernetes`: versions, where they differ from the repository's. `api_versions`: kinds that the cluster
    serves beyond the built-in ones and the CRDs of the repository (`group/version` or `group/version/Kind`).
    `external`: ConfigMaps and Secrets that exist outside Git (`Secret/flux-system/sops-age`). `nodes`: the machines.
    `storage_classes`, `ingress_classes`, `priority_classes`, `runtime_classes`: those that the distribution or a person
    has made; the first storage class is the default. `snapshot`: a file that `elysium rehearse --snapshot`
    has written, which says of the cluster what is not said here.
    """

    flux: str = ""
    kubernetes: str = ""
    api_versions: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    nodes: tuple[NodeSettings, ...] = ()
    storage_classes: tuple[str, ...] = ()
    ingress_classes: tuple[str, ...] = ()
    priority_classes: tuple[str, ...] = ()
    runtime_classes: tuple[str, ...] = ()
    snapshot: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The whole of `elysium.toml`.

    `flux`, `kubernetes`: the versions to render for. `clusters`: directories of clusters, when they are not found by
    themselves. `cluster`: settings by cluster directory. `sources`: local directories in place of sources, in the form
    of `--source`. `inputs`: for each ResourceSetInputProvider (`namespace/name`) a committed JSON or YAML file with its
    inputs. `upgrade`: render releases as upgrades (`.Release.IsUpgrade`), as a running cluster mostly does. `gates`:
    feature gates of the controllers. `schemas`: folders with CRDs and JSON Schemas of custom kinds. `external`,
    `api_versions`: as in a cluster, for all of them. `ignore`: accepted findings. `rules`: severity by rule (`error`,
    `warning`, `info`, `off`). `profile`, `fail_on`: the defaults of `elysium check`. `policy`: own rules. `baseline`: a
    file with findings that are known, so that only new ones count. `components`: folders with components of one's own
    for `elysium new`.
    """

    flux: str = DEFAULT_FLUX
    kubernetes: str = DEFAULT_KUBERNETES
    clusters: tuple[str, ...] = ()
    cluster: dict[str, ClusterSettings] = {}
    sources: tuple[str, ...] = ()
    inputs: dict[str, str] = {}
    upgrade: bool = True
    gates: dict[str, bool] = {}
    schemas: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    api_versions: tuple[str, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    rules: dict[str, str] = {}
    policy: tuple[Policy, ...] = ()
    profile: str = ""
    fail_on: str = "error"
    baseline: str = ""
    components: tuple[str, ...] = ()
