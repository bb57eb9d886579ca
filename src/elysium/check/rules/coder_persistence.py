"""A Coder workspace whose files do not survive.

Stopping a workspace sets `start_count` to 0, and Terraform destroys whatever depends on it. The pod should; a volume
claim that does loses the files of its owner at every stop. Without any claim the files go with the pod.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.coder_templates import Template, coder_templates
from elysium.check.files.hcl import Block
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="coder-persistence",
    severity=Severity.WARNING,
    summary="a Coder workspace whose files do not survive",
    topic=Topic.STORAGE,
)

_CLAIMS = ("kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1")
_PODS = ("kubernetes_pod", "kubernetes_pod_v1", "kubernetes_deployment", "kubernetes_deployment_v1")
_OTHER_VOLUMES = ("host_path", "nfs", "csi", "ephemeral")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each claim that goes with the pod, and for each template without one."""
    for template in coder_templates(context):
        claims = template.of_kind("resource", *_CLAIMS)
        for file, claim in claims:
            count = claim.attribute("count") or claim.attribute("for_each")
            if count is not None and "start_count" in count.code:
                message = f"{'.'.join(claim.labels)} depends on start_count: the files are deleted at every stop"
                yield _finding(
                    file, count.line, message, "remove `count`; the claim stays until the workspace is deleted"
                )
        yield from _without(template, claims)


def _without(template: Template, claims: list[tuple[str, Block]]) -> Iterator[Finding]:
    pods = template.of_kind("resource", *_PODS)
    if claims or template.errors or not pods or not template.agents:
        return
    for _, pod in pods:
        for block in pod.below():
            if block.kind in _OTHER_VOLUMES or block.kind in ("persistent_volume_claim", "volume_claim_template"):
                return
    file, pod = pods[0]
    message = f"{'.'.join(pod.labels)} has no persistent volume: the files of a workspace go with its pod"
    yield _finding(
        file, pod.line, message, "add a kubernetes_persistent_volume_claim_v1 and mount it at the home directory"
    )


def _finding(file: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=file, line=line)
