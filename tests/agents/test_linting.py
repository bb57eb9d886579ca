"""What a lint tells of one file in a small repository: each kind of problem, and what is close to it and fine."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from elysium.agents.linting import CODES, Problem, Repository, lint
from elysium.agents.regions import END, marker
from elysium.errors import ScaffoldError

AGENT = ".github/agents/helper.agent.md"
MODE = ".github/chatmodes/helper.chatmode.md"
PROMPT = ".github/prompts/task.prompt.md"
RULES = ".github/instructions/yaml.instructions.md"
SKILL = ".agents/skills/deploy/SKILL.md"
OTHERS = {
    "README.md": "# Read me\n\n## Helm + Kustomize\n\n## Twice\n\n## Twice\n",
    "apps/base/wiki/release.yaml": "",
    "docs/guide.md": "",
}
COMMANDS = {
    "check": frozenset({"--profile", "--output", "-o"}),
    "new": frozenset({"--dry-run", "*"}),
    "secrets": frozenset[str](),
    "secrets create": frozenset[str](),
    "secrets create generic": frozenset({"--into", "--cert"}),
    "plan": frozenset[str](),
    "plan lint": frozenset({"--strict"}),
}


def problems(files: Mapping[str, str], path: str = "", stale: Mapping[str, str] | None = None) -> list[Problem]:
    every = {**OTHERS, **files}
    repository = Repository(files=frozenset(every), read=every.get, commands=COMMANDS, stale=stale or {})
    return list(lint(repository, [path] if path else files).problems)


def codes(files: Mapping[str, str], path: str = "") -> list[str]:
    return [item.code for item in problems(files, path)]


def agent(body: str = "Text.\n", **front: str) -> dict[str, str]:
    values = {"description": "Helps", **front}
    head = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in values.items() if value)
    return {AGENT: f"---\n{head}---\n{body}"}


def one(path: str, head: str, body: str = "Text.\n") -> dict[str, str]:
    return {path: f"---\n{head}\n---\n{body}"}


FINE = [
    agent(),
    agent(tools='["read", "search", "server/*", "ms.python/run", "#x.y"]', model="[A, B]", target="vscode"),
    agent(tools="read, search"),
    agent(user_invocable="false", disable_model_invocation="true", agents="'*'", argument_hint="what"),
    agent(handoffs='[{label: Go, agent: agent, prompt: "Do it", send: true}]'),
    agent(mcp_servers="{a: {type: local, env: {TOKEN: '${{ secrets.A }}'}}}"),
    agent(
        "[a](../../README.md) [b](../../README.md#helm--kustomize) [c](/docs/guide.md) [d](https://x.y/z)\n"
        "[e](#here)\n# Here\n"
    ),
    agent(
        "[a](../../README.md#twice-1) [text](url) [b](docs/<name>.md) [c](../../../outside.md) #tool:search/codebase\n"
    ),
    agent("Look at `apps/base/wiki/release.yaml`, `apps/base/NAME/`, `docs/nothing` and create `docs/new.md`.\n"),
    agent("Use #file:guide.md, #file:docs/guide.md, #file:../../README.md, `#file:x` and #file:docs/{name}.md.\n"),
    agent(
        "Run `elysium check --profile review -o json`, `elysium secrets create generic A --into apps/base/x.yaml`.\n"
    ),
    agent("Run `elysium`, `elysium --help`, `elysium new app NAME --set a=b --dry-run`, `elysium check | less --x`.\n"),
    agent(
        "```sh\n$ elysium plan lint \\\n    --strict PLAN.md && echo elysium nothing\n```\n"
        "```yaml\nelysium nothing\n```\n"
    ),
    agent("`kustomize build apps/base`, `kubectl get ks/a/b`, `cat docs/NAME.md`, `helm template oci://a/b`\n"),
    one(PROMPT, "description: Does it\nagent: agent\nargument-hint: what"),
    one(RULES, "description: Rules\napplyTo: 'apps/**/*.{yml,yaml},docs/*.md,*.md,**'"),
    one(
        SKILL,
        "name: deploy\ndescription: Deploys\nlicense: MIT\ncompatibility: git\nmetadata: {a: '1'}\nallowed-tools: Read",
    ),
    {"AGENTS.md": "Read [it](README.md).\n", "docs/AGENTS.md": "See [guide](guide.md).\n"},
    {"CLAUDE.md": "@README.md and mail a@b.md, `@x/y.md`, @someone\n"},
    {".github/copilot-instructions.md": "No front matter.\n"},
    {"notes/other.md": "---\nwhat: ever\n"},
]


@pytest.mark.parametrize("files", FINE)
def test_nothing_is_told_of_what_is_fine(files: dict[str, str]) -> None:
    chosen = {path: text for path, text in files.items() if not path.startswith("notes/")}
    assert [str(item) for item in problems(chosen)] == []


WRONG = [
    ("front-matter", 3, agent(model="a: b")),
    ("key-unknown", 3, agent(colour="red")),
    ("key-deprecated", 3, agent(infer="true")),
    ("key-deprecated", 3, agent(user_invokable="true")),
    ("description-missing", 1, agent(description="", name="helper")),
    ("description-missing", 1, {AGENT: "Text only.\n"}),
    ("description-unsaid", 1, one(PROMPT, "agent: agent")),
    ("value-type", 3, agent(user_invocable="'yes'")),
    ("value-type", 3, agent(tools="[1, 2]")),
    ("value-type", 3, agent(tools="{a: b}")),
    ("value-type", 3, agent(model="~")),
    ("value-type", 3, agent(handoffs="[Go]")),
    ("value-type", 3, agent(handoffs="[{label: Go, agent: agent, send: 1}]")),
    ("value-type", 3, agent(handoffs="[{label: Go}]")),
    ("key-unknown", 3, agent(handoffs="[{label: Go, agent: agent, to: x}]")),
    ("value-unknown", 3, agent(target="vim")),
    ("value-length", 3, agent(name="n" * 65)),
    ("value-length", 2, agent(description="d" * 1025)),
    ("value-length", 2, one(SKILL, f"compatibility: {'c' * 501}\nname: deploy\ndescription: D")),
    ("tool-unknown", 3, agent(tools='["read", "levitate"]')),
    ("tool-unknown", 4, agent("Use #tool:levitate now.\n")),
    ("agent-unknown", 3, one(PROMPT, "description: D\nagent: nobody")),
    ("agent-unknown", 3, agent(handoffs="[{label: Go, agent: nobody}]")),
    ("agent-unknown", 3, agent(agents="[nobody]")),
    ("link-dead", 4, agent("[a](../../docs/gone.md)\n")),
    ("link-dead", 1, {"CLAUDE.md": "@docs/gone.md\n"}),
    ("anchor-dead", 4, agent("[a](../../README.md#gone)\n")),
    ("anchor-dead", 5, agent("# Here\n[a](#gone)\n")),
    ("file-dead", 5, agent("\nUse #file:gone.prompt.md.\n")),
    ("path-dead", 4, agent("Look at `apps/base/gone.yaml`.\n")),
    ("path-dead", 4, agent("`kustomize build apps/gone/`\n")),
    ("path-dead", 5, agent("```sh\nelysium check --profile=x docs/gone\n```\n")),
    ("command-unknown", 4, agent("`elysium chekc`\n")),
    ("command-unknown", 4, agent("`elysium secrets create opaque`\n")),
    ("command-unknown", 6, agent("```sh\necho a\nelysium plan approve \\\n  PLAN.md\n```\n")),
    ("command-unknown", 5, agent("```sh\ncd docs && elysium frobnicate\n```\n")),
    ("option-unknown", 4, agent("`elysium check --profil review`\n")),
    ("option-unknown", 4, agent("`elysium plan lint -q PLAN.md`\n")),
    ("glob-empty", 2, one(RULES, "applyTo: '**/*.rs'\ndescription: D")),
    ("glob-broken", 2, one(RULES, "applyTo: 'apps/[a'\ndescription: D")),
    ("glob-broken", 2, one(RULES, f"applyTo: '{'{a,b,c}' * 9}'\ndescription: D")),
    ("name-form", 2, one(SKILL, "name: Deploy_It\ndescription: D")),
    ("name-form", 1, one(SKILL, "description: D")),
    ("name-differs", 2, one(SKILL, "name: other\ndescription: D")),
    ("too-long", 0, agent("word " * 7000)),
    ("format-moved", 1, one(MODE, "description: D")),
    ("region-broken", 4, agent("<!-- elysium agents: helper text=000000000000; x -->\nA\n")),
    (
        "region-changed",
        4,
        agent("<!-- elysium agents: helper text=000000000000; x -->\nA\n<!-- elysium agents: end -->\n"),
    ),
    ("unreadable", 0, {AGENT: "a\0b"}),
    ("unreadable", 0, {AGENT: "x" * (600 << 10)}),
]


@pytest.mark.parametrize(("code", "line", "files"), WRONG)
def test_a_problem_is_told_with_its_line(code: str, line: int, files: dict[str, str]) -> None:
    found = [item for item in problems(files) if item.code == code]
    assert found, [str(item) for item in problems(files)]
    assert found[0].line == line
    assert found[0].severity is CODES[code][0]
    assert found[0].message


def test_hints_name_what_is_near() -> None:
    (found,) = problems(agent("`elysium chekc`\n"))
    assert found.hint == "did you mean `elysium check`?"
    (found,) = problems(agent(tool="[read]"))
    assert found.hint == "did you mean tools?"
    (found,) = problems(agent("[a](../../docs/giude.md)\n"))
    assert found.hint == "did you mean docs/guide.md?"


@pytest.mark.parametrize("tool", ["edit", "execute", "editFiles", "runCommands", "edit/createFile", "Bash", "*", "new"])
@pytest.mark.parametrize("path", [".github/agents/planner.agent.md", ".github/chatmodes/plan.chatmode.md"])
def test_a_planning_agent_has_no_tool_that_writes(path: str, tool: str) -> None:
    found = one(path, f"description: D\ntools: ['search', '{tool}']")
    assert "tool-writes" in codes(found)
    assert "tool-writes" not in codes(agent(tools=f"['search', '{tool}']"))


def test_an_agent_plans_if_it_says_so() -> None:
    body = "# Planning Mode Instructions\n\nYou are in planning mode.\n"
    assert codes(agent(body, tools="[edit]")) == ["tool-writes"]
    assert codes(agent(body)) == ["tools-open"]
    assert codes(agent(body, tools="[read, execute/getTerminalOutput]")) == []


def test_a_chat_mode_for_planning_is_accepted_with_a_note() -> None:
    """The front matter that chat modes were written with: description, tools of then, one model."""
    head = "description: 'Draw up a plan'\ntools: ['fetch', 'search']\nmodel: Claude Sonnet 4.5"
    found = problems(one(".github/chatmodes/plan.chatmode.md", head, "You are in planning mode.\n"))
    assert [(item.code, item.fails) for item in found] == [("format-moved", False)]


def test_a_chat_mode_beside_its_agent_is_no_news() -> None:
    mode = one(MODE, "description: Helps")
    assert codes({**agent(), **mode}) == []
    assert codes({**agent("Another.\n"), **mode}) == ["copies-differ"]


def test_agents_of_the_repository_are_known() -> None:
    prompt = one(PROMPT, "description: D\nagent: helper")
    assert codes({**agent(), **prompt}, PROMPT) == []
    named = {**agent(name="Some One"), **one(PROMPT, "description: D\nagent: Some One")}
    assert codes(named, PROMPT) == []


def test_two_files_of_one_name() -> None:
    other = {".github/agents/other.agent.md": "---\nname: helper\ndescription: D\n---\n"}
    assert codes({**agent(), **other}) == ["name-twice"]
    plain = {".github/agents/helper.md": "---\ndescription: D\n---\n"}
    assert codes({**agent(), **plain}) == ["name-twice"]
    skills = one(SKILL, "name: deploy\ndescription: D") | one(
        "x/skills/deploy/SKILL.md", "name: deploy\ndescription: D"
    )
    assert codes(skills) == []


def test_only_the_chosen_files_are_told_of() -> None:
    assert codes({**agent(infer="true"), **one(PROMPT, "mode: agent")}, PROMPT) == [
        "description-unsaid",
        "key-deprecated",
    ]


def test_a_generated_part_that_is_old() -> None:
    text = marker("helper", "A\n") + f"\nA\n{END}\n"
    assert codes(agent(text)) == []
    found = problems(agent(text), stale={AGENT: "this would be another"})
    assert [(item.code, item.line, item.message) for item in found] == [("region-stale", 4, "this would be another")]


TOKEN = "ghp_" + "a1B2" * 9
SECRETS = [
    agent(f"Use {TOKEN} for it.\n"),
    agent("Ask `postgres://admin:Tr0ub4dor&3x@db.internal/app`.\n"),
    agent(mcp_servers="{a: {env: {API_TOKEN: 'k7Jq2mXw9Zt4Lr8Pv3Nb'}}}"),
    agent("-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7" * 3 + "\n"),
]


@pytest.mark.parametrize("files", SECRETS)
def test_a_secret_is_told_and_never_shown(files: dict[str, str]) -> None:
    found = [item for item in problems(files) if item.code == "secret"]
    assert len(found) == 1
    told = repr(found)
    assert not any(value in told for value in (TOKEN, "Tr0ub4dor", "k7Jq2mXw9Zt4Lr8Pv3Nb", "MIIEvQ"))


def test_what_cannot_be_read_is_told_and_the_rest_is_judged() -> None:
    def read(path: str) -> str | None:
        if path == AGENT:
            raise ScaffoldError("this is a link, and links are not followed", subject=path)
        return "---\nmode: agent\ndescription: D\n---\n"

    repository = Repository(files=frozenset({AGENT, PROMPT}), read=read)
    found = lint(repository, [AGENT, PROMPT]).problems
    assert [(item.code, item.file) for item in found] == [("unreadable", AGENT), ("key-deprecated", PROMPT)]


def test_a_link_is_judged_where_it_leads() -> None:
    files = frozenset({"AGENTS.md", "CLAUDE.md"})
    repository = Repository(files=files, read={"AGENTS.md": "[a](gone.md)\n"}.get, links=frozenset({"CLAUDE.md"}))
    found = lint(repository, files).problems
    assert [(item.code, item.file) for item in found] == [("link-dead", "AGENTS.md"), ("linked", "CLAUDE.md")]


def test_a_skill_that_only_claude_reads_needs_neither_name_nor_description() -> None:
    assert codes(one(".claude/skills/deploy/SKILL.md", "allowed-tools: Read")) == ["description-unsaid"]


@pytest.mark.parametrize(
    "body",
    [
        '](a "' * 90_000,
        "`elysium " * 50_000,
        "#file:'" * 60_000,
        "@a/" * 150_000,
        "#" * 400_000,
        "```\n" * 100_000,
        "<!-- elysium agents: " * 20_000,
        "[](" * 100_000,
        "a://b:c@d " * 40_000,
        "---\n" * 100_000,
        ("](a '" * 190 + "\n") * 500,
        ("`" * 300 + " @a #file:b " * 50 + "\n") * 500,
    ],
)
def test_texts_that_want_to_be_slow_are_not(body: str) -> None:
    begun = time.monotonic()
    problems(agent(body) | {"CLAUDE.md": body})
    assert time.monotonic() - begun < 20


def test_every_kind_of_problem_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "agents.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"`{code}`" not in page] == []
