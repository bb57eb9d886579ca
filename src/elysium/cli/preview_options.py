"""How a preview is rendered, as the commands that render one take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli.options import Many, Switch

if TYPE_CHECKING:
    from elysium.api.previewing import PreviewOptions

__all__ = ["AS_DEPLOYED", "How"]

_CHART = Group("How it is rendered", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class How:
    """What differs from a preview as the deploy workflow makes it."""

    set_env: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_CHART, help="A variable of the application: KEY=VALUE. Repeatable."),
    ] = ()
    settings: Annotated[
        tuple[str, ...],
        Many,
        Parameter(name="--set", group=_CHART, help="A value of the chart: path=value. Repeatable."),
    ] = ()
    tls: Annotated[
        Literal["edge", "cert-manager"] | None,
        Parameter(group=_CHART, help="Where TLS ends; by default as the chart says.", show_default=False),
    ] = None
    external_dns: Annotated[bool, Switch, Parameter(group=_CHART, help="With a DNS record of its own.")] = False
    twin: Annotated[bool, Switch, Parameter(group=_CHART, help="Build the Kustomize twin instead of the chart.")] = (
        False
    )
    kubernetes_version: Annotated[
        str, Parameter(group=_CHART, help="The Kubernetes minor; the newest by default.", show_default=False)
    ] = ""

    def for_api(self, only: str = "") -> PreviewOptions:
        """The same to the API."""
        from elysium.api.previewing import PreviewOptions
        from elysium.previews import overrides_of

        return PreviewOptions(
            variables=overrides_of(self.set_env),
            settings=self.settings,
            tls=self.tls or "",
            external_dns=self.external_dns,
            twin=self.twin,
            only=only,
        )


AS_DEPLOYED = How()
