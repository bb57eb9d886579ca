"""A file with objects that no unit reads.

Usually it was added next to the others and forgotten in `kustomization.yaml`, so it never reaches the cluster. A file
whose name stands there in a comment was left out on purpose. Where nothing reads the `kustomization.yaml` itself, the
folder is one finding, and a Job alone, which somebody may start by hand, is only worth a note.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from elysium.check.closure import KUSTOMIZATION_FILES, included, reachable
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Document, Finding, IndexedFile, ObjectReference, Severity, Unit, UnitKind, UnitState, group_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="orphan-file",
    severity=Severity.WARNING,
    summary="a file with objects that no unit reads",
    topic=Topic.BUILD,
    profiles=("default", "pre-commit", "gitops"),
)

_NOT_FOR_CLUSTERS = ("kustomize.config.k8s.io", "kind.x-k8s.io", "config.kubernetes.io")


_FEW = 3


def check(context: Context) -> Iterator[Finding]:
    """One finding for each file beside files that are read, and one for each whole folder below such a place."""
    if context.partial or _undecided(context):
        return
    read = included(context)
    folders: dict[str, list[IndexedFile]] = {}
    beside: dict[str, list[IndexedFile]] = {}
    directories = {posixpath.dirname(path) for path in read}
    for file in context.documents.files:
        if file.path in read or not _objects(file) or _hidden(file.path) or _schema(context, file.path):
            continue
        directory = posixpath.dirname(file.path)
        folder = _folder_of(directory, directories)
        if directory in directories:
            folder = directory if _is_unread_base(context, directory, read) else ""
        if folder is None or _left_out(context, folder or file.path):
            continue
        if folder:
            folders.setdefault(folder, []).append(file)
        else:
            beside.setdefault(directory, []).append(file)
    for forgotten in beside.values():
        yield from _files(forgotten)
    for folder, files in folders.items():
        yield _folder(folder, files)


def _undecided(context: Context) -> bool:
    """Whether a Kustomization reads files that are not known, as from a source that some controller puts together."""
    return any(
        unit.id.kind is UnitKind.KUSTOMIZATION
        and unit.state in (UnitState.FAILED, UnitState.UNKNOWN)
        and _may_lead_on(context, unit)
        for unit in context.render.units
    )


def _may_lead_on(context: Context, unit: Unit) -> bool:
    """Whether nobody can tell what a unit without a result reads: nothing of it is here, or it makes more units."""
    files = reachable(context, unit)
    kinds = {
        (document.kind, group_of(document.api_version))
        for path in files
        if path in context.files
        for document in context.files[path].documents
    }
    return not files or ("Kustomization", "kustomize.toolkit.fluxcd.io") in kinds


def _is_unread_base(context: Context, directory: str, read: Collection[str]) -> bool:
    """Whether a folder is a base that nothing takes as one, even if something takes single files of it."""
    own = [posixpath.join(directory, name) for name in KUSTOMIZATION_FILES]
    return any(path in context.files for path in own) and not any(path in read for path in own)


def _objects(file: IndexedFile) -> list[Document]:
    """What a file has for a cluster; nothing if it is of kind or Kustomize, whatever else stands in it."""
    if any(group_of(document.api_version) == "kind.x-k8s.io" for document in file.documents):
        return []
    return [
        document
        for document in file.documents
        if document.kind and document.api_version and group_of(document.api_version) not in _NOT_FOR_CLUSTERS
    ]


def _schema(context: Context, path: str) -> bool:
    """Whether a file stands in a folder of schemas that the settings name."""
    return any(path.startswith(posixpath.normpath(folder) + "/") for folder in context.settings.schemas)


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _folder_of(directory: str, directories: set[str]) -> str | None:
    """The topmost unread folder around a file, if it stands in a folder that is read; None where nothing is."""
    while directory:
        parent = posixpath.dirname(directory)
        if parent and parent in directories:
            return directory
        directory = parent
    return None


def _left_out(context: Context, path: str) -> bool:
    """Whether the kustomization file beside it names it in a comment: then somebody chose to leave it out."""
    directory, name = posixpath.split(path)
    for candidate in KUSTOMIZATION_FILES:
        file = posixpath.join(directory, candidate)
        comments = (line.partition("#")[2] for line in context.text(file).splitlines() if "#" in line)
        if file in context.files and any(name in comment for comment in comments):
            return True
    return False


def _files(files: list[IndexedFile]) -> Iterator[Finding]:
    """Each of a few; of many the first with the names of the others, as somebody decides on them together."""
    shown = files if len(files) <= _FEW else files[:1]
    names = [posixpath.basename(file.path) for file in files[1:]] if len(files) > _FEW else []
    others = f", and neither {', '.join(names)} beside it" if names else ""
    for file in shown:
        document = _objects(file)[0]
        told = files if names else [file]
        by_hand = {document.kind for one in told for document in _objects(one)} == {"Job"}
        yield Finding(
            rule=RULE.id,
            severity=Severity.INFO if by_hand else RULE.severity,
            message=f"no unit reads this file{others}: its objects never reach the cluster",
            hint="list it in kustomization.yaml, or remove it",
            object=_reference(document),
            file=file.path,
            line=document.line,
            folded=len(names),
        )


def _folder(folder: str, files: list[IndexedFile]) -> Finding:
    inside = [file for file in files if file.path.startswith(folder + "/")]
    document = _objects(inside[0])[0]
    return Finding(
        rule=RULE.id,
        severity=Severity.INFO,
        message=f"no unit reads anything of {folder}/",
        hint="list it in a kustomization.yaml, or remove it",
        object=_reference(document),
        file=inside[0].path,
        line=document.line,
        folded=len(inside) - 1,
    )


def _reference(document: Document) -> ObjectReference:
    return ObjectReference(
        api_version=document.api_version, kind=document.kind, namespace=document.namespace, name=document.name
    )
