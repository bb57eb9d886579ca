"""`elysium version`, also `elysium --version`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import Output

__all__ = ["version"]


def version(
    *, output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text"
) -> int:
    """Print the versions of Elysium and of every library it renders with.

    For example:

    * `elysium version`
    * `elysium version -o json`
    """
    from elysium.api import versions
    from elysium.present.versions import write_versions

    write_versions(versions(), sys.stdout, output)
    return 0
