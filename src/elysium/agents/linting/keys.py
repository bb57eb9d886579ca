"""The keys of each kind of file, with the types of their values.

Sources: https://code.visualstudio.com/docs/copilot/customization/custom-agents (also prompt-files, custom-instructions,
agent-skills), https://docs.github.com/en/copilot/reference/custom-agents-configuration,
https://agentskills.io/specification, https://code.claude.com/docs/en/skills.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from elysium.agents.places import Format

__all__ = ["HANDOFF_KEYS", "KEYS", "Key", "is_flag", "is_text"]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key: what its value has to be, in words and as a test; how long; which values there are; what replaced it."""

    what: str
    fits: Callable[[Any], bool]
    longest: int = 0
    choices: tuple[str, ...] = ()
    instead: str = ""


def is_text(value: Any) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """Whether a value is true or false."""
    return isinstance(value, bool)


def _is_names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_servers(value: Any) -> bool:
    return isinstance(value, dict | list)


def _is_handoffs(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_texts_by_name(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


_TEXT = Key(what="a text", fits=is_text)
_DESCRIPTION = Key(what="a text", fits=is_text, longest=1024)
_FLAG = Key(what="true or false", fits=is_flag)
_NAMES = Key(what="a list of names", fits=_is_names)
_MODEL = Key(what="a model, or a list of models", fits=_is_names)
_NAME = Key(what="a text", fits=is_text, longest=64)

HANDOFF_KEYS = {"label": _TEXT, "agent": _TEXT, "prompt": _TEXT, "send": _FLAG, "model": _MODEL}

_AGENT = {
    "name": _NAME,
    "description": _DESCRIPTION,
    "argument-hint": _TEXT,
    "tools": _NAMES,
    "agents": _NAMES,
    "model": _MODEL,
    "user-invocable": _FLAG,
    "user-invokable": Key(what="true or false", fits=is_flag, instead="user-invocable"),
    "disable-model-invocation": _FLAG,
    "target": Key(what="vscode or github-copilot", fits=is_text, choices=("vscode", "github-copilot")),
    "mcp-servers": Key(what="servers by name", fits=_is_servers),
    "handoffs": Key(what="a list of label, agent and prompt", fits=_is_handoffs),
    "hooks": Key(what="hooks by event", fits=_is_mapping),
    "metadata": Key(what="texts by name", fits=_is_texts_by_name),
    "infer": Key(what="true or false", fits=is_flag, instead="user-invocable and disable-model-invocation"),
}
_SKILL = {
    "name": _NAME,
    "description": _DESCRIPTION,
    "license": _TEXT,
    "compatibility": Key(what="a text", fits=is_text, longest=500),
    "metadata": Key(what="values by name", fits=_is_mapping),
    "allowed-tools": _NAMES,
    # What single readers of skills add:
    "argument-hint": _TEXT,
    "user-invocable": _FLAG,
    "disable-model-invocation": _FLAG,
    "when_to_use": _TEXT,
    "disallowed-tools": _NAMES,
    "model": _MODEL,
    "effort": _TEXT,
    "context": _TEXT,
    "agent": _TEXT,
    "paths": _NAMES,
    "hooks": Key(what="hooks by event", fits=_is_mapping),
}

KEYS: dict[Format, dict[str, Key]] = {
    Format.AGENT: _AGENT,
    Format.CHATMODE: _AGENT,
    Format.PROMPT: {
        "name": _NAME,
        "description": _DESCRIPTION,
        "argument-hint": _TEXT,
        "agent": _TEXT,
        "mode": Key(what="a text", fits=is_text, instead="agent"),
        "model": _MODEL,
        "tools": _NAMES,
    },
    Format.INSTRUCTIONS: {
        "name": _NAME,
        "description": _DESCRIPTION,
        "applyTo": _NAMES,
        "excludeAgent": _NAMES,
    },
    Format.COPILOT: {"applyTo": _NAMES, "description": _DESCRIPTION},
    Format.SKILL: _SKILL,
}
"""By kind of file. The others are plain Markdown, whose front matter nobody reads."""
