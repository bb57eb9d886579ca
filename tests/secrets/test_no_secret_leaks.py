"""Markers are planted wherever a secret can be; then everything that was written is searched for them."""

from __future__ import annotations

import io
import os
import secrets
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elysium.cli.main import main
from tests.secrets.encryption import AgeKey
from tests.secrets.places import needles, plant

SOURCE = Path(__file__).resolve().parents[2] / "src"
COMMANDS = (
    ["check"],
    ["check", "-o", "json", "--profile", "strict"],
    ["render"],
    ["render", "-o", "json"],
    ["render", "-o", "name"],
    ["render", "--unit", "hr/flux-system/web"],
    ["graph"],
    ["graph", "-o", "json"],
    ["graph", "-o", "dot"],
    ["graph", "-o", "mermaid"],
)
EXPLAINED = (
    "Secret/flux-system/string",
    "Secret/flux-system/values",
    "ConfigMap/flux-system/sops",
    "Deployment/flux-system/web",
    "ConfigMap/flux-system/web",
    "ConfigMap/web/keyed",
    "hr/flux-system/web",
    "hr/flux-system/inline",
)
_LETTERS = string.ascii_letters + string.digits


def simple() -> str:
    return "m" + "".join(secrets.choice(_LETTERS) for _ in range(15))


def awkward() -> str:
    return f"{simple()}\"'\\<{simple()}>&é$%{simple()}"


class Surroundings:
    """A repository, a cache and a key."""

    def __init__(self, directory: Path) -> None:
        self.root = directory
        self.repository = directory / "repository"
        self.repository.mkdir()
        self.key = AgeKey()
        self.environment = {
            "ELYSIUM_CACHE": str(directory / "cache"),
            "SOPS_AGE_KEY": self.key.text,
            "HOME": str(directory),
            "ELYSIUM_DEBUG": "1",
        }

    def written(self) -> dict[str, bytes]:
        """Everything in files outside the repository."""
        files = [path for name in ("cache", "out") for path in (self.root / name).rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in files}


def assert_absent(planted: Mapping[str, str], texts: Mapping[str, bytes]) -> None:
    found = [
        f"{place} in {where}: …{data[max(0, data.index(needle) - 60) : data.index(needle) + len(needle) + 20]!r}"
        for place, value in planted.items()
        for needle in set(needles(value))
        for where, data in texts.items()
        if needle in data
    ]
    assert not found, "\n".join(found[:12])


def run(around: Surroundings, arguments: Iterable[str], monkeypatch: pytest.MonkeyPatch, code: int | None = None) -> bytes:
    """Both streams of one command line, inside this process."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with monkeypatch.context() as patched, redirect_stderr(err):
        for name, value in around.environment.items():
            patched.setenv(name, value)
        patched.setattr(sys, "stdout", out)
        found = main(list(arguments))
    out.flush()
    said = out.buffer.getvalue() + err.getvalue().encode()
    assert found in ((0, 1) if code is None else (code,)), said.decode()
    assert b"Traceback" not in said, said.decode()
    return said


@pytest.mark.parametrize("make", [simple, awkward])
def test_no_command_writes_a_secret(make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    around = Surroundings(tmp_path)
    planted = plant(around.repository, around.key, [simple() if index == 8 else make() for index in range(40)])
    planted["the age key"] = around.key.text
    said = {}
    for turn in ("cold", "warm"):
        for command in COMMANDS:
            said[f"{turn} {' '.join(command)}"] = run(around, [*command[:1], str(around.repository), *command[1:]], monkeypatch)
        out = ["render", str(around.repository), "--output-dir", str(tmp_path / "out")]
        said[f"{turn} to files"] = run(around, out, monkeypatch)
        for subject in EXPLAINED:
            for form in ("text", "json"):
                arguments = ["explain", subject, str(around.repository), "-o", form]
                said[f"{turn} explain {subject} {form}"] = run(around, arguments, monkeypatch, 0)
        assert_absent(planted, said)
        assert_absent(planted, around.written())
