"""What Flux reads as a variable, against the engine's own substitution."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.check.flux.substitution import is_valid_name, malformed
from tests.repositories import CLUSTER, kustomization, write_repository

READABLE = [
    "${A}",
    "$A",
    "$(A)",
    "$ {A}",
    "$${A.B}",
    "$$${A}",
    "${A:-d}",
    "${A=d}",
    "${A:=d}",
    "${A:0:2}",
    "${A##*/}",
    "${A%.txt}",
    "${A//a/b}",
    "${#A}",
    "${A,,}",
    "${A:-${A}}",
]
UNREADABLE = ["${A[@]}", "${A.B}", "${A-B}", "${a b}", "${!A}", "${@}", "${}", "${A+x}", "${A?x}"]


def fails(root: Path, text: str) -> bool:
    """Whether the engine, that is Flux's library, refuses the text."""
    variables = "postBuild: {substitute: {A: val, a: val}}\n"
    script = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: script, namespace: web}\ndata:\n  text: |\n    "
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps", variables),
        "apps/script.yaml": script + text + "\n",
    }
    with Workspace(write_repository(root, files), options=Options(workers=1)) as workspace:
        return any(unit.failure for unit in workspace.render().units)


@pytest.mark.parametrize("text", READABLE)
def test_what_flux_reads_is_not_called_malformed(repository: Path, text: str) -> None:
    assert not fails(repository, text)
    assert malformed(f"first\n{text}\n") == 0


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_flux_cannot_read_is_found_at_its_line(repository: Path, text: str) -> None:
    assert fails(repository, text)
    assert malformed(f"first\n{text}\n") == 2


@pytest.mark.parametrize(
    ("name", "valid"), [("A", True), ("_a1", True), ("1a", False), ("a-b", False), ("a.b", False), ("", False)]
)
def test_names_of_variables(name: str, valid: bool) -> None:
    assert is_valid_name(name) is valid
