"""Components from a folder that somebody names: nothing that they say may hurt, and nothing half written stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hostile.sandbox import Outcome, Sandbox, engines_of

HEAD = 'summary = "x"\nversion = "1.0.0"\n'
FILE = '[[files]]\npath = "out/<%= name %>.txt"\ntemplate = "a.jinja"\n'


@pytest.fixture
def writing(sandbox: Sandbox) -> Sandbox:
    """A sandbox for commands that write into the repository."""
    sandbox.writes = True
    return sandbox


def component(sandbox: Sandbox, description: str, templates: Mapping[str, str], name: str = "evil") -> Path:
    folder = sandbox.directory / "components" / name
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "component.toml").write_text(HEAD + description, encoding="utf-8")
    for path, text in templates.items():
        (folder / "templates" / path).write_text(text, encoding="utf-8")
    return folder


def new(sandbox: Sandbox, *arguments: str, kind: str = "evil", within: float = 60) -> Outcome:
    return sandbox.run("new", kind, "a", "--from", "../components", "--yes", *arguments, within=within)


def assert_refused(sandbox: Sandbox, outcome: Outcome, said: str = "") -> None:
    assert outcome.code == 2, outcome.said
    assert "error: " in outcome.err
    assert said in outcome.err
    assert "hint: " in outcome.err
    assert list(sandbox.repository.rglob("*")) == []


ESCAPES = (
    "''.__class__.__mro__[1].__subclasses__()",
    "repository.has.__func__.__globals__",
    "repository.__struct_fields__",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "cycler.__init__.__globals__",
    "lipsum.__globals__",
    "namespace",
    "joiner",
    "dict(a=1)",
    "'{0.__class__}'.format(1)",
    "'%s' % name",
    "'x' * 100",
    "range(10000000)",
    "2 ** 99999999",
    "name.encode()",
    "name.join",
    "(name|attr('__class__'))",
    "[]|map('upper')|list",
    "name|xmlattr",
    "[]|first",
    "5|slug",
    "(1, 'a')|sort",
    "nothing",
    "{}[name]",
    "1 / 0",
)


@pytest.mark.parametrize("where", ["a template", "a condition", "a default"])
def test_no_expression_leaves_the_sandbox(writing: Sandbox, where: str) -> None:
    """Every one is an error of the component, or harmless text: never a defect, and nothing of Python's insides."""
    for number, expression in enumerate(ESCAPES):
        template = f"<%= {expression} %>" if where == "a template" else "x"
        default = f"[[parameters]]\nname = 'b'\nhelp = 'b'\ndefault = '''<%= {expression} %>'''\n"
        condition = f"when = '''({expression}) == 1'''\n"
        more = {"a template": "", "a condition": FILE + condition, "a default": default + FILE}[where]
        component(writing, more or FILE, {"a.jinja": template}, f"evil-{number}")
        outcome = new(writing, kind=f"evil-{number}")
        assert outcome.code in (0, 2), (expression, outcome.said)
        texts = [path.read_text() for path in writing.repository.rglob("*.txt")]
        assert not any("<class" in text or "__" in text for text in texts), (expression, texts)


BOMBS = {
    "loops": "<% for a in range(1000) %><% for b in range(1000) %><% for c in range(1000) %><% endfor %>" * 1
    + "<% endfor %><% endfor %>",
    "doubled text": "<% set a0 = 'ab' %>" + "".join(f"<% set a{n + 1} = a{n} + a{n} %>" for n in range(60)),
    "joined text": "<% set a0 = 'ab' %>" + "".join(f"<% set a{n + 1} = a{n} ~ a{n} %>" for n in range(60)),
    "squared numbers": "<% set x = 99999999999 %>" + "<% set x = x * x %>" * 60,
    "shared lists": "<% set a0 = [1] %>"
    + "".join(f"<% set a{n + 1} = [a{n}, a{n}] %>" for n in range(60))
    + "<%= a60 %>",
    "wide blocks": "<%= [1, 2] | block(99999999999) %>",
    "replaced text": "<% set a = 'a' * 1 %>",
    "a template in itself": "<% include 'a.jinja' %>",
    "a macro in itself": "<% macro a() %><%= a() %><% endmacro %><%= a() %>",
    "nested blocks": "<% for a in range(2) %>" * 40 + "<% endfor %>" * 40,
    "nested brackets": "<%= " + "(" * 100_000 + "1" + ")" * 100_000 + " %>",
    "long output": "<% for a in range(1000) %><% for b in range(1000) %>0123456789<% endfor %><% endfor %>",
    "an open mark": "<%= " * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_bounded_time_and_memory(writing: Sandbox, name: str) -> None:
    component(writing, FILE, {"a.jinja": BOMBS[name]})
    assert_refused(writing, new(writing, within=90), "component evil")


def test_a_run_that_is_killed_in_a_bomb_leaves_no_process(writing: Sandbox) -> None:
    component(writing, FILE, {"a.jinja": BOMBS["loops"]})
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        running = writing.start("new", "evil", "a", "--from", "../components", "--yes")
        deadline = time.monotonic() + 20
        while len(engines_of(writing.mark)) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1)
        running.signal(number)
        outcome = running.finish(20)
        assert outcome.code in (-number, 130), outcome.said
        assert list(writing.repository.rglob("*")) == []


@pytest.mark.parametrize(
    "path",
    [
        "../out",
        "/etc/passwd",
        "a/../../b",
        ".git/hooks/pre-commit",
        "sub/.git/config",
        ".GIT/config",
        ".Git/config",
        "./a",
        "a//b",
        "a/",
        "",
        "a\\\\b",
        "\\u200b.git/config",
        ".g\\u0131t/config",
        "a\\nb",
        "a\\u001b[2Jb",
        "a\\u202eb",
        ".elysium/app/wiki.toml",
        ".ELYSIUM/app/wiki.toml",
        "a" * 5000,
        "a/" * 600 + "b",
        "<%= '../' + name %>",
        "<%= '.git' %>/config",
    ],
)
def test_a_path_stays_in_the_repository(writing: Sandbox, path: str) -> None:
    component(writing, f'[[files]]\npath = "{path}"\ntemplate = "a.jinja"\n', {"a.jinja": "x"})
    outcome = new(writing)
    assert_refused(writing, outcome, "component evil")
    assert "\x1b" not in outcome.said
    assert "\u202e" not in outcome.said


@pytest.mark.parametrize("table", ["entries", "values", "secrets"])
def test_the_other_paths_stay_inside_too(writing: Sandbox, table: str) -> None:
    keys = {
        "entries": 'value = "x"\n',
        "values": 'at = ["a"]\nvalue = "x"\n',
        "secrets": 'name = "x"\nnamespace = "x"\n[[secrets.keys]]\nkey = "a"\ngenerate = 8\n',
    }
    component(writing, f'[[{table}]]\npath = "../out.yaml"\n' + keys[table], {})
    assert_refused(writing, new(writing), "no path in a repository")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("a.txt", "A.txt"), "twice"),
        (("a", "a/b"), "below a file"),
        (("a/b/c", "a/b"), "below a file"),
    ],
)
def test_files_that_cannot_stand_beside_each_other(writing: Sandbox, files: tuple[str, str], said: str) -> None:
    tables = "".join(f'[[files]]\npath = "{path}"\ntemplate = "a.jinja"\n' for path in files)
    component(writing, tables, {"a.jinja": "x"})
    assert_refused(writing, new(writing), said)


@pytest.mark.parametrize("each", ["range(1000)", "'abc'", "5", "nothing", "repository", "{}.items"])
def test_each_is_a_list_of_bounded_length(writing: Sandbox, each: str) -> None:
    component(writing, f'[[files]]\npath = "<%= item %>"\ntemplate = "a.jinja"\neach = "{each}"\n', {"a.jinja": "x"})
    assert_refused(writing, new(writing), "component evil")


def test_what_is_written_in_all_is_bounded(writing: Sandbox) -> None:
    big = "<% for a in range(999) %>" + "0" * 1000 + "<% endfor %>"
    component(
        writing, '[[files]]\npath = "a<%= item %>"\ntemplate = "a.jinja"\neach = "range(400)"\n', {"a.jinja": big}
    )
    assert_refused(writing, new(writing), "more than 8 MiB")


DESCRIPTIONS = {
    "no TOML": "[[[",
    "another key": "code = 'x'",
    "a huge number": f"[[parameters]]\nname = 'a'\nhelp = 'a'\ndefault = {'9' * 5000}",
    "deep lists": f"[[parameters]]\nname = 'a'\nhelp = 'a'\ndefault = {'[' * 5000}{']' * 5000}",
    "many parameters": "".join(f"[[parameters]]\nname = 'a{n}'\nhelp = 'a'\n" for n in range(20_000)),
    "many files": "".join(f"[[files]]\npath = 'a{n}'\n" for n in range(20_000)),
    "a name with an escape": "[[parameters]]\nname = 'a\\u001b[2J'\nhelp = 'a'".replace("'", '"'),
    "larger than can be": "#" * (100 << 20),
}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_a_description_that_is_none(writing: Sandbox, name: str) -> None:
    component(writing, DESCRIPTIONS[name], {})
    outcome = new(writing)
    assert_refused(writing, outcome, "component.toml")
    assert "\x1b" not in outcome.said
    listed = writing.run("new", "--list", "--from", "../components")
    assert listed.code == 2
    assert "\x1b" not in listed.said


def test_links_and_pipes_in_the_folder_are_not_followed(writing: Sandbox) -> None:
    secret = writing.directory / "private.txt"
    secret.write_text("summary = 'do not show'")
    folder = component(writing, FILE, {})
    (folder / "templates" / "a.jinja").symlink_to(secret)
    assert_refused(writing, new(writing), "no template a.jinja")
    (folder / "templates" / "a.jinja").unlink()
    os.mkfifo(folder / "templates" / "a.jinja")
    assert_refused(writing, new(writing, within=20), "no template a.jinja")
    (folder / "templates" / "a.jinja").unlink()
    (folder / "templates").rmdir()
    (writing.directory / "outside").mkdir()
    (writing.directory / "outside" / "a.jinja").write_text("do not show")
    (folder / "templates").symlink_to(writing.directory / "outside")
    assert_refused(writing, new(writing), "no template a.jinja")
    (folder / "component.toml").unlink()
    (folder / "component.toml").symlink_to(secret)
    outcome = new(writing)
    assert_refused(writing, outcome, "links are not followed")
    assert "do not show" not in outcome.said
    (folder / "component.toml").unlink()
    os.mkfifo(folder / "component.toml")
    assert_refused(writing, new(writing, within=20), "no regular file")


def test_a_folder_of_the_settings_is_one_of_the_repository(writing: Sandbox) -> None:
    """`components` of elysium.toml may name nothing outside, not even through a link."""
    component(writing, FILE, {"a.jinja": "x"})
    for place in ("../components", str(writing.directory / "components"), "linked"):
        (writing.repository / "elysium.toml").write_text(f'components = ["{place}"]\n')
        if place == "linked":
            (writing.repository / "linked").symlink_to(writing.directory / "components")
        outcome = writing.run("new", "evil", "a", "--yes")
        assert outcome.code == 2, outcome.said
        assert not (writing.repository / "out").exists()


def test_names_that_steer_a_terminal_do_not(writing: Sandbox) -> None:
    text = "\\u001b]0;owned\\u0007\\u001b[2J\\n::set-output name=x::y"
    more = f'notes = "n.jinja"\n[[parameters]]\nname = "a"\nhelp = "{text}"\n[[needs]]\noffer = "{text}"\n'
    more += f'component = "{text}"\nreason = "{text}"\n'
    component(
        writing,
        more.replace("[[needs]]", f"{FILE}\n[[needs]]\nwhen = \"a == 'x'\""),
        {"a.jinja": "x", "n.jinja": "\x1b[2J"},
    )
    for outcome in (
        new(writing),
        new(writing, "--a", "x"),
        new(writing, "--a", "b"),
        writing.run("new", "--list", "evil", "--from", "../components"),
    ):
        assert "\x1b" not in outcome.said
        assert "\x07" not in outcome.said
        assert "\n::" not in outcome.said


def test_needs_that_need_each_other_end(writing: Sandbox) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        needs = f'[[needs]]\noffer = "{other}"\ncomponent = "{other}/x"\nreason = "r"\n'
        component(writing, 'offers = ["never"]\n' + needs + FILE, {"a.jinja": "x"}, f"{name}/x")
    outcome = writing.run("new", "one", "x", "--from", "../components", "--yes", "--with-needs")
    assert_refused(writing, outcome, "needs what nothing")


def test_thousands_of_components(writing: Sandbox) -> None:
    for number in range(3000):
        folder = writing.directory / "components" / "many" / f"c{number}"
        folder.mkdir(parents=True)
        (folder / "component.toml").write_text(HEAD)
    outcome = writing.run("new", "--list", "--from", "../components", within=60)
    assert outcome.code == 0, outcome.said[-500:]
    assert "many c2999" in outcome.out


def test_a_python_file_of_the_folder_is_not_run(writing: Sandbox) -> None:
    """Neither that of the repository nor that of the components, whatever it is called."""
    component(writing, FILE, {"a.jinja": "<%= name %>"})
    for folder in (writing.repository, writing.directory / "components"):
        for name in ("jinja2", "msgspec", "pickle", "elysium", "select"):
            (folder / f"{name}.py").write_text("open('/proc/self/cwd/owned', 'w')\nraise SystemExit(9)\n")
    running = subprocess.run(
        [sys.executable, "-P", "-m", "elysium", "new", "evil", "a", "--from", "../components", "--yes"],
        cwd=writing.repository,
        env=writing.environment(),
        capture_output=True,
        check=False,
    )
    assert running.returncode == 0, running.stderr
    assert not list(writing.directory.rglob("owned"))
    assert (writing.repository / "out" / "a.txt").read_text() == "a"
