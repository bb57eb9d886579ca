"""What people write wrong in settings, rules, baselines and suppressions: it is named with file, line and what is
allowed, with the right exit code, and never with a traceback.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.cli.main import main
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: login
  namespace: default
stringData:
  password: correct-horse-battery
"""
KNOWN = '{\n "version": 1,\n "findings": [\n  {"rule":"schema","message":"a"},\n  ENTRY\n ]\n}\n'


def run(root: Path, *arguments: str, files: dict[str, str] | None = None) -> int:
    settings = config_map("settings", "default", "{a: b}")
    write_repository(root, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/settings.yaml": settings})
    write_repository(root, files or {})
    return main(["check", str(root), *arguments])


@pytest.mark.parametrize(
    ("text", "line", "said", "allowed"),
    [
        ("flux = ", 1, "Invalid value", "TOML"),
        ('flux = "2.9"\nflux = "2.8"', 2, "overwrite", "TOML"),
        ('# a\nfluxx = "2.9"', 2, "fluxx", "kubernetes"),
        ("flux = 2.9", 1, "`flux`: Expected `str`", "docs/settings.md"),
        ('# a comment\nflux = "1.0"', 2, "Flux 1.0 is not known", "2.8, 2.9"),
        ('kubernetes = "latest"', 1, "latest", "1.36"),
        ('[cluster."clusters/test"]\nflux = "2.9"\nflux-version = "2.8"', 3, "flux-version", "storage-classes"),
        ('[cluster.a]\nexternal = ["sops-age"]', 2, "sops-age", "Kind/namespace/name"),
        ('clusters = ["../other"]', 1, "../other", "relative to the repository's root"),
        ('flux = "2.9"\nclusters = ["clusters/absent"]', 2, "clusters/absent", "directories of the repository"),
        ('# a\nsources = ["charts"]', 2, "charts", "--source"),
        ('[inputs]\n"a/b" = "absent.yaml"', 2, "absent.yaml: No such file", "file of the repository"),
        ('fail-on = "info"', 1, "info", "error, warning, unknown"),
        ('profile = "stric"', 1, "stric", "did you mean strict?"),
        ('baseline = "../known.json"', 1, "leads out", "file of the repository"),
        ('baseline = ".git/hooks/pre-commit"', 1, "leads out", "file of the repository"),
        (
            '[rules]\nschema = "off"\nplaintext-secrets = "off"',
            3,
            "plaintext-secrets",
            "did you mean plaintext-secret?",
        ),
        ('[rules]\nschema = "loud"', 2, "loud", "error, warning, info, off"),
        ("[rules]\nschema = false", 2, "`rules.schema`: Expected `str`", "docs/settings.md"),
        ('[[ignore]]\nrule = "schema"', 1, "reason", "object"),
        ('[[ignore]]\nrule = "schema"\nreason = " "', 3, "the reason is empty", "why"),
        ('[[ignore]]\nrule = "shema"\nreason = "a"', 2, "shema", "did you mean schema?"),
        ('[[ignore]]\nrule = "schema"\nreason = "a"\nline = 3', 4, "`line`", "elysium: ignore"),
        ('[[ignore]]\nrule = "schema"\nreason = "a"\nobject = "login"', 4, "login", "Kind/namespace/name"),
        ('[ignore]\nrule = "schema"\nreason = "a"', 1, "Expected `array`", "docs/settings.md"),
        ('[[policy]]\nid = "No Latest"\nexpression = "true"', 2, "No Latest", "small letters"),
        ('[[policy]]\nid = "a"\nexpression = "object."', 1, "does not compile", ""),
        ('[[policy]]\nid = "schema"\nexpression = "true"', 1, "schema", ""),
    ],
)
def test_settings(
    repository: Path, capsys: pytest.CaptureFixture[str], text: str, line: int, said: str, allowed: str
) -> None:
    assert run(repository, files={"elysium.toml": text}) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert f"elysium.toml:{line}: " in error
    assert said in error
    assert allowed in hint


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ('{"rule":"schema"}', 5, "message"),
        ('{"rule":"schema","message":"b","line":3}', 5, "line"),
        ('{"rule":"schema","message":7}', 5, "Expected `str`"),
        ('{"rule":"schema","message":"b","count":-1}', 5, "-1"),
        ('<<<<<<< HEAD\n  {"rule":"schema","message":"b"}', 5, "JSON"),
        ('{"rule":"schema","message":"b"},', 6, "JSON"),
    ],
)
def test_baselines(repository: Path, capsys: pytest.CaptureFixture[str], entry: str, line: int, said: str) -> None:
    file = repository / "known.json"
    assert run(repository, "--baseline", str(file), files={"known.json": KNOWN.replace("ENTRY", entry)}) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert f"known.json:{line}: " in error
    assert said in error
    assert "--update-baseline" in hint


@pytest.mark.parametrize(
    ("comment", "said", "allowed"),
    [
        ("# elysium: ignore plaintext-secret", "gives no reason", "(reason)"),
        ("# elysium: ignore plaintext-secret ()", "gives no reason", "(reason)"),
        ("# elysium: ignore plaintext-secret because it is a demo", "gives no reason", "(reason)"),
        ("# elysium: ignore (a demo)", "names no rule", "ignore RULE"),
        ("# elysium: ingore plaintext-secret (a demo)", "names no rule", "ignore RULE"),
        ("# elysium: ignore plain-secret (a demo)", "no such rule", "docs/rules"),
        ("# elysium: ignore plaintext-secrets (a demo)", "no such rule", "did you mean plaintext-secret?"),
    ],
)
def test_comments(repository: Path, capsys: pytest.CaptureFixture[str], comment: str, said: str, allowed: str) -> None:
    text = SECRET.replace("stringData", f"{comment}\nstringData")
    assert run(repository, files={"apps/login.yaml": text}) == 1
    lines = capsys.readouterr().out.splitlines()
    place = next(number for number, line in enumerate(lines) if "unused-suppression" in line)
    assert lines[place].startswith("  ! 6: ")
    assert said in lines[place]
    assert allowed in lines[place + 1]


@pytest.mark.parametrize("value", ['"plaintext-secret"', '"a demo"', "{a: b}", "[]", "7"])
def test_annotations(repository: Path, capsys: pytest.CaptureFixture[str], value: str) -> None:
    text = SECRET.replace("metadata:\n", f"metadata:\n  annotations:\n    elysium.dev/ignore: {value}\n")
    assert run(repository, files={"apps/login.yaml": text}) == 1
    out, err = capsys.readouterr()
    assert "plaintext-secret" in out
    assert err == ""
