"""Tools: which there are, which of them write, and which agents only plan.

Names of today are the aliases of https://docs.github.com/en/copilot/reference/custom-agents-configuration and the sets
of VS Code (`search/codebase`, `edit/editFiles`); the others are what chat modes called them. A name with a slash or a
dot is of a server or an extension, which nobody can know here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.agents.front_matter import Entry, FrontMatter
from elysium.agents.linting.problems import Problem, problem
from elysium.agents.places import Format, stem_of

__all__ = ["is_planning", "tool_problems"]

_READING = frozenset(
    """
    read search web agent todo vscode usages codebase fetch problems changes githubrepo findtestfiles testfailure
    searchresults terminallastcommand terminalselection openSimpleBrowser todos extensions vscodeapi notebookread grep
    glob websearch webfetch task todowrite custom-agent runsubagent think symbols listdir readfile filesearch textsearch
    memory browser activepullrequest copilotcodingagent readcelloutput rendermermaiddiagram github playwright
    getprojectsetupinfo getnotebooksummary readnotebookcelloutput githubtextsearch
    """.lower().split()
)
_WRITING = frozenset(
    """
    edit execute editfiles runcommands runtasks runtests runnotebooks runinterminal new createfile createdirectory
    editnotebook runcell shell bash powershell multiedit write notebookedit insertedit applypatch newworkspace
    installextension createandruntask runtask runvscodecommand
    """.lower().split()
)
_WRITING_SETS = ("edit", "execute", "runcommands", "runtasks", "new")
_PLANS = re.compile(r"(?i)(?:^|[-_ .])plan(?:s|ner|ning|-?mode)?(?:$|[-_ .])")
_SAYS_SO = re.compile(r"(?i)\b(?:you are in planning mode|planning mode instructions|just generate a plan)\b")
_IN_TEXT = re.compile(r"(?<![\w`])#tool:([A-Za-z][\w./-]{0,99})")


def is_planning(path: str, front: FrontMatter, body: str) -> bool:
    """Whether an agent only plans: it is called so, or says so."""
    names = (stem_of(path), front.text("name"))
    return any(_PLANS.search(name) for name in names) or bool(_SAYS_SO.search(body))


def tool_problems(path: str, kind: Format, front: FrontMatter, body: str, first_line: int) -> Iterator[Problem]:
    """Tools that write where nothing is to be written, and tools that do not exist."""
    planning = kind.is_role and is_planning(path, front, body)
    entry = front.get("tools")
    if entry is None and planning:
        hint = 'tools: ["read", "search", "web"]'
        yield problem("tools-open", path, "without `tools` a planning agent may edit and run everything", 1, hint=hint)
    tools = _tools(entry)
    line, column = (entry.line, entry.column) if entry else (0, 0)
    writing = [tool for tool in tools if planning and _writes(tool)]
    if writing:
        hint = "a plan is read and judged before anything is written"
        message = f"a planning agent can edit or run: {', '.join(writing)[:200]}"
        yield problem("tool-writes", path, message, line, column=column, hint=hint)
    for tool in tools:
        if not _known(tool):
            hint = "editors leave it out without a word; a tool of a server is written SERVER/TOOL"
            yield problem("tool-unknown", path, f"no editor has a tool {tool[:60]!r}", line, column=column, hint=hint)
    for number, text in enumerate(body.splitlines(), first_line):
        for tool in _IN_TEXT.findall(text):
            if not _known(tool.rstrip(".-/")):
                yield problem("tool-unknown", path, f"no editor has a tool {tool!r}", number)


def _tools(entry: Entry | None) -> list[str]:
    if entry is None:
        return []
    if isinstance(entry.value, str):  # names with commas are allowed
        return [item.strip() for item in entry.value.split(",") if item.strip()]
    return [item for item in entry.value if isinstance(item, str)] if isinstance(entry.value, list) else []


def _writes(tool: str) -> bool:
    name = tool.lower()
    family, _, rest = name.partition("/")
    looks = rest.startswith(("get", "read"))  # execute/getTerminalOutput
    return name == "*" or name in _WRITING or rest in _WRITING or (family in _WRITING_SETS and not looks)


def _known(tool: str) -> bool:
    name = tool.lower()
    return name == "*" or "/" in name or "." in name or "_" in name or name in _READING or name in _WRITING
