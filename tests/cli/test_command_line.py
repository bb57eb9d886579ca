"""The command line as a person or a script meets it."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from elysium.cli.main import COMMANDS, main
from elysium.present.records import CheckRecord
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

ROOT = Path(__file__).resolve().parents[2]
ENTRY = "import sys; from elysium.cli.main import main; sys.exit(main())"
APPS = f"{CLUSTER}/apps.yaml"


def start(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "src"))
    command = [sys.executable, "-c", ENTRY, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def good(repository: Path) -> Path:
    files = {APPS: kustomization("apps", "./apps"), "apps/settings.yaml": config_map("settings", "default", "{a: b}")}
    return write_repository(repository, files)


@pytest.fixture
def bad(good: Path) -> Path:
    return write_repository(good, {"apps/broken.yaml": "a: [\n"})


def test_check_of_a_good_repository_passes(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(good)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "✓ all good: every unit renders and no rule objects"
    assert "1 cluster, 2 units, 2 objects" in out
    assert "\x1b" not in out
    assert err == ""


def test_check_of_a_bad_repository_fails_and_names_the_place(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(bad)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "apps/broken.yaml" in lines
    assert any("yaml-syntax" in line for line in lines)
    assert lines[-1] == "✗ 1 error"


def test_check_json_is_the_documented_record(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(bad), "-o", "json"]) == 1
    record = msgspec.json.decode(capsys.readouterr().out, type=CheckRecord)
    assert [(item.rule, item.severity, item.file) for item in record.findings] == [
        ("yaml-syntax", "error", "apps/broken.yaml")
    ]
    assert [(unit.name, unit.state) for unit in record.units] == [("flux-system", "rendered"), ("apps", "failed")]
    assert record.summary["findings"] == {"error": 1, "warning": 0, "info": 0}


def test_rules_are_separated_by_commas(bad: Path) -> None:
    assert main(["check", str(bad), "--rules", "schema,plaintext-secret"]) == 0
    assert main(["check", str(bad), "--rules", "schema,yaml-syntax"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 0), (["--fail-on", "warning"], 1), (["--profile", "strict"], 1), (["--profile", "default"], 0)],
)
def test_what_makes_a_check_fail(good: Path, arguments: list[str], code: int) -> None:
    write_repository(good, {"apps/kustomization.yaml": "resources: [settings.yaml]\n"})
    write_repository(good, {"apps/forgotten.yaml": config_map("forgotten", "default", "{a: b}")})
    assert main(["check", str(good), *arguments]) == code


def test_fail_on_of_the_settings_counts_unless_the_arguments_say_otherwise(good: Path) -> None:
    files = {"apps/kustomization.yaml": "resources: [settings.yaml]\n", "elysium.toml": 'fail-on = "warning"\n'}
    write_repository(good, {**files, "apps/forgotten.yaml": config_map("forgotten", "default", "{a: b}")})
    assert main(["check", str(good)]) == 1
    assert main(["check", str(good), "--fail-on", "error"]) == 0


def test_a_stream_of_objects_is_checked_without_flux() -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: web}\nspec: {replica: 1}\n"
    process = start("check", "-", "-o", "json")
    out, err = process.communicate(text.encode())
    assert process.returncode == 1, err
    findings = json.loads(out)["findings"]
    assert any("replica" in finding["message"] for finding in findings)
    assert {finding["rule"] for finding in findings} == {"schema"}


def test_a_file_of_objects_is_checked_without_flux(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(config_map("settings", "default", "{a: b}"))
    assert main(["check", str(file)]) == 0
    file.write_text(config_map("settings", "default", "{a: [b]}"))
    assert main(["check", str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index(str(file)) + 1].startswith("  ✗ 4: ConfigMap/default/settings: data.a")
    file.write_text("---\n# nothing\n---\napiVersion: v1\nkind: Secret\nstringData:\n  password: correct-horse\n")
    assert main(["check", str(file), "--rules", "plaintext-secret"]) == 1
    assert "✗ 7: " in capsys.readouterr().out
    file.write_text("a: [\n")
    assert main(["check", str(file)]) == 1
    assert "yaml-syntax" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], 'Did you mean "check"?'),
        (["check", "--foo"], "there is no option --foo"),
        (["check", ".", "--foo"], "--foo"),
        (["check", "--fail-on", "sometimes"], "sometimes"),
        (["check", "--rules", "schemma"], "did you mean schema?"),
        (["check", "--profile", "harsh"], "harsh"),
        (["check", "nowhere"], "nowhere: there is no such file or directory"),
        (["graph", "--expect", "alone"], "'alone' is not a chain"),
        (["render", "--set", "a=b"], "--values and --set belong to --chart"),
        (["render", "--chart", "a", "--kustomize", "b"], "exclude each other"),
        (["render", "chart:a", "--kustomize", "b"], "exclude each other"),
        (["render", "chart:"], "chart: names no chart"),
        (["render", "-o", "xml"], "xml"),
        (["completion", "tcsh"], "tcsh"),
        (["cache", "burn"], "burn"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_exit_with_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert words in err
    assert "Traceback" not in err


def test_an_empty_directory_cannot_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "hint: " in capsys.readouterr().err


def test_a_defect_shows_no_traceback(
    good: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from elysium.api import Workspace

    def broken(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(Workspace, "render", broken)
    assert main(["render", str(good)]) == 2
    assert "RecursionError: too deep" in capsys.readouterr().err
    monkeypatch.setenv("ELYSIUM_DEBUG", "1")
    assert main(["render", str(good)]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_interruption_is_130_without_traceback() -> None:
    process = start("check", "-")
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in err


def test_nobody_reads_is_quiet(good: Path) -> None:
    write_repository(good, {"apps/large.yaml": config_map("large", "default", "{a: " + "x" * 300_000 + "}")})
    process = start("render", str(good))
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None
    _, err = process.communicate()
    assert process.returncode == 141
    assert err == b""


def test_render_prints_a_stream_that_can_be_checked(good: Path) -> None:
    rendered = start("render", str(good))
    text, _ = rendered.communicate()
    assert rendered.returncode == 0
    assert b"\nkind: ConfigMap\n" in text
    assert not text.startswith(b"---")
    checked = start("check", "-")
    assert checked.communicate(text) and checked.returncode == 0


def test_render_json_and_names(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(good), "-o", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [unit["name"] for unit in record["units"]] == ["flux-system", "apps"]
    assert record["units"][1]["objects"][0]["metadata"]["name"] == "settings"
    assert main(["render", str(good), "-o", "name", "--unit", "ks/flux-system/apps"]) == 0
    assert capsys.readouterr().out == "ConfigMap/default/settings\n"


def test_render_writes_a_file_a_unit(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(good), "--output-dir", str(tmp_path / "out")]) == 0
    file = tmp_path / "out" / CLUSTER / "ks" / "flux-system" / "apps.yaml"
    assert str(file) in capsys.readouterr().out.splitlines()
    assert "name: settings" in file.read_text()


def test_render_with_a_failed_unit_is_1_and_says_why_on_standard_error(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", str(bad)]) == 1
    out, err = capsys.readouterr()
    assert "kind: Kustomization" in out
    assert err.startswith("failed: ks/flux-system/apps: ")


def test_graph_expectations(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = kustomization("first", "./a"), kustomization("second", "./b", "dependsOn: [{name: first}]\n")
    write_repository(repository, {APPS: first + "---\n" + second})
    write_repository(repository, {f"{name}/x.yaml": config_map(name, "default", "{a: b}") for name in ("a", "b")})
    assert main(["graph", str(repository), "--expect", "first>second"]) == 0
    assert main(["graph", str(repository), "--expect", "second > first"]) == 1
    assert "does not depend on" in capsys.readouterr().err
    for form, word in {"text": "after ks/flux-system/first", "dot": "digraph", "mermaid": "graph LR"}.items():
        assert main(["graph", str(repository), "-o", form]) == 0
        assert word in capsys.readouterr().out
    assert main(["graph", str(repository), "-o", "json"]) == 0
    assert {"nodes", "edges"} < json.loads(capsys.readouterr().out).keys()


def test_timings_go_to_standard_error(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(good), "--timings"]) == 0
    out, err = capsys.readouterr()
    assert " ms  " in err
    assert " ms  " not in out


def test_version_names_every_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("elysium ")
    for library in ("helm", "kustomize", "envsubst"):
        assert library in text
    assert main(["version", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["libraries"]["helm"].startswith("v4.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert "elysium" in text
    assert "--kubernetes-version" in text


GROUPS = ("agents", "cache", "ci", "hook", "plan", "preview", "rehearse", "secrets")
"""Commands that are made of others: these have the examples."""


@pytest.mark.parametrize(
    "command",
    [
        *COMMANDS,
        *("agents sync", "agents lint", "cache info", "cache prune", "cache verify"),
        *("preview render", "preview fit", "preview edge"),
    ],
)
def test_help_explains_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    if command not in GROUPS:
        assert f"`elysium {command.split(maxsplit=1)[0]}" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_summary_of_a_command_is_the_first_line_of_its_help(command: str) -> None:
    target, summary = COMMANDS[command]
    module, name = target.split(":")
    found = getattr(importlib.import_module(f"elysium.cli.commands.{module}"), name)
    text = found.help if command in GROUPS else inspect.getdoc(found)
    assert text is not None
    assert text.splitlines()[0] == summary


def test_help_is_fast_and_imports_little() -> None:
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "src"))
    program = (
        "import sys; from elysium.cli.main import main; code = main(['--help']); "
        "print(*sorted(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    modules = set(done.stderr.decode().split())
    assert not modules & {"elysium.api", "elysium.engine", "elysium.render", "elysium.check", "httpx", "markdown_it"}
    assert after.ru_utime - before.ru_utime < 0.5


def test_cache_commands(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--cache-dir", str(tmp_path / "cache")]
    assert main(["check", str(good), *place]) == 0
    capsys.readouterr()
    assert main(["cache", "info", *place]) == 0
    assert capsys.readouterr().out.splitlines()[0] == str(tmp_path / "cache")
    assert main(["cache", "verify", *place]) == 0
    assert "entries are as they were put there" in capsys.readouterr().out
    assert main(["cache", "prune", "--days", "0", *place, "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] > 0


def test_explain_names_the_file_of_each_field(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ConfigMap/default/settings", str(good)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("ConfigMap/default/settings\n")
    assert "ks/flux-system/flux-system → ks/flux-system/apps" in text
    assert "apps/settings.yaml:4" in text
    assert main(["explain", "ConfigMap/default/settings", str(good), "-o", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["chain"] == ["ks/flux-system/flux-system", "ks/flux-system/apps"]
    assert main(["explain", "ConfigMap/default/setings", str(good)]) == 2


def test_fetch_with_nothing_to_fetch(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", str(good)]) == 0
    assert capsys.readouterr().out == "nothing has to be fetched\n"
    assert main(["fetch", str(good), "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["fetched"] == []


def test_fetch_that_cannot_reach_its_source_is_1(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "kind: GitRepository\nmetadata: {name: far, namespace: flux-system}\nspec: {interval: 1h, url: %s}\n"
    far = "apiVersion: source.toolkit.fluxcd.io/v1\n" + source % "http://127.0.0.1:9/far.git"
    unit = kustomization("far", "./").replace("name: flux-system}", "name: far}")
    write_repository(good, {"clusters/test/far.yaml": far + "---\n" + unit})
    assert main(["fetch", str(good)]) == 1
    assert "? git repository http://127.0.0.1:9/far.git" in capsys.readouterr().out


def test_one_chart_and_one_overlay_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {greeting: {{ .Values.greeting }}}\n"
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "chart/values.yaml": "greeting: hello\n",
        "chart/templates/a.yaml": template,
        "overlay/kustomization.yaml": "namePrefix: my-\nresources: [a.yaml]\n",
        "overlay/a.yaml": config_map("a", "default", "{a: b}"),
    }
    write_repository(tmp_path, files)
    assert main(["render", "--chart", str(tmp_path / "chart"), "--set", "greeting=hi"]) == 0
    assert "greeting: hi" in capsys.readouterr().out
    assert main(["render", "--kustomize", str(tmp_path / "overlay"), "-o", "name"]) == 0
    assert capsys.readouterr().out == "ConfigMap/default/my-a\n"
