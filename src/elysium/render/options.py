"""What a render is asked for, beside the tree."""

from __future__ import annotations

import msgspec

from elysium.settings import Settings

__all__ = ["PINNED_TIME", "RenderOptions"]

PINNED_TIME = "2026-01-01T00:00:00Z"
"""What `now` is in every template, so that the same input gives the same bytes."""


class RenderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Versions and inputs of one render. `age_keys` are private keys; they never leave the process but to the
    engine.
    """

    flux: str
    kubernetes: str
    upgrade: bool = True
    validate: bool = True
    age_keys: tuple[str, ...] = ()
    gates: dict[str, bool] = {}
    api_versions: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    inputs: dict[str, tuple[dict[str, object], ...]] = {}

    @property
    def minor(self) -> str:
        """The Kubernetes minor, `1.37`, of a version that may name a patch."""
        return ".".join(self.kubernetes.removeprefix("v").split(".")[:2])

    @property
    def patch(self) -> str:
        """The full Kubernetes version, `1.37.0`."""
        version = self.kubernetes.removeprefix("v")
        return version if version.count(".") >= 2 else f"{version}.0"

    @property
    def strict(self) -> bool:
        """Whether a missing variable is an error: a gate of kustomize-controller, on by default since Flux 2.9."""
        return self.gates.get("StrictPostBuildSubstitutions", self.flux != "2.8")

    def for_cluster(self, settings: Settings, directory: str) -> RenderOptions:
        """The same options with what the settings say of one cluster."""
        own = settings.cluster.get(directory)
        if own is None:
            return self
        return msgspec.structs.replace(
            self,
            flux=own.flux or self.flux,
            kubernetes=own.kubernetes or self.kubernetes,
            api_versions=tuple(sorted({*self.api_versions, *own.api_versions})),
            external=tuple(sorted({*self.external, *own.external})),
        )
