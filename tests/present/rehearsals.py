"""Rehearsals made by hand, for the tests of what is shown of them."""

from __future__ import annotations

from elysium.cluster.protocol import Action
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.types import (
    Phase,
    Rehearsal,
    Server,
    Summary,
    Unknown,
    Verdict,
    WorkloadState,
    WorkloadVerdict,
)

__all__ = ["APPS", "IMMUTABLE", "WEB", "ObjectId", "Rehearsal", "config", "empty", "full", "of", "verdict"]

APPS = UnitId("clusters/home", UnitKind.KUSTOMIZATION, "flux-system", "apps")
MEDIA = UnitId("clusters/home", UnitKind.HELM_RELEASE, "media", "jellyfin")
WEB = ObjectId("apps", "Deployment", "web", "site")
IMMUTABLE = 'Deployment.apps "site" is invalid: spec.selector: Invalid value: {"app":"x"}: field is immutable'
DEPRECATED = "policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+"


def verdict(name: ObjectId, action: Action = Action.CREATED, phase: Phase = Phase.HEAD, **more: object) -> Verdict:
    """What the server said of an object of `apps`."""
    fields: dict[str, object] = {"unit": APPS, "file": "apps/web/site.yaml", "line": 7, **more}
    return Verdict(phase=phase, object=name, action=action, **fields)  # type: ignore[arg-type]


def config(name: str) -> ObjectId:
    """A ConfigMap by its name."""
    return ObjectId("", "ConfigMap", "web", name)


def of(*verdicts: Verdict, **more: object) -> Rehearsal:
    """A rehearsal of these verdicts with a summary that fits."""
    head = [item for item in verdicts if item.phase is Phase.HEAD]
    actions = {action.value: sum(item.action is action for item in head) for action in Action}
    refused = sum(item.refused for item in head)
    fields: dict[str, object] = {
        "base": "main@sha1:1111111111111111111111111111111111111111",
        "head": "working tree",
        "server": Server(version="v1.36.3"),
        "clusters": ("clusters/home",),
        "summary": Summary(objects=len(head), actions=actions, new=refused),
        **more,
    }
    return Rehearsal(verdicts=verdicts, **fields)  # type: ignore[arg-type]


def empty() -> Rehearsal:
    """Nothing changes."""
    return of(verdict(WEB, Action.UNCHANGED), verdict(WEB, Action.UNCHANGED, Phase.BASE))


def full() -> Rehearsal:
    """Something of everything."""
    known = config("known")
    refused = verdict(
        WEB,
        Action.REJECTED,
        api_version="apps/v1",
        message=IMMUTABLE,
        hint="delete it, or give it another name",
        cause="immutable",
        attempts=3,
    )
    verdicts = (
        verdict(known, Action.REJECTED, Phase.BASE, message="it is too long", cause="invalid"),
        verdict(known, Action.REJECTED, message="it is too long", cause="invalid"),
        refused,
        verdict(config("late"), Action.SKIPPED, message="Deployment/web/site is refused"),
        verdict(config("left"), Action.SKIPPED, message="reconciliation is disabled by an annotation"),
        verdict(config("new"), file="", line=0, unit=MEDIA),
        verdict(config("changed"), Action.CONFIGURED, warnings=(DEPRECATED,)),
        verdict(config("again"), Action.RECREATED),
        verdict(config("gone"), Action.PRUNED),
        verdict(config("stays"), Action.ORPHANED),
        verdict(config("same"), Action.UNCHANGED),
        verdict(config("secret"), Action.REJECTED, message="no", unknown="its value is known to the cluster only"),
    )
    workload = WorkloadVerdict(
        phase=Phase.HEAD,
        object=ObjectId("apps", "Deployment", "media", "jellyfin"),
        state=WorkloadState.UNSCHEDULABLE,
        unit=MEDIA,
        message="0/1 nodes are available: 1 Insufficient gpu.intel.com/i915",
        hint="no node offers gpu.intel.com/i915",
        wanted=1,
    )
    up = WorkloadVerdict(
        phase=Phase.HEAD, object=ObjectId("apps", "Deployment", "web", "up"), state=WorkloadState.READY
    )
    hook = ObjectId("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "", "cert-manager")
    unknown = Unknown(phase=Phase.HEAD, code="webhook", message="its service does not run here", object=hook)
    summary = Summary(
        objects=11,
        actions={"unchanged": 1, "created": 1},
        new=2,
        known=1,
        unknown=2,
        warnings=1,
        seconds={"boot": 2.9, "base": 1.2, "whole": 4.5},
    )
    server = Server(version="v1.36.3", declared="1.34")
    return of(*verdicts, workloads=(workload, up), unknown=(unknown,), summary=summary, server=server)
