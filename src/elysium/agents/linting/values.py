"""Keys and values of front matter: what is unknown, old, missing, of the wrong type or too long."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from elysium.agents.front_matter import Entry, FrontMatter
from elysium.agents.linting.keys import HANDOFF_KEYS, KEYS, Key
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.places import Format, stem_of
from elysium.check.plaintext.formats import credential_format
from elysium.check.plaintext.judgement import judge

__all__ = ["key_problems", "leaves", "name_problems"]

_NEEDS = {
    Format.AGENT: "description-missing",
    Format.CHATMODE: "description-missing",
    Format.SKILL: "description-missing",
    Format.PROMPT: "description-unsaid",
    Format.INSTRUCTIONS: "description-unsaid",
}
_SKILL_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DEEPEST = 20


def key_problems(path: str, kind: Format, front: FrontMatter) -> Iterator[Problem]:
    """Everything that is told from the front matter alone."""
    known = KEYS.get(kind)
    if known is None:
        return
    for entry in front.entries:
        yield from _entry(path, entry, known, kind)
    needed = "description-unsaid" if _is_lenient(path) else _NEEDS.get(kind)
    if needed and not front.text("description").strip() and not _is_other(front):
        hint = "description: says in one sentence what it is for; assistants choose by it"
        yield problem(needed, path, "there is no description", 1, hint=hint)
    yield from name_problems(path, kind, front)
    yield from _secrets(path, front)


def _is_lenient(path: str) -> bool:
    """Whether only Claude reads it, which takes the folder for the name and the first paragraph for the description."""
    return path.startswith(".claude/")


def _is_other(front: FrontMatter) -> bool:
    """Whether there is a description, of the wrong type: that is told already."""
    entry = front.get("description")
    return entry is not None and not isinstance(entry.value, str) and entry.value is not None


def _entry(path: str, entry: Entry, known: dict[str, Key], kind: Format) -> Iterator[Problem]:
    key = known.get(entry.key)
    place: dict[str, Any] = {"line": entry.line, "column": entry.column}
    if key is None:
        near = difflib.get_close_matches(entry.key[:60], known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        yield problem("key-unknown", path, f"{kind} files have no key {entry.key[:60]!r}", **place, hint=hint)
        return
    if key.instead:
        yield problem("key-deprecated", path, f"{entry.key} is old", **place, hint=f"write {key.instead}")
    if entry.value is None:
        yield problem("value-type", path, f"{entry.key} has no value", **place, hint=f"it is {key.what}")
    elif not key.fits(entry.value):
        yield problem("value-type", path, f"{entry.key} is not {key.what}", **place)
    elif key.choices and entry.value not in key.choices:
        yield problem("value-unknown", path, f"{entry.key} is {key.what}", **place)
    elif key.longest and not 0 < len(entry.value) <= key.longest:
        message = f"{entry.key} has {len(entry.value)} characters; allowed are 1 to {key.longest}"
        yield problem("value-length", path, message, **place)
    elif entry.key == "handoffs":
        yield from _handoffs(path, entry)


def _handoffs(path: str, entry: Entry) -> Iterator[Problem]:
    for number, item in enumerate(entry.value, 1):
        for name, value in item.items():
            key = HANDOFF_KEYS.get(name)
            if key is None:
                hint = f"known are {', '.join(HANDOFF_KEYS)}"
                yield problem("key-unknown", path, f"handoff {number} has no key {name[:60]!r}", entry.line, hint=hint)
            elif not key.fits(value):
                yield problem("value-type", path, f"{name} of handoff {number} is not {key.what}", entry.line)
        for name in ("label", "agent"):
            if name not in item:
                yield problem("value-type", path, f"handoff {number} has no {name}", entry.line)


def name_problems(path: str, kind: Format, front: FrontMatter) -> Iterator[Problem]:
    """What is wrong with the name of a skill: it is found by it, and it is its folder's."""
    if kind is not Format.SKILL:
        return
    entry = front.get("name")
    folder = stem_of(path)
    if entry is None and _is_lenient(path):
        return
    if entry is None:
        yield problem("name-form", path, "a skill has a name", 1, hint=f"name: {folder}" if folder else "")
        return
    name = entry.value if isinstance(entry.value, str) else ""
    if name and not _SKILL_NAME.fullmatch(name):
        hint = "lower-case letters and digits, single hyphens between them"
        yield problem("name-form", path, f"the name {name[:70]!r} is not allowed", entry.line, hint=hint)
    if name and folder and name != folder:
        message = f"the skill is called {name[:70]!r} and its folder {folder[:70]!r}"
        yield problem("name-differs", path, message, entry.line, hint="they have to be the same")


def _secrets(path: str, front: FrontMatter) -> Iterator[Problem]:
    """Secrets under keys, such as in the environment of a server. What has a form of its own is found in the text."""
    for entry in front.entries:
        for key, value in leaves(entry.key, entry.value):
            found = judge(key, value)
            if found and not credential_format(value):
                message = f"{key} is in Git in plain text ({found})"
                hint = "refer to it: ${input:…} or ${{ secrets.NAME }}; and replace the value where it is used"
                yield problem("secret", path, message, entry.line, hint=hint)


def leaves(key: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text below a value, with the key it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict) and depth < _DEEPEST:
        for name, inner in value.items():
            yield from leaves(str(name), inner, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for inner in value:
            yield from leaves(key, inner, depth + 1)
