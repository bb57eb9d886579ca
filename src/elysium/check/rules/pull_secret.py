"""An image that others pull with a secret, and this pod without.

Images of a private registry need a pull secret of the pod or of its ServiceAccount; without one the pull fails with
401 (`ImagePullBackOff`). A registry, or an owner within a public one (`ghcr.io/OWNER`), is taken as private when at
least as many images are pulled from it with a secret as without.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.workloads import Path, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="pull-secret",
    severity=Severity.WARNING,
    summary="an image of a private registry is pulled without a secret",
    topic=Topic.IMAGES,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each image without the secret that the others have."""
    for index in context.objects.values():
        private: dict[str, list[Workload]] = {}
        without: dict[str, list[tuple[Workload, Path, str]]] = {}
        for workload in workloads(index):
            secret = _has_secret(index, workload)
            for path, image in _images(workload):
                if secret:
                    private.setdefault(_owner(image), []).append(workload)
                else:
                    without.setdefault(_owner(image), []).append((workload, path, image))
        for owner, pulled in private.items():
            lacking = without.get(owner, [])
            for workload, path, image in lacking if len(lacking) <= len(pulled) else ():
                at = in_object(context, workload.item, path)
                message = f"{workload.item}: {image} is pulled without a secret, from {owner} {pulled[0].item} has one"
                hint = "add imagePullSecrets to the pod or to its ServiceAccount"
                yield about_object(RULE, workload.item, at, message, hint=hint)


def _images(workload: Workload) -> Iterator[tuple[Path, str]]:
    for container in workload.containers:
        image = container.body.get("image")
        if isinstance(image, str) and image:
            yield (*container.path, "image"), image


def _has_secret(index: ObjectIndex, workload: Workload) -> bool:
    if workload.spec.get("imagePullSecrets"):
        return True
    name = str(workload.spec.get("serviceAccountName") or "default")
    accounts = index.find("", "ServiceAccount", workload.namespace, name)
    return any(sequence(index.body(account).get("imagePullSecrets")) for account in accounts)


def _owner(image: str) -> str:
    """The registry, with the owner where a registry has many."""
    parts = image.partition("@")[0].split("/")
    named = len(parts) > 1 and ("." in parts[0] or ":" in parts[0] or parts[0] == "localhost")
    if not named:
        return "/".join(("docker.io", *(parts[:1] if len(parts) > 1 else ["library"])))
    many = ("ghcr.io", "quay.io", "docker.io", "registry.gitlab.com", "public.ecr.aws")
    return "/".join(parts[:2]) if parts[0] in many else parts[0]
