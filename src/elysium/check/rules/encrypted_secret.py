"""A SOPS-encrypted Secret that reaches the cluster as it is, because its Kustomization configures no decryption.

kustomize-controller refuses ciphertext under `data` (that is a build failure); under `stringData` it moves the
ciphertext into the Secret, and every consumer gets `ENC[…]` for a password.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, ObjectReference, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="encrypted-secret",
    severity=Severity.ERROR,
    summary="an encrypted Secret that is applied without being decrypted",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each encrypted document that a unit without decryption reads."""
    for unit in context.render.units:
        if unit.id.kind is UnitKind.KUSTOMIZATION and unit.state is UnitState.RENDERED and _plain(context, unit):
            yield from _encrypted(context, unit)


def _plain(context: Context, unit: Unit) -> bool:
    """Whether the Kustomization is known to configure no decryption."""
    index = context.objects[unit.id.cluster]
    definition = index.definition(unit.id)
    if definition is None:
        return False
    spec = index.body(definition).get("spec")
    return isinstance(spec, dict) and not spec.get("decryption")


def _encrypted(context: Context, unit: Unit) -> Iterator[Finding]:
    for path in unit.read:
        file = context.files.get(path)
        for document in file.documents if file else ():
            if document.sops and document.kind == "Secret":
                yield Finding(
                    rule=RULE.id,
                    severity=RULE.severity,
                    message=f"Secret {document.name} is encrypted with SOPS, and {unit.id} does not decrypt it: "
                    "its consumers get the ciphertext",
                    hint="add spec.decryption (provider: sops, secretRef) to the Kustomization",
                    object=ObjectReference(
                        api_version=document.api_version,
                        kind=document.kind,
                        namespace=document.namespace,
                        name=document.name,
                    ),
                    unit=unit.id,
                    cluster=unit.id.cluster,
                    file=path,
                    line=document.line,
                )
