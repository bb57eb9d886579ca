"""Where editors and their assistants look for files, and what each place is for.

Sources: https://code.visualstudio.com/docs/copilot/customization (custom agents, prompt files, instructions, skills),
https://docs.github.com/en/copilot/reference/custom-agents-configuration, https://agentskills.io/specification,
https://agents.md.
"""

from __future__ import annotations

import posixpath
from enum import StrEnum

__all__ = ["Format", "format_of", "stem_of"]


class Format(StrEnum):
    """A kind of file that an assistant reads. Chat modes are what agents were called until VS Code 1.106."""

    AGENT = "agent"
    CHATMODE = "chatmode"
    PROMPT = "prompt"
    INSTRUCTIONS = "instructions"
    COPILOT = "copilot"
    README = "readme"
    AGENTS_MD = "agents-md"
    CLAUDE_MD = "claude-md"
    SKILL = "skill"

    @property
    def is_role(self) -> bool:
        """Whether the file is somebody whom one talks to, in either spelling."""
        return self in (Format.AGENT, Format.CHATMODE)


_ENDINGS = {
    ".agent.md": Format.AGENT,
    ".chatmode.md": Format.CHATMODE,
    ".prompt.md": Format.PROMPT,
    ".instructions.md": Format.INSTRUCTIONS,
}
_NAMES = {
    "AGENTS.md": Format.AGENTS_MD,
    "CLAUDE.md": Format.CLAUDE_MD,
    "SKILL.md": Format.SKILL,
    "copilot-instructions.md": Format.COPILOT,
    "README-COPILOT.md": Format.README,
}
_AGENTS_FOLDER = ".github/agents"


def format_of(path: str) -> Format | None:
    """What a file is by its place; None for one that no assistant reads by itself.

    In `.github/agents` every Markdown file is an agent, whatever it is called; a README is left to people.
    """
    name = posixpath.basename(path)
    if name in _NAMES:
        return _NAMES[name]
    for ending, found in _ENDINGS.items():
        if name.endswith(ending) and name != ending:
            return found
    folder = posixpath.dirname(path)
    is_agent = folder == _AGENTS_FOLDER and name.endswith(".md") and name.lower() != "readme.md"
    return Format.AGENT if is_agent else None


def stem_of(path: str) -> str:
    """The name of a file without its ending; that of a skill is its folder's."""
    name = posixpath.basename(path)
    if name == "SKILL.md":
        return posixpath.basename(posixpath.dirname(path))
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), ".md")
    return name.removesuffix(ending)
