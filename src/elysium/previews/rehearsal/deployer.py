"""The account that deploys previews, at the server: what `kubectl` does for it, object by object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from elysium.cluster.protocol import Action, Entries, Entry, Reference
from elysium.cluster.replay import Replayer
from elysium.evaluate import ObjectIndex
from elysium.evaluate.resources import resource_of
from elysium.model import ObjectId
from elysium.previews.rehearsal.refusals import entry_of, merged, rules_in, where_to_add
from elysium.previews.rehearsal.types import MissingRule, RehearsedStep, StepEntry, StepState
from elysium.rehearse.scenario import Sent

__all__ = ["APPLY", "Deployer", "nothing_to_do", "reference_to"]

APPLY = ("get", "create", "patch")
"""What `kubectl apply` does: it looks, and makes or patches."""

_MANAGER = "kubectl"
_NO_REFUSAL = "other"
"""The cause of what the server took and what came to no good end, such as the Job of a hook."""


class _Allowed(msgspec.Struct, frozen=True, kw_only=True):
    allowed: bool = False
    reason: str = ""


class _Bodies(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[dict[str, Any] | None, ...] = ()


class Deployer:
    """Does steps as an account, and remembers what was sent of each object.

    What the account may not do the platform does in its place, so that each later step is tried for itself.
    """

    def __init__(self, replayer: Replayer, account: str, index: ObjectIndex) -> None:
        self.account = account
        self._replayer = replayer
        self._index = index
        self._last: dict[ObjectId, bytes] = {}

    def apply(self, name: str, command: str, objects: Iterable[Sent]) -> RehearsedStep:
        """Apply objects one after the other, as `kubectl apply` goes on after a refusal."""
        entries, stood_in = [], False
        for sent in objects:
            found = self._applied(sent, self.account)
            entry = self.told(found, sent, APPLY)
            entries.append(entry)
            if found.action is Action.REJECTED:
                stood_in = stood_in or self._applied(sent, "").action is not Action.REJECTED
        return msgspec.structs.replace(self.step(name, command, entries), stood_in=stood_in)

    def delete(self, name: str, command: str, identity: ObjectId) -> RehearsedStep:
        """Delete an object, and wait until it is gone; one that is not there is no error."""
        found = self._deleted(identity, self.account)
        refused = found.action is Action.REJECTED
        stood_in = refused and self._deleted(identity, "").action is not Action.REJECTED
        step = self.step(name, command, [self.told(found, None, ("delete",))])
        return msgspec.structs.replace(step, stood_in=stood_in)

    def told(self, found: Entry, sent: Sent | None, verbs: tuple[str, ...]) -> StepEntry:
        """An entry of a step for one of the replay's, and whether it was to be expected."""
        entry = entry_of(found, sent, self._index, verbs, self.may)
        before = self._last.get(entry.object)
        if sent is not None and entry.action is not Action.REJECTED:
            self._last[entry.object] = sent.raw
        same = sent is not None and before == sent.raw and not sent.item.hook
        return msgspec.structs.replace(entry, expected=not same)

    def step(self, name: str, command: str, entries: Iterable[StepEntry], *, failed: str = "") -> RehearsedStep:
        """The step that these entries make. `failed` is why it failed as a whole."""
        told = tuple(entries)
        refused = [entry for entry in told if entry.action is Action.REJECTED]
        missing = merged([*(rule for entry in refused for rule in entry.missing), *rules_in(failed)])
        doubt = next((entry.unknown for entry in told if entry.unknown), "") if failed and not refused else ""
        step = RehearsedStep(
            name=name,
            command=command,
            state=_state(refused, failed, lacking=bool(missing), doubtful=bool(doubt)),
            message=doubt or failed or (refused[0].message if refused else ""),
            hint=next((entry.hint for entry in refused if entry.hint), ""),
            entries=told,
        )
        return self.lacking(step, missing)

    def lacking(self, step: RehearsedStep, rules: Iterable[MissingRule]) -> RehearsedStep:
        """The step with the rules that it lacks, and where they belong."""
        missing = merged(rules)
        hint = where_to_add(missing, self.account)
        return msgspec.structs.replace(step, missing=missing, hint=hint or step.hint)

    def may(self, verb: str, identity: ObjectId) -> bool:
        """Whether the server lets the account do that."""
        params = {"account": self.account, "verb": verb, "object": reference_to(identity)}
        return self._replayer.call("allowed", params, _Allowed).allowed

    def lacks(self, verbs: Iterable[str], identity: ObjectId) -> tuple[MissingRule, ...]:
        """The rule for those verbs that the account may not do to an object; none where its resource has no name."""
        resource = resource_of(self._index, identity.group, identity.kind)
        lacking = tuple(verb for verb in verbs if not self.may(verb, identity)) if resource else ()
        if not resource or not lacking:
            return ()
        return (MissingRule(group=identity.group, resource=resource, verbs=lacking, namespace=identity.namespace),)

    def reading(self, name: str, command: str, missing: tuple[MissingRule, ...], message: str = "") -> RehearsedStep:
        """A step that only reads: refused where a rule for it is missing, failed with a message of its own."""
        state = StepState.REFUSED if missing else StepState.FAILED if message else StepState.DONE
        said = f"the server does not allow it: {'; '.join(map(str, missing))}" if missing else message
        step = RehearsedStep(name=name, command=command, state=state, message=said, stood_in=bool(missing))
        return self.lacking(step, missing)

    def is_there(self, identity: ObjectId) -> bool:
        """Whether the server has an object."""
        answer = self._replayer.call("get", {"objects": [reference_to(identity)]}, _Bodies)
        return any(body is not None for body in answer.objects)

    def forget(self) -> None:
        """Remember nothing of what was sent: it is gone."""
        self._last.clear()

    def _deleted(self, identity: ObjectId, account: str) -> Entry:
        params = {"account": account, "objects": [reference_to(identity)]}
        return self._replayer.call("delete", params, Entries).entries[0]

    def _applied(self, sent: Sent, account: str) -> Entry:
        params = {
            "unit": "preview",
            "controller": _MANAGER,
            "account": account,
            "force": False,
            "ignore": [],
            "objects": [msgspec.Raw(sent.raw)],
        }
        return self._replayer.call("apply", params, Entries).entries[0]


def _state(refused: Sequence[StepEntry], failed: str, *, lacking: bool, doubtful: bool) -> StepState:
    if lacking or any(entry.cause != _NO_REFUSAL for entry in refused):
        return StepState.REFUSED
    if doubtful:
        return StepState.SKIPPED
    return StepState.FAILED if failed or refused else StepState.DONE


def reference_to(identity: ObjectId) -> Reference:
    """An object by name, in the version that the server prefers."""
    return Reference(group=identity.group, kind=identity.kind, namespace=identity.namespace, name=identity.name)


def nothing_to_do(name: str, command: str, why: str) -> RehearsedStep:
    """A step that has nothing to do."""
    return RehearsedStep(name=name, command=command, state=StepState.SKIPPED, message=why)
