"""From the one source to files: every role, task and rule in every format that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from elysium.agents.catalogue import ROLES, RULES, TASKS, Role, Rule, Task
from elysium.agents.facts import AgentFacts
from elysium.agents.own import OwnSource
from elysium.agents.patterns import any_match
from elysium.agents.places import Format, format_of
from elysium.kit.quoting import double_quoted

__all__ = ["Wanted", "wanted_files"]

_TEXTS = Path(__file__).parent / "texts"
_OWN_HEADING = "## In this repository"
_ALWAYS = {
    Format.AGENTS_MD: ("AGENTS.md", "# For whoever changes this repository"),
    Format.CLAUDE_MD: ("CLAUDE.md", ""),
    Format.COPILOT: (".github/copilot-instructions.md", "# How this repository works"),
    Format.README: (".github/README-COPILOT.md", "# Assistants in this repository"),
}
_Value = str | bool | tuple[str, ...] | tuple[dict[str, object], ...]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it would be generated: front matter (without its lines `---`), the text, and what a new file begins
    with, which is a person's from then on.
    """

    path: str
    format: Format
    name: str
    text: str
    head: str = ""
    opening: str = ""


def wanted_files(facts: AgentFacts, own: OwnSource, formats: Iterable[Format]) -> tuple[Wanted, ...]:
    """Every file of these formats, sorted by path."""
    chosen = tuple(formats)
    there = {found for path in facts.files if (found := format_of(path))}
    texts = _Texts(facts, own, frozenset(there.union(chosen)))
    items = [item for each in chosen for item in _of_format(each, texts) if item.name not in own.without]
    return tuple(sorted(items, key=lambda item: item.path))


class _Texts:
    """The texts by name, with the facts in them and what the repository adds."""

    def __init__(self, facts: AgentFacts, own: OwnSource, formats: frozenset[Format]) -> None:
        self.facts = facts
        self.formats = formats
        self._own = own

    def has(self, wanted: Format, name: str) -> bool:
        """Whether there will be a file of this format and name."""
        return wanted in self.formats and name not in self._own.without

    def __call__(self, folder: str, name: str, title: str = "") -> str:
        template = _environment().get_template(f"{folder}/{name}.md")
        text = template.render(facts=self.facts, formats={str(item) for item in self.formats}).strip()
        own = self._own.sections.get(name, "")
        if name in ("agents-md", "copilot"):
            own = "\n\n".join(filter(None, (self._own.everybody, own)))
        parts = (f"# {title}" if title else "", text, f"{_OWN_HEADING}\n\n{own}" if own else "")
        return "\n\n".join(filter(None, parts)) + "\n"


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701 - Markdown, and facts hold no sign that it acts on
        loader=FileSystemLoader(_TEXTS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _of_format(wanted: Format, texts: _Texts) -> Iterator[Wanted]:
    if wanted.is_role:
        yield from (_role(item, wanted, texts) for item in ROLES)
    elif wanted in (Format.PROMPT, Format.SKILL):
        yield from (_task(item, wanted, texts) for item in TASKS)
    elif wanted is Format.INSTRUCTIONS:
        yield from (found for item in RULES if (found := _rule(item, texts)))
    elif wanted is not Format.CLAUDE_MD or texts.has(Format.AGENTS_MD, "agents-md"):
        path, opening = _ALWAYS[wanted]
        text = texts("always", str(wanted))
        yield Wanted(path=path, format=wanted, name=str(wanted), text=text, opening=opening)


def _role(role: Role, wanted: Format, texts: _Texts) -> Wanted:
    current = wanted is Format.AGENT
    head: dict[str, _Value] = {"name": role.name} if current else {}
    head["description"] = role.description
    if current:
        head["argument-hint"] = role.hint
    head["tools"] = role.tools if current else role.older_tools
    if current and role.handoffs:
        head["handoffs"] = tuple(
            {"label": item.label, "agent": item.agent, "prompt": item.prompt, "send": False} for item in role.handoffs
        )
    path = f".github/{wanted}s/{role.name}.{wanted}.md"
    text = texts("roles", role.name, _title(role.name))
    return Wanted(path=path, format=wanted, name=role.name, head=_head(head), text=text)


def _task(task: Task, wanted: Format, texts: _Texts) -> Wanted:
    text = texts("tasks", task.name, _title(task.name))
    if wanted is Format.SKILL:
        head: dict[str, _Value] = {"name": task.name, "description": f"{task.description}. {task.when}."}
        path = f".agents/skills/{task.name}/SKILL.md"
    else:
        role = task.role if texts.has(Format.AGENT, task.role) else ""
        head = {"description": task.description, "agent": role or "agent", "argument-hint": task.hint}
        path = f".github/prompts/{task.name}.prompt.md"
    return Wanted(path=path, format=wanted, name=task.name, head=_head(head), text=text)


def _rule(rule: Rule, texts: _Texts) -> Wanted | None:
    """A rule for what there is of it; none where it would apply to nothing."""
    files = texts.facts.files
    there = [one for one in rule.patterns if any_match(one, files)]
    if not there:
        return None
    head = _head({"description": rule.description, "applyTo": ",".join(there)})
    path = f".github/instructions/{rule.name}.instructions.md"
    text = texts("rules", rule.name, _title(rule.name))
    return Wanted(path=path, format=Format.INSTRUCTIONS, name=rule.name, head=head, text=text)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize().replace("flux", "Flux")


def _head(values: Mapping[str, _Value]) -> str:
    """Front matter that every reader of YAML takes alike: texts in double quotes, but for plain names."""
    return "".join(
        f"{key}: {_value(value)}\n" if not _is_list_of_maps(value) else _maps(key, value)
        for key, value in values.items()
    )


def _is_list_of_maps(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(item, dict) for item in value)


def _maps(key: str, value: object) -> str:
    lines = [f"{key}:"]
    for item in value if isinstance(value, tuple) else ():
        pairs = [f"{name}: {_value(inner)}" for name, inner in item.items()]
        lines += [f"  - {pairs[0]}", *(f"    {pair}" for pair in pairs[1:])]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(double_quoted(str(item)) for item in value)}]"
    text = str(value)
    return text if text.replace("-", "").isalnum() and text[0].isalpha() else double_quoted(text)
