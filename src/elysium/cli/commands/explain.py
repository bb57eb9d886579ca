"""`elysium explain`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import DEFAULTS, Common, Output, say_timings, workspace
from elysium.errors import UsageError

__all__ = ["explain"]


def explain(
    subject: Annotated[
        str,
        Parameter(
            name="SUBJECT",
            help="Kind/NAMESPACE/NAME, Kind/NAME, a unit such as hr/NAMESPACE/NAME, or the id of a rule.",
        ),
    ],
    repository: Annotated[str, Parameter(name="REPO", help="The repository: a directory.")] = ".",
    /,
    *,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    common: Common = DEFAULTS,
) -> int:
    """Show what made an object, or what a rule finds and why.

    For an object: file, patches, chart and values, field by field; for a HelmRelease its composed values.

    For example:

    * `elysium explain Deployment/media/jellyfin`: where an object comes from
    * `elysium explain hr/media/jellyfin -o json`: the values of a release
    * `elysium explain deadlock`: a rule, with a bad and a good example
    """
    if "/" not in subject:
        return _explain_rule(subject, output)
    with workspace(repository, common) as opened:
        found = opened.explain(subject)
        say_timings(opened, common)
    from elysium.present.explanations import write_explanation

    write_explanation(found, sys.stdout, output)
    return 0


def _explain_rule(identifier: str, output: str) -> int:
    from elysium.check import registry
    from elysium.check.spelling import nearest

    known = registry.identifiers()
    if identifier not in known:
        near = nearest(identifier, known)
        hint = f"did you mean {near}?" if near else "name an object as Kind/NAMESPACE/NAME; docs/rules lists the rules"
        raise UsageError(f"there is no rule {identifier!r}", hint=hint)
    from elysium.present.rules import write_rule

    write_rule(identifier, sys.stdout, output)
    return 0
