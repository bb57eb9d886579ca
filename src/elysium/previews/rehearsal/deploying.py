"""What the deploy workflow does, step by step, and what the teardown workflow does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.cluster.protocol import Readiness
from elysium.cluster.replay import Replayer
from elysium.model import ObjectId
from elysium.previews.rehearsal.deployer import Deployer, nothing_to_do, reference_to
from elysium.previews.rehearsal.deployment import Deployment
from elysium.previews.rehearsal.release import Release
from elysium.previews.rehearsal.types import MissingRule, RehearsedStep
from elysium.rehearse.scenario import Sent

__all__ = ["Workflows"]

_APPLY = "kubectl apply"
_PROBED = "NetworkPolicy"
"""What the script asks about to learn whether the rights in the namespace have arrived."""

_PATIENCE = 5.0
_QUIET = 2500
_LONGEST = 30_000
_READ = ("get", "list", "watch")


class Workflows:
    """The two workflows against one server, for one preview after another state of it."""

    def __init__(self, replayer: Replayer, deployer: Deployer) -> None:
        self._replayer = replayer
        self._deployer = deployer
        self._release = Release(replayer, deployer)
        self._noted: dict[str, str] = {}

    def deploy(self, deployment: Deployment) -> Iterator[RehearsedStep]:
        """Namespace, rights, policies, pull secret, chart, rollout, and the note of the commit."""
        room = [self._annotated(sent) for sent in deployment.room]
        script = "apply-preview-policies.sh: "
        made = self._deployer.apply("make the namespace", script + _APPLY, room)
        yield made
        yield self._await_rights(deployment, script + "kubectl auth can-i", 0 if made.in_trouble else _PATIENCE)
        yield self._deployer.apply("apply the policies", script + _APPLY, deployment.policies)
        yield self._deployer.apply("make the pull secret", _APPLY, deployment.secrets)
        yield self._release.install(deployment)
        yield self._await_rollout(deployment)
        yield self._note(deployment)

    def tear_down(self, deployment: Deployment) -> Iterator[RehearsedStep]:
        """The release and the namespace go; where the namespace is not there, nothing is left to do."""
        space = _namespace(deployment)
        look, command = "look for the namespace", "kubectl get namespace --ignore-not-found"
        missing = self._deployer.lacks(("get",), space)
        if not self._deployer.is_there(space) and not missing:
            yield nothing_to_do(look, command, f"{space} is not there")
            return
        yield self._deployer.reading(look, command, missing)
        if not self._deployer.is_there(space):
            return
        yield self._release.uninstall(deployment)
        yield self._deployer.delete("delete the namespace", "kubectl delete namespace --ignore-not-found", space)
        if not self._deployer.is_there(space):
            self._deployer.forget()
            self._noted = {}

    def _await_rights(self, deployment: Deployment, command: str, patience: float) -> RehearsedStep:
        """The server learns of a new binding within moments."""
        name = "wait for the rights"
        probe = next((sent.item.id for sent in deployment.policies if sent.item.kind == _PROBED), None)
        if probe is None:
            return nothing_to_do(name, command, f"there is no {_PROBED}")
        until = time.monotonic() + patience
        missing = self._deployer.lacks(("create",), probe)
        while missing and time.monotonic() < until:
            time.sleep(0.1)
            missing = self._deployer.lacks(("create",), probe)
        return self._deployer.reading(name, command, missing)

    def _await_rollout(self, deployment: Deployment) -> RehearsedStep:
        name, command = "wait for the rollout", "kubectl rollout status deployment/app"
        target = ObjectId("apps", "Deployment", deployment.namespace, "app")
        missing: tuple[MissingRule, ...] = self._deployer.lacks(_READ, target)
        params = {"objects": [reference_to(target)], "quiet": _QUIET, "limit": _LONGEST}
        readiness = self._replayer.call("ready", params, Readiness)
        states = "; ".join(f"{item.object.id}: {item.message or item.status}" for item in readiness.objects)
        return self._deployer.reading(name, command, missing, "" if readiness.ready else states)

    def _note(self, deployment: Deployment) -> RehearsedStep:
        """Note on the namespace which commit runs there."""
        self._noted = {
            "preview.elysium.dev/sha": deployment.commit,
            "preview.elysium.dev/last-activity": _moment(deployment.commit),
        }
        spaces = [self._annotated(sent) for sent in deployment.room if sent.item.kind == "Namespace"]
        return self._deployer.apply("note the commit", "kubectl annotate namespace", spaces)

    def _annotated(self, sent: Sent) -> Sent:
        """The namespace with what was noted on it: `kubectl apply` leaves what it did not make."""
        if sent.item.kind != "Namespace" or not self._noted:
            return sent
        body: dict[str, Any] = msgspec.json.decode(sent.raw)
        metadata = body["metadata"]
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **self._noted}
        return msgspec.structs.replace(sent, raw=msgspec.json.encode(body))


def _namespace(deployment: Deployment) -> ObjectId:
    return ObjectId("", "Namespace", "", deployment.namespace)


def _moment(commit: str) -> str:
    """A time of day for a commit: which one does not matter, only that each has another."""
    number = int(commit[:8] or "0", 16)
    return f"2026-01-01T{number % 24:02}:{number // 24 % 60:02}:{number // 1440 % 60:02}Z"
