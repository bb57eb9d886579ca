"""Which workflows a repository asks for, by what is in it: charts want to be linted, functions to be deployed.

GitHub runs one workflow for each; GitLab has one pipeline for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import msgspec

__all__ = ["Wanted", "wanted_workflows"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow component, and the file that asks for it."""

    component: str
    reason: str


_MARKS = (
    ("validate", re.compile(r"clusters/[^/]+/.+\.ya?ml"), "the cluster of {}"),
    ("ci", re.compile(r"(?:.*/)?Dockerfile|charts/[^/]+/Chart\.yaml"), "what is built from {}"),
    ("flux-update", re.compile(r"clusters/[^/]+/flux-system/gotk-components\.yaml"), "the controllers in {}"),
    ("functions", re.compile(r"functions/specs/[^/]+\.ya?ml"), "the functions of {}"),
    ("coder", re.compile(r"coder/templates/[^/]+/[^/]+\.tf"), "the template of {}"),
    ("preview", re.compile(r"devops/k8s/rbac/pr-admin\.yaml"), "the preview account of {}"),
    ("chart-publish", re.compile(r"devops/helm/[^/]+/Chart\.yaml"), "the chart of {}"),
)
_IN_ONE = ("validate", "ci")
"""What the pipeline of GitLab does; the others exist for GitHub only."""
_GITLAB = re.compile(r"https?://[^/]*gitlab|ssh://git@[^/]*gitlab")


def wanted_workflows(files: Collection[str], url: str = "") -> tuple[Wanted, ...]:
    """The workflows that files of a repository ask for, in the order of what they need of each other.

    A repository is on GitLab when its address says so, or when it has a pipeline of GitLab already.
    """
    found = list(_asked(files))
    if not (_GITLAB.match(url) or ".gitlab-ci.yml" in files):
        return tuple(Wanted(component=f"workflow/{name}", reason=reason) for name, reason in found)
    reasons = [reason for name, reason in found if name in _IN_ONE]
    return (Wanted(component="workflow/gitlab", reason=" and ".join(reasons)),) if reasons else ()


def _asked(files: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, mark, reason in _MARKS:
        first = next((path for path in sorted(files) if mark.fullmatch(path)), None)
        if first is not None:
            yield name, reason.format(first)
