"""The kinds of plans there are, and how somebody names them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from elysium.errors import UsageError
from elysium.plans.deploying.step_titles import STEP_TITLES
from elysium.plans.kinds.definition import Kind, KindPhase, KindSection, KindStep
from elysium.plans.kinds.sections import TEN_SECTIONS, TEST_CLASSES
from elysium.plans.types import Mark

__all__ = ["KINDS", "find"]

_FOUR_MARKS = (Mark.COMPLETE, Mark.PARTIAL, Mark.PENDING, Mark.DEFERRED)


def _steps(*titles: str) -> tuple[KindStep, ...]:
    return tuple(KindStep(number=str(number), title=title) for number, title in enumerate(titles))


def _section(key: str, title: str, *, required: bool = True) -> KindSection:
    return KindSection(key=key, title=title, required=required)


_DEPLOY_APP = Kind(
    name="deploy-app",
    summary="Deploy a new application: ten sections, steps 0 to 7.",
    aliases=("app", "application", "deploy"),
    sections=TEN_SECTIONS,
    steps=_steps(*STEP_TITLES),
    test_classes=TEST_CLASSES,
    method=True,
)
_INFRASTRUCTURE = Kind(
    name="infrastructure",
    summary="Change what the applications stand on: a controller, its settings, what depends on it.",
    aliases=("infra",),
    sections=TEN_SECTIONS,
    steps=_steps(
        "Choose the component",
        "Add the controllers",
        "Add the configuration",
        "Order the dependencies",
        "Add monitoring",
        "Connect the cluster",
        "Deploy and validate",
    ),
    test_classes=TEST_CLASSES,
    answers={
        "component": "the component of `elysium new` that brings it, such as infra/cert-manager; by default infra/NAME",
        "preset": "a preset of that component",
        "why": "why the change is needed, in one sentence",
        "owner": "who owns the plan",
    },
    parameters=True,
)
_REFACTORING = Kind(
    name="refactoring",
    summary="Change how the repository says it, and nothing of what the cluster gets.",
    aliases=("refactor",),
    sections=TEN_SECTIONS,
    steps=_steps("Record what there is", "Prepare the new places"),
    test_classes=TEST_CLASSES,
    answers={
        "moves": "what moves, as OLD>NEW, separated by commas",
        "changes": "objects that may become different, as Kind/namespace/name, separated by commas; by default none",
        "why": "why the change is needed, in one sentence",
        "owner": "who owns the plan",
    },
)
_PREVIEW_ENVIRONMENTS = Kind(
    name="preview-environments",
    summary="An environment for every pull request: phases 0 to 7, work in the repository and work on the cluster.",
    aliases=("preview", "previews"),
    phases=(
        KindPhase(number="0", title="Alignment and readiness"),
        KindPhase(number="1", title="Control plane"),
        KindPhase(number="2", title="Edge and DNS"),
        KindPhase(number="3", title="Services, security and quotas"),
        KindPhase(number="4", title="Chart"),
        KindPhase(number="5", title="Workflows"),
        KindPhase(number="6", title="Cutover"),
        KindPhase(number="7", title="Later improvements", optional=True),
    ),
    sections=(_section("milestones", "Milestones"), _section("changes", "Change log", required=False)),
    answers={
        "domain": "the domain of the previews",
        "edge-address": "the address or name of the HAProxy host",
        "node-address": "the address of the k3s node, as HAProxy reaches it",
        "owners": "who works on the repository and who on the cluster: repository=alice,cluster=bob",
        "registry": "the image of the application without a tag, such as ghcr.io/owner/name",
        "tls": "edge or cert-manager; open until it is decided",
        "node-port": "the port of the node that leads to Traefik (30080)",
        "compose-file": "the compose file that the previews follow (docker-compose.yml)",
    },
    gitops=False,
)
_CLUSTER_ADOPTION = Kind(
    name="cluster-adoption",
    summary="Bring a repository of several components into a cluster: phases 0 to 10, four signs of progress.",
    aliases=("adoption", "cluster", "roadmap"),
    phases=(
        KindPhase(number="0", title="Baseline"),
        KindPhase(number="0.5", title="Container images"),
        KindPhase(number="1", title="Charts and manifests"),
        KindPhase(number="2", title="A cluster on the laptop"),
        KindPhase(number="3", title="Ingress and TLS"),
        KindPhase(number="4", title="Observability"),
        KindPhase(number="5", title="Security and settings"),
        KindPhase(number="6", title="Scaling and resilience"),
        KindPhase(number="7", title="Continuous integration"),
        KindPhase(number="8", title="Progressive delivery", optional=True),
        KindPhase(number="9", title="Documentation and runbooks"),
        KindPhase(number="10", title="Risks"),
    ),
    sections=(
        _section("snapshot", "Progress"),
        _section("order", "Execution order"),
        _section("completion", "Completion criteria"),
        _section("delta", "What is left", required=False),
        _section("naming", "Naming", required=False),
        _section("future", "Later", required=False),
    ),
    marks=_FOUR_MARKS,
    answers={
        "api": "the component that serves requests (api)",
        "charts": "the components with a chart of their own (api,web,admin)",
        "languages": "what each image holds: api=python,web=node-static",
        "worker": "the component without requests that waits for its queue (worker)",
        "part-of": "what all components together are",
        "release-prefix": "what releases begin with",
        "health-path": "the path that answers 200 (/health/)",
        "cluster": "the name of the cluster on the laptop",
        "domain": "the domain of the hosts in production",
        "owner": "who owns the plan",
    },
    gitops=False,
)
_CUSTOM = Kind(
    name="custom",
    summary="Anything else: a frame with what and why, work, rollback and how to tell that it is done.",
    aliases=("free", "other"),
    answers={"why": "why it is needed, in one sentence", "owner": "who owns the plan"},
    gitops=False,
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (_DEPLOY_APP, _INFRASTRUCTURE, _REFACTORING, _PREVIEW_ENVIRONMENTS, _CLUSTER_ADOPTION, _CUSTOM)
}
"""Every kind by its name."""


def find(name: str) -> Kind:
    """The kind of this name or alias. Raises UsageError, with what there is, when there is none."""
    wanted = name.strip().lower()
    for kind in KINDS.values():
        if wanted == kind.name or wanted in kind.aliases:
            return kind
    near = difflib.get_close_matches(
        wanted, [word for kind in KINDS.values() for word in (kind.name, *kind.aliases)], 1
    )
    perhaps = f"perhaps {near[0]}; " if near else ""
    raise UsageError(f"there is no kind of plan {name!r}", hint=f"{perhaps}there are {', '.join(KINDS)}")
