"""A password, token or key written into the environment or the arguments of a container.

Everybody who may read pods sees both, and Git keeps them. `env[].valueFrom.secretKeyRef` and `envFrom[].secretRef`
take the value from a Secret; programs that want an argument get `$(VARIABLE)` of such a variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.plaintext.objects import Written, finding, written_objects
from elysium.check.plaintext.tree import Leak, leaks
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="plaintext-environment",
    severity=Severity.ERROR,
    summary="a password, token or key in the environment or the arguments of a container",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_HINT = "take it from a Secret: env[].valueFrom.secretKeyRef"
_WORKLOADS = {"Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"}
_OTHERS = {
    *("Secret", "ConfigMap", "HelmRelease", "SealedSecret", "CustomResourceDefinition", "ExternalSecret", "PushSecret"),
    *("ClusterExternalSecret", "Kustomization", "Component", "ResourceSet", "List", "Config", ""),
}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each secret in a workload, or under `env` of a custom object."""
    for item in written_objects(context):
        if item.kind in _OTHERS or not item.body.get("apiVersion", item.inline):
            continue
        for leak in leaks(context.decode, item.body.get("spec"), ("spec",)):
            if item.kind in _WORKLOADS or _certain(item, leak):
                yield finding(RULE, context, item, leak, _HINT)


def _certain(item: Written, leak: Leak) -> bool:
    """In objects whose fields we do not know, only what stands under `env`, is a password or has a known form."""
    if leak.judgement.severity is not Severity.ERROR:
        return False
    return "env" in leak.path or leak.judgement.kind not in ("a secret", "a token or key")
