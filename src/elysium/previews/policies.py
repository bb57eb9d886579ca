"""What a preview's namespace begins with, as `apply-preview-policies.sh` applies it.

The script replaces two variables with `envsubst`, and leaves what else looks like one as it is; so does this.
"""

from __future__ import annotations

import re

from elysium.previews.names import namespace_of
from elysium.previews.platform import Platform

__all__ = ["ACCOUNT", "POLICIES", "account_manifests", "policy_manifests"]

ACCOUNT = "k8s/rbac/pr-admin.yaml"
"""The deployer's account, once for a cluster."""

POLICIES = (
    "k8s/namespaces/pr-template.yaml",
    "k8s/policies/resource-quota.yaml",
    "k8s/policies/limit-range.yaml",
    "k8s/policies/network-policy.yaml",
)
"""What every preview has, in the order in which it is applied."""

_VARIABLE = re.compile(
    r"\$(?:\{(PREVIEW_NAMESPACE|PREVIEW_NUMBER)\}|(PREVIEW_NAMESPACE|PREVIEW_NUMBER)(?![A-Za-z0-9_]))"
)


def policy_manifests(platform: Platform, number: int) -> str:
    """The YAML stream of a preview's namespace and policies."""
    values = {"PREVIEW_NAMESPACE": namespace_of(platform, number), "PREVIEW_NUMBER": str(number)}
    texts = (platform.text(name) for name in POLICIES)
    return "".join(f"---\n{_VARIABLE.sub(lambda match: values[match[1] or match[2]], text)}" for text in texts)


def account_manifests(platform: Platform) -> str:
    """The YAML stream of the deployer's account and the policies that hold it."""
    return f"---\n{platform.text(ACCOUNT)}"
