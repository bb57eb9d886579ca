"""An image from a registry that asks for a login, pulled without one.

That the registry asks is known from the repository itself: an ImageRepository that scans this very image has a
`secretRef`, or other pods of the cluster pull from the same owner with `imagePullSecrets`. Without a pull secret on the
pod or its ServiceAccount, the node gets `ImagePullBackOff` (unless it has a login of its own).
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.images import UsedImage, used_images
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-pull-secret",
    severity=Severity.WARNING,
    summary="an image from a registry that asks for a login, pulled without one",
    topic=Topic.IMAGES,
    profiles=("review", "security"),
)

_OPEN = ("docker.io", "quay.io", "registry.k8s.io", "lscr.io", "localhost", "127.0.0.1")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container that pulls such an image without a login."""
    for index in context.objects.values():
        used = [image for image in used_images(index) if image.reference]
        scanned = _scanned(index)
        owners = {_owner(image) for image in used if _has_login(index, image)} - {""}
        for image in used:
            name = image.reference.name if image.reference else ""
            why = (
                f"{scanned[name]} scans it with a login"
                if name in scanned
                else "others pull from there with one"
                if _owner(image) in owners
                else ""
            )
            if why and not _has_login(index, image):
                item = image.workload.item
                message = f"{item}: container {image.container.name} pulls {name} without a login, and {why}"
                hint = "name the registry's Secret in imagePullSecrets of the pod or of its ServiceAccount"
                yield about_object(RULE, item, in_object(context, item, image.path), message, hint=hint)


def _scanned(index: ObjectIndex) -> dict[str, str]:
    """The images that an ImageRepository scans with a login."""
    found = {}
    for item in index.of_kind("image.toolkit.fluxcd.io", "ImageRepository"):
        spec = mapping(index.body(item).get("spec"))
        if mapping(spec.get("secretRef")).get("name"):
            found[str(spec.get("image") or "")] = str(item)
    return found


def _owner(image: UsedImage) -> str:
    """The registry and the first part of the name, where that is a registry with owners of private images."""
    if not image.reference or image.reference.host.startswith(_OPEN):
        return ""
    parts = image.reference.name.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def _has_login(index: ObjectIndex, image: UsedImage) -> bool:
    spec = image.workload.spec
    if sequence(spec.get("imagePullSecrets")):
        return True
    name = str(spec.get("serviceAccountName") or spec.get("serviceAccount") or "default")
    accounts = index.find("", "ServiceAccount", image.workload.namespace, name)
    return any(sequence(index.body(account).get("imagePullSecrets")) for account in accounts)
