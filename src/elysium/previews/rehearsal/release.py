"""The Helm release of a preview: installed, upgraded and uninstalled by the account, as `helm` does it."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.cluster.protocol import Entries, Entry, Reference
from elysium.cluster.replay import Replayer
from elysium.evaluate.rights import STORAGE
from elysium.model import ObjectId
from elysium.previews.rehearsal.deployer import Deployer
from elysium.previews.rehearsal.deployment import Deployment
from elysium.previews.rehearsal.order import in_order, too_early
from elysium.previews.rehearsal.types import RehearsedStep
from elysium.rehearse.asking import hook_records
from elysium.rehearse.scenario import Sent

__all__ = ["Release"]

_HELM = ("get", "create", "patch", "delete")
"""What Helm does with the objects of a release."""

_DELETE = ("get", "delete")
_INSTALL = "helm upgrade --install"
_UNINSTALL = "helm uninstall --ignore-not-found"


class Release:
    """One release through its revisions. What is there and belongs to nobody is not taken over, as `helm` has it."""

    def __init__(self, replayer: Replayer, deployer: Deployer) -> None:
        self._replayer = replayer
        self._deployer = deployer
        self._revision = 0
        self._present: tuple[Reference, ...] = ()
        self._deployed: Deployment | None = None

    def install(self, deployment: Deployment) -> RehearsedStep:
        """Install the chart, or upgrade it."""
        upgrade = self._revision > 0
        params = self._params(deployment, upgrade=upgrade)
        result = self._replayer.call("release", params, Entries)
        entries = [self._deployer.told(entry, _sent_for(entry, deployment), _HELM) for entry in result.entries]
        ordered = in_order(entries, deployment, upgrade=upgrade)
        stood_in = bool(result.failed) and self._stand_in("release", params)
        self._revision += 1
        self._present = tuple(sent.reference for sent in deployment.manifest if not sent.item.crd)
        self._deployed = deployment
        name = "upgrade the chart" if upgrade else "install the chart"
        step = self._deployer.step(name, _INSTALL, ordered, failed=result.failed or too_early(ordered))
        return self._with_all_rules(msgspec.structs.replace(step, stood_in=stood_in), deployment)

    def _with_all_rules(self, step: RehearsedStep, deployment: Deployment) -> RehearsedStep:
        """Helm stops at the first object that it may not have: what else the account lacks is asked for by itself."""
        if not step.missing:
            return step
        named = {(sent.item.id.group, sent.item.kind): sent.item.id for sent in deployment.release}
        rules = [rule for identity in named.values() for rule in self._deployer.lacks(_HELM, identity)]
        record = ObjectId("", "Secret", deployment.namespace, f"sh.helm.release.v1.{deployment.namespace}.v1")
        return self._deployer.lacking(step, (*step.missing, *rules, *self._deployer.lacks(STORAGE, record)))

    def uninstall(self, deployment: Deployment) -> RehearsedStep:
        """Take the release away."""
        before = self._deployed or deployment
        params = {
            **_identity(before, max(self._revision, 1), self._deployer.account, upgrade=True),
            "objects": list(self._present),
            "hooks": hook_records(before.hooks),
        }
        result = self._replayer.call("uninstall", params, Entries)
        entries = [self._deployer.told(entry, _sent_for(entry, before), _DELETE) for entry in result.entries]
        stood_in = bool(result.failed) and self._stand_in("uninstall", params)
        self._revision, self._present, self._deployed = 0, (), None
        step = self._deployer.step("uninstall the chart", _UNINSTALL, entries, failed=result.failed)
        return msgspec.structs.replace(step, stood_in=stood_in)

    def _params(self, deployment: Deployment, *, upgrade: bool) -> dict[str, Any]:
        definitions = [msgspec.Raw(sent.raw) for sent in deployment.manifest if sent.item.crd]
        return {
            **_identity(deployment, self._revision + 1, self._deployer.account, upgrade=upgrade),
            "crds": {"policy": "Create", "objects": definitions},
            "objects": [msgspec.Raw(sent.raw) for sent in deployment.manifest if not sent.item.crd],
            "hooks": hook_records(deployment.hooks),
            "previous": list(self._present),
        }

    def _stand_in(self, method: str, params: dict[str, Any]) -> bool:
        """The same as the platform; what went wrong for another reason goes wrong again."""
        return not self._replayer.call(method, params | {"account": ""}, Entries).failed


def _identity(deployment: Deployment, revision: int, account: str, *, upgrade: bool) -> dict[str, Any]:
    record = {
        "name": deployment.namespace,
        "namespace": deployment.namespace,
        "storage_namespace": deployment.namespace,
        "chart": deployment.chart,
        "revision": revision,
        "upgrade": upgrade,
        "take_ownership": False,
    }
    return {"unit": deployment.namespace, "account": account, "release": record}


def _sent_for(entry: Entry, deployment: Deployment) -> Sent | None:
    identity = entry.object.id
    return next((sent for sent in deployment.release if sent.item.id == identity), None)
