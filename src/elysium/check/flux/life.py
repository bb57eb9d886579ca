"""Since when Flux no longer serves a version of its kinds."""

from __future__ import annotations

__all__ = ["TOOLKIT", "removed_in"]

TOOLKIT = ".toolkit.fluxcd.io"
"""How the groups of Flux's controllers end."""

_REMOVED_IN = {
    "helm/v2beta1": (2, 7),
    "helm/v2beta2": (2, 8),
    "image/v1alpha1": (2, 7),
    "image/v1alpha2": (2, 7),
    "image/v1beta1": (2, 7),
    "image/v1beta2": (2, 9),
    "kustomize/v1beta1": (2, 7),
    "kustomize/v1beta2": (2, 8),
    "notification/v1beta1": (2, 7),
    "notification/v1beta2": (2, 9),
    "source/v1beta1": (2, 7),
    "source/v1beta2": (2, 8),
}


def removed_in(api_version: str) -> tuple[int, int] | None:
    """The version of Flux that stopped to serve an API version; None for those of others and those that it serves."""
    group, _, version = api_version.partition("/")
    if not group.endswith(TOOLKIT):
        return None
    return _REMOVED_IN.get(f"{group.removesuffix(TOOLKIT)}/{version}")
