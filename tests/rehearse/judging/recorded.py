"""What a real API server (1.36.3) said of objects that it refused: the lists in `messages/`.

A case: `before` is put there first, in namespaces with `labels`; then `object` is applied as `account`, `how` as Flux
does (`apply`), with what kustomize-controller would have dropped as Helm applies a chart (`chart`), or created with
strict field validation (`create`), deleted (`delete`), or after its
namespace was (`later`). `answer` is the server's Status. `cause`, `field` and `hint` are what it
means.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from elysium.cluster.protocol import Action, Cause, Entry, Reference

__all__ = ["Answer", "Case", "cases", "entry_of"]

_MESSAGES = Path(__file__).parent / "messages"


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    message: str
    reason: str = ""
    code: int = 0
    causes: tuple[Cause, ...] = ()


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    object: dict[str, Any]
    answer: Answer
    cause: str
    field: str
    hint: str
    labels: dict[str, str] = {}
    before: tuple[dict[str, Any], ...] = ()
    account: str = ""
    how: str = "apply"
    force: bool = True

    @property
    def reference(self) -> Reference:
        group, _, version = self.object["apiVersion"].rpartition("/")
        metadata = self.object["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        return Reference(group=group, version=version, kind=self.object["kind"], namespace=namespace, name=name)


def cases() -> list[Case]:
    """All of them, file by file."""
    found: list[Case] = []
    for path in sorted(_MESSAGES.glob("*.json")):
        found += msgspec.json.decode(path.read_bytes(), type=list[Case])
    return found


def entry_of(case: Case) -> Entry:
    """The case as the replay tells it."""
    answer = case.answer
    return Entry(
        object=case.reference,
        action=Action.REJECTED,
        message=answer.message,
        reason=answer.reason,
        code=answer.code,
        causes=answer.causes,
    )
