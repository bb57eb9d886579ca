"""What components there are, and what one would write, for a person and for programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from elysium.api import Scaffold
from elysium.present.console import line, plain
from elysium.present.records import FORMAT
from elysium.present.verdict import count
from elysium.scaffold import Component, Parameter, allowed

__all__ = [
    "components_json",
    "print_component",
    "print_components",
    "print_proposal",
    "print_rest",
    "print_scaffold",
    "scaffold_json",
]

_ANSWER = re.compile(r"<%=\s*(\w+)\s*%>")
_STATEMENT = re.compile(r"<%.*?%>")
_MARKS = {"create": ("+", "green"), "change": ("~", "yellow"), "keep": ("=", "dim"), "conflict": ("✗", "red")}


def scaffold_json(scaffold: Scaffold, *, written: bool) -> str:
    """The document that `elysium new -o json` prints."""
    record = {
        "version": FORMAT,
        "written": written,
        "files": [
            {"path": item.path, "action": item.action.value, "diff": item.diff, "reason": item.reason}
            for item in scaffold.changes
        ],
        "placeholders": [
            {"path": item.path, "secret": f"{item.namespace}/{item.name}", "key": item.key, "what": item.what}
            | {"command": item.command}
            for item in scaffold.placeholders
        ],
        "notes": list(scaffold.notes),
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def print_scaffold(console: Console, scaffold: Scaffold, *, diffs: bool, written: bool) -> None:
    """One line per file, the differences where they are asked for, and what a person has to do next."""
    print_changes(console, scaffold, diffs=diffs)
    line(console, Text())
    print_rest(console, scaffold, written=written)


def print_proposal(console: Console, scaffold: Scaffold) -> None:
    """What would be written, before somebody is asked whether it shall be."""
    print_changes(console, scaffold, diffs=True)
    line(console, _verdict(scaffold, written=False))


def print_changes(console: Console, scaffold: Scaffold, *, diffs: bool) -> None:
    """One line per file that is written or in conflict, and the differences where they are asked for."""
    for item in scaffold.changes:
        mark, style = ("-", "red") if item.goes else _MARKS[item.action.value]
        if item.action.value == "keep" and not diffs:
            continue
        reason = f"  {item.reason}" if item.reason else ""
        line(console, Text.assemble((f"{mark} ", style), plain(item.path), (plain(reason), style)))
        if diffs and item.diff and item.action.value == "change" and not item.path.startswith(".elysium/"):
            console.print(Syntax(plain(item.diff), "diff", background_color="default", word_wrap=True))
    if any("edited" in item.reason for item in scaffold.conflicts):
        hint = "make the change yourself, and the next run takes it as merged; or give the answer back that was there"
        line(console, Text.assemble(("→ ", "dim"), hint), 2)


def print_rest(console: Console, scaffold: Scaffold, *, written: bool) -> None:
    """What is left to do, and how many files there are of each sort."""
    for open_ in scaffold.placeholders:
        what = plain(f"{open_.name}/{open_.key}: {open_.what}: a placeholder is sealed until")
        line(console, Text.assemble(("! ", "yellow"), what))
        console.print(Text(f"    {plain(open_.command)}"), soft_wrap=True)  # to be copied as one line
    for note in scaffold.notes:
        for text in note.splitlines():
            line(console, Text(plain(text)))
    line(console, _verdict(scaffold, written))


def print_components(console: Console, components: Iterable[Component]) -> None:
    """A table of components: what to type, and what it writes."""
    rows = [(item.command, item.summary, item.origin) for item in components]
    width = max((len(row[0]) for row in rows), default=0)
    for typed, summary, origin in rows:
        remark = "" if origin == "built in" else f"  ({origin})"
        line(console, Text.assemble((typed.ljust(width), "bold"), "  ", plain(summary), (plain(remark), "dim")))


def print_component(console: Console, component: Component) -> None:
    """One component with its parameters: type, default, meaning."""
    line(console, Text.assemble((component.command, "bold"), "  ", plain(component.summary)))
    for label, values in (
        ("offers", map(_in_general, component.offers)),
        ("needs", [_in_general(item.offer) for item in component.needs]),
        ("fulfils", component.fulfils),
    ):
        if text := ", ".join(dict.fromkeys(values)):
            line(console, Text(plain(f"{label}: {text}"), style="dim"), 2)
    width = max((len(item.name) for item in component.parameters), default=0)
    for item in component.parameters:
        line(console, Text.assemble((item.name.ljust(width), "bold"), "  ", plain(item.help)), 2)
        line(console, Text(plain(_described(item)), style="dim"), width + 4)


def _in_general(offer: str) -> str:
    """An offer before anything is answered: `storage-class/STORAGE-CLASS`, as the argument of a command is written."""
    named = _ANSWER.sub(lambda found: found[1].upper().replace("_", "-"), offer)
    return _STATEMENT.sub(lambda found: "…" if found[0].startswith("<%=") else "", named)


def components_json(components: Iterable[Component]) -> str:
    """The document that `elysium new --list -o json` prints."""
    found = [
        {
            "id": item.id,
            "command": item.command,
            "summary": item.summary,
            "version": item.version,
            "origin": item.origin,
            "fulfils": list(item.fulfils),
            "offers": list(item.offers),
            "needs": [need.offer for need in item.needs],
            "parameters": [_parameter(parameter) for parameter in item.parameters],
        }
        for item in components
    ]
    return msgspec.json.format(msgspec.json.encode({"version": FORMAT, "components": found}), indent=2).decode() + "\n"


def _parameter(item: Parameter) -> dict[str, object]:
    return {
        "name": item.name,
        "type": item.type.value,
        "help": item.help,
        "required": item.default is None and not item.optional,
        "default": item.default,
        "choices": list(item.choices),
        "allowed": allowed(item),
        "when": item.when,
    }


def _described(item: Parameter) -> str:
    if item.default is None:
        state = "empty by default" if item.optional else "required"
    elif isinstance(item.default, str) and "repository." in item.default:
        state = "by default what the repository says"
    else:
        state = f"default {msgspec.json.encode(item.default).decode()}"
    return f"{allowed(item)}; {state}" + (f"; only where {item.when}" if item.when else "")


def _verdict(scaffold: Scaffold, written: bool) -> Text:
    actions = ["delete" if item.goes else item.action.value for item in scaffold.changes]
    numbers = Counter(actions)
    before = "" if written else "to be "
    done = {"create": f"{before}created", "change": f"{before}changed", "delete": f"{before}deleted", "keep": "kept"}
    parts = [f"{numbers[action]} {word}" for action, word in done.items() if numbers[action]]
    if scaffold.conflicts:
        text = f"✗ {count(len(scaffold.conflicts), 'conflict')}: these files stay as they are"
        return Text.assemble((text, "bold red"), f" · {' · '.join(parts)}" if parts else "")
    return Text.assemble(("✓ ", "bold green"), " · ".join(parts) or "nothing to do")
