"""`elysium explain`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import DEFAULTS, Common, Output, say_timings, workspace

__all__ = ["explain"]


def explain(
    subject: Annotated[
        str, Parameter(name="OBJECT", help="Kind/NAMESPACE/NAME, Kind/NAME, or a unit such as hr/NAMESPACE/NAME.")
    ],
    repository: Annotated[str, Parameter(name="REPO", help="The repository: a directory.")] = ".",
    /,
    *,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    common: Common = DEFAULTS,
) -> int:
    """Show which file, patch, chart and value made an object.

    For a HelmRelease: its composed values, each with where it came from.

    For example:

    * `elysium explain Deployment/media/jellyfin`: where an object comes from
    * `elysium explain hr/media/jellyfin -o json`: the values of a release
    """
    with workspace(repository, common) as opened:
        found = opened.explain(subject)
        say_timings(opened, common)
    from elysium.present.explanations import write_explanation

    write_explanation(found, sys.stdout, output)
    return 0
