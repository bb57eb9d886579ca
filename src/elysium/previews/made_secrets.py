"""Secrets of a preview that no file has: the deployment makes them.

The pull secret comes from a token that the workflow alone has. The chart makes the passwords of the stores by itself;
who deploys its twin makes them once by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.workloads import mapping, sequence

__all__ = ["CREDENTIALS", "made_secrets"]

CREDENTIALS = "preview-credentials"
"""The passwords of the stores."""

_NO_LOGINS = "eyJhdXRocyI6e319"  # {"auths":{}}
_UNKNOWN = "b3BhcXVlLXBhc3N3b3Jk"  # opaque-password


def made_secrets(index: ObjectIndex, namespace: str) -> Iterator[dict[str, Any]]:
    """The pull secrets that pods of a namespace name, and the passwords of its stores, where nothing else makes them.

    They hold nothing: no logins, and a word in place of each password.
    """
    for name in dict.fromkeys(_pulled_with(index, namespace)):
        if not index.find("", "Secret", namespace, name):
            data = {".dockerconfigjson": _NO_LOGINS}
            yield _secret(name, namespace, "kubernetes.io/dockerconfigjson", data)
    keys = dict.fromkeys(_keys(index, namespace))
    if keys and not index.find("", "Secret", namespace, CREDENTIALS):
        yield _secret(CREDENTIALS, namespace, "Opaque", dict.fromkeys(keys, _UNKNOWN))


def _pulled_with(index: ObjectIndex, namespace: str) -> Iterator[str]:
    for workload in workloads(index):
        for entry in sequence(workload.spec.get("imagePullSecrets")) if workload.namespace == namespace else ():
            name = mapping(entry).get("name")
            if isinstance(name, str) and name:
                yield name


def _keys(index: ObjectIndex, namespace: str) -> Iterator[str]:
    """The keys of the passwords that containers are given."""
    for workload in workloads(index):
        for container in workload.containers if workload.namespace == namespace else ():
            for entry in sequence(container.body.get("env")):
                reference = mapping(mapping(mapping(entry).get("valueFrom")).get("secretKeyRef"))
                if reference.get("name") == CREDENTIALS and isinstance(reference.get("key"), str):
                    yield reference["key"]


def _secret(name: str, namespace: str, kind: str, data: dict[str, str]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": kind, "data": data}
