"""The five stages of a pipeline, from a change to production, and which of them a repository has.

They are known by what is run, in workflows of GitHub, in the pipeline of GitLab, and in the scripts that these name; so
a pipeline that somebody else wrote is judged, too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator

import msgspec

__all__ = ["Stage", "stages_of"]


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage, and what of it is missing; nothing when it is complete."""

    name: str
    missing: tuple[str, ...] = ()


_TESTS = (
    r"pytest|unittest|tox\b|(?:npm|pnpm|yarn)\s+(?:run\s+)?(?:--if-present\s+)?test|(?:go|flutter|cargo)\s+test"
    r"|mvn\b.*\bverify|gradlew?\b.*\b(?:check|test)|make\s+\S*test|elysium\s+check"
)
_STAGES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("lint and tests", (("tests", _TESTS),)),
    (
        "images",
        (
            ("a build", r"docker/build-push-action|docker\s+(?:buildx\s+)?build|buildah\s+(?:bud|build)|kaniko"),
            ("a scan", r"trivy|grype|docker\s+scout|snyk"),
            ("a push", r"skopeo\s+copy|docker\s+push|push:\s*(?:true|\$)|buildah\s+push"),
        ),
    ),
    (
        "charts",
        (("a lint", r"helm\s+lint|ct\s+lint"), ("a rendering", r"helm\s+template|elysium\s+render|kustomize\s+build")),
    ),
    (
        "an ephemeral cluster",
        (
            ("a cluster", r"kind-action|kind\s+create|k3d\s+cluster|minikube\s+start|elysium\s+rehearse"),
            ("smoke tests", r"helm\s+test|smoke|elysium\s+rehearse"),
        ),
    ),
    (
        "deployment",
        (("staging", r"\bstaging\b"), ("production", r"\bproduction\b"), ("an environment", r"^\s+environment:")),
    ),
)
_WITHOUT = {"images": ("images",), "charts": ("charts", "an ephemeral cluster", "deployment")}
_WORKFLOW = re.compile(r"(?:\.github|\.forgejo|\.gitea)/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml")
_SCRIPT = re.compile(r"[\w./-]+\.sh\b")


def stages_of(
    files: Collection[str], read: Callable[[str], str], *, images: bool = True, charts: bool = True
) -> tuple[Stage, ...]:
    """The stages that a repository needs: those of images only where there are images, those of charts likewise."""
    text = "\n".join(_texts(files, read))
    spared = (() if images else _WITHOUT["images"]) + (() if charts else _WITHOUT["charts"])
    return tuple(
        Stage(name=name, missing=tuple(what for what, mark in parts if not re.search(mark, text, re.MULTILINE)))
        for name, parts in _STAGES
        if name not in spared
    )


def _texts(files: Collection[str], read: Callable[[str], str]) -> Iterator[str]:
    """Workflows without their comments, and the scripts of the repository that they name."""
    named: set[str] = set()
    for path in sorted(files):
        if _WORKFLOW.fullmatch(path):
            text = re.sub(r"(?m)(?:^|\s)#.*$", "", read(path))
            named |= {posixpath.normpath(found) for found in _SCRIPT.findall(text)}
            yield text
    for path in sorted(named & set(files)):
        yield re.sub(r"(?m)^\s*#.*$", "", read(path))
