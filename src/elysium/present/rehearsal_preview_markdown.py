"""The rehearsal of a preview as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elysium.cluster.protocol import Action
from elysium.present.inert import inert, inert_code
from elysium.present.markdown import LARGEST
from elysium.present.rehearsal_preview_words import counted, place, verdict
from elysium.previews.rehearsal import PreviewRehearsal, RehearsedEvent, RehearsedStep, StepEntry

__all__ = ["preview_document"]

_MESSAGE = 2_000
_ROOM = 1_000


def preview_document(found: PreviewRehearsal) -> str:
    """The verdict, a row for each event, what is wrong, and folded what changes and what is unknown.

    It stays below what code hosts take in a comment.
    """
    version = found.server.version.removeprefix("v")
    lines = [f"### {inert(str(verdict(found)))}", ""]
    lines += [f"{inert_code(found.namespace)} as {inert_code(found.account)} · Kubernetes {inert(version)}", ""]
    lines += ["| | event | image | what it does |", "|---|---|---|---|", *map(_row, found.events), ""]
    body = [*_troubles(found), *_missing(found), *_changes(found), *_unknown(found)]
    room = LARGEST - sum(len(text) + 1 for text in lines) - _ROOM
    for text in body:
        room -= len(text) + 1
        if room < 0:
            lines += ["", "… and more that would not fit here."]
            break
        lines.append(text)
    return "\n".join(lines).rstrip() + "\n"


def _row(event: RehearsedEvent) -> str:
    actions = Counter(entry.action.value for step in event.steps for entry in step.entries)
    mark = "✓" if event.passed else "🔴"
    tag = inert_code(event.tag) if event.tag else ""
    return f"| {mark} | {event.number}. {event.kind.value} | {tag} | {counted(actions) or 'nothing to do'} |"


def _troubles(found: PreviewRehearsal) -> Iterator[str]:
    if found.platform.in_trouble:
        yield from _step(found.platform, "the platform")
    for event in found.events:
        name = f"{event.number}. {event.kind.value}"
        for step in event.steps:
            if step.in_trouble:
                yield from _step(step, name)
        for item in event.troubled:
            hint = f"<br>→ {inert(item.hint)}" if item.hint else ""
            said = inert(item.message[:_MESSAGE])
            yield f"- 🔴 {name}: {inert_code(str(item.object))} **{inert(item.state.value)}**: {said}{hint}"
        for entry in event.drift:
            yield f"- 🔴 {name}: {inert_code(str(entry.object))} changes although it was sent as before"
        for identity in event.leftovers:
            yield f"- 🔴 {name}: {inert_code(str(identity))} is left"


def _step(step: RehearsedStep, name: str) -> Iterator[str]:
    hint = f"<br>→ {inert(step.hint)}" if step.hint else ""
    refused = [_named(entry) for entry in step.entries if entry.action is Action.REJECTED]
    about = f" ({', '.join(refused)})" if refused else ""
    yield f"- 🔴 {name}: **{inert(step.name)}**{about}: {inert(step.message[:_MESSAGE])}{hint}"


def _named(entry: StepEntry) -> str:
    where = place(entry)
    return inert_code(str(entry.object)) + (f" {inert_code(where)}" if where else "")


def _missing(found: PreviewRehearsal) -> Iterator[str]:
    if found.summary.missing:
        yield from ("", f"Rights that {inert_code(found.account)} lacks:", "")
        for rule in found.summary.missing:
            where = inert_code(rule.namespace) if rule.namespace else "the whole cluster"
            yield f"- {inert_code(rule.rule)} in {where}"


def _changes(found: PreviewRehearsal) -> Iterator[str]:
    yield from ("", "<details><summary>What each event changes</summary>", "")
    for event in found.events:
        for step in event.steps:
            for entry in step.entries:
                if entry.action is not Action.UNCHANGED:
                    after = f", after {', '.join(map(str, entry.after))}" if entry.after else ""
                    hook = f" ({inert(entry.hook + after)})" if entry.hook else ""
                    yield f"- {event.number}. {inert(step.name)}: {entry.action.value} {_named(entry)}{hook}"
    yield from ("", "</details>", "")


def _unknown(found: PreviewRehearsal) -> Iterator[str]:
    yield from ("<details><summary>Cannot be known here</summary>", "")
    for item in found.unknown:
        yield f"- {inert(item.message)}" + (f"<br>→ {inert(item.remedy)}" if item.remedy else "")
    yield from ("", "</details>")
