"""Section 4: the steps 0 to 7, each with the files that it writes and what tells that they do what they are for.

Which step writes a file is the rule of `effect.step_of`; `elysium plan apply` uses the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.deploying.effect import New, step_of
from elysium.plans.deploying.lines import Entry, check, code, heading, listing
from elysium.plans.deploying.sections.closing_step import closing_step
from elysium.plans.deploying.sections.method_step import method_step
from elysium.plans.deploying.sections.notes import notes
from elysium.plans.deploying.step_titles import STEP_TITLES
from elysium.plans.deploying.subject import Subject
from elysium.scaffold import Change

__all__ = ["steps"]

_ADDED = re.compile(r"^\s*-\s+(?:path:\s+)?[\"']?([\w./-]+)[\"']?\s*$")
_WORDS = {
    "README.md": "what it is, how it is reached, what to do when it fails",
    "backup.yaml": "the backups, and how many are kept",
    "certificate.yaml": "the certificate of its clients",
    "kustomization.yaml": "the list of everything in the folder",
    "namespace.yaml": "the namespace with the labels of pod security",
    "network-policy.yaml": "who may connect",
    "release.yaml": "the release of the chart with its values",
    "repository.yaml": "where the chart comes from",
    "service.yaml": "the name it is reached by",
    "source.yaml": "where it comes from",
    "storage.yaml": "what it keeps",
    "sync.yaml": "the Kustomization of the official manifests",
    "alerts.yaml": "the alerts",
    "dashboard.json": "the dashboard",
    "service-monitor.yaml": "what Prometheus reads",
    "ingress.yaml": "the public way to it, with TLS",
    "ts-ingress.yaml": "the way to it from the tailnet",
}


def steps(subject: Subject) -> str:
    """All eight steps."""
    return "\n".join(_step(subject, number) for number in range(8))


def _step(subject: Subject, number: int) -> str:
    head = heading(3, f"Step {number}: {STEP_TITLES[number]}", [("step", str(number))])
    if number == 0:
        return head + method_step(subject)
    entries = [*_files(subject, number), *(closing_step(subject) if number == 7 else ()), *notes(subject, number)]
    numbered = [_numbered(entry, number, place) for place, entry in enumerate(entries, 1)]
    return head + listing(numbered, subject.owner, subject.application.due, numbered=True)


def _numbered(entry: Entry, step: int, place: int) -> Entry:
    if entry.id:
        return entry
    return Entry(
        id=f"S{step}.{place}",
        text=entry.text,
        checks=entry.checks,
        manual=entry.manual,
        decided=entry.decided,
        files=entry.files,
    )


def _files(subject: Subject, number: int) -> Iterator[Entry]:
    for change in subject.effect.changes:
        if (
            change.text is not None
            and change.text != change.before
            and step_of(change.path, change, subject.facts) == number
        ):
            yield _changed(change) if change.before is not None else _created(subject, change)


def _created(subject: Subject, change: Change) -> Entry:
    made = [item for item in subject.effect.new if item.file == change.path]
    checks = [check("exists", change.path), *(check("object", item.reference) for item in made)]
    checks += [check("listed", change.path, *_entries("", change.text or ""))] if _is_list(change.path) else []
    return Entry(
        id="",
        text=f"Write {code(change.path)}: {_purpose(change.path, made)}",
        checks=tuple(checks),
        files=(change.path,),
    )


def _changed(change: Change) -> Entry:
    added = _entries(change.before or "", change.text or "")
    if _is_list(change.path) and added:
        text = f"Add {', '.join(map(code, added))} to {code(change.path)}"
        return Entry(id="", text=text, checks=(check("listed", change.path, *added),), files=(change.path,))
    if "sealed-secret" in change.path:
        text = f"Add its secrets to {code(change.path)}, sealed with the certificate of the cluster"
        return Entry(id="", text=text, checks=(check("manifest", change.path),), files=(change.path,))
    return Entry(
        id="",
        text=f"Change {code(change.path)}",
        checks=tuple(check("contains", change.path, line) for line in _lines(change)[:3]),
        files=(change.path,),
    )


def _is_list(path: str) -> bool:
    return path.endswith("/kustomization.yaml")


def _entries(before: str, after: str) -> tuple[str, ...]:
    """Entries of a kustomization that are in one text and not in the other."""
    known = set(before.splitlines())
    body = after.partition("configMapGenerator:")[0]
    found = (_ADDED.match(line) for line in body.splitlines() if line not in known)
    return tuple(dict.fromkeys(entry[1] for entry in found if entry))


def _lines(change: Change) -> list[str]:
    known = set((change.before or "").splitlines())
    return [line.strip() for line in (change.text or "").splitlines() if line not in known and line.strip()]


def _purpose(path: str, made: list[New]) -> str:
    name = path.rpartition("/")[2]
    if "sealed-secret" in name:
        return "the secret, sealed with the certificate of the cluster"
    if name.endswith("-patch.yaml"):
        return "what is particular to this cluster"
    if path.startswith(".elysium/"):
        return "the record, from which a later run merges"
    kinds = ", ".join(dict.fromkeys(item.kind for item in made))
    return _WORDS.get(name, kinds or "what belongs to it")
