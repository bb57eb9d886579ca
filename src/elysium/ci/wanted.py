"""Which workflows a repository asks for, by what is in it: charts want to be linted, functions to be deployed."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

__all__ = ["Wanted", "wanted_workflows"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow component, and the file that asks for it."""

    component: str
    reason: str


_MARKS = (
    ("validate", re.compile(r"clusters/[^/]+/.+\.ya?ml"), "the cluster of {}"),
    ("ci", re.compile(r"(?:.*/)?(?:Dockerfile[^/]*|charts/[^/]+/Chart\.yaml)"), "what is built from {}"),
    ("flux-update", re.compile(r"clusters/[^/]+/flux-system/gotk-components\.yaml"), "the controllers in {}"),
    ("functions", re.compile(r"functions/specs/[^/]+\.ya?ml"), "the functions of {}"),
    ("coder", re.compile(r"coder/templates/[^/]+/[^/]+\.tf"), "the template of {}"),
    ("preview", re.compile(r"devops/k8s/rbac/pr-admin\.yaml"), "the preview account of {}"),
    ("chart-publish", re.compile(r"devops/helm/[^/]+/Chart\.yaml"), "the chart of {}"),
)


def wanted_workflows(files: Collection[str]) -> tuple[Wanted, ...]:
    """The workflows that files of a repository ask for, in the order of what they need of each other."""
    found = []
    for name, mark, reason in _MARKS:
        first = next((path for path in sorted(files) if mark.fullmatch(path)), None)
        if first is not None:
            found.append(Wanted(component=f"workflow/{name}", reason=reason.format(first)))
    return tuple(found)
