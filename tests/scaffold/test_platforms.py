"""Fission and Coder: every option alone passes the strict check, and what they rely on is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scaffold.harness import assert_clean, run, scaffold

CODER = "infrastructure/controllers/coder"
FISSION = "infrastructure/configs/fission"
CASES = {
    "coder": [
        "",
        "--expose traefik",
        "--expose tailscale",
        "--expose traefik --host dev.example.com --issuer letsencrypt-staging --ingress-namespaces traefik",
        "--database elsewhere",
        "--storage 2Gi --memory-limit 2Gi",
        "--monitoring true",
        "--monitoring true --alerts false --database elsewhere",
    ],
    "fission": [
        "",
        "--expose traefik",
        "--expose tailscale",
        "--expose traefik --host f.example.com --issuer letsencrypt-staging",
        "--functions-namespace jobs --storage 1Gi",
        "--monitoring true --functions-namespace jobs",
        "--monitoring true --alerts false",
    ],
}


@pytest.mark.parametrize(("name", "options"), [(name, options) for name, every in CASES.items() for options in every])
def test_every_option_alone_passes_the_strict_check(name: str, options: str, repository: Path) -> None:
    assert_clean(scaffold(repository, f"new infra {name} {options} --with-needs"))


def test_both_pass_with_what_runs_on_them(repository: Path) -> None:
    root = scaffold(
        repository,
        "new infra kube-prometheus-stack",
        "new infra fission --with-needs --expose traefik",
        "new infra coder --with-needs",
        "new function hello",
        "new coder-template dev",
    )
    assert run(root, "ci gen --yes")[0] == 0
    assert_clean(root)


def test_the_kinds_of_fission_come_before_its_chart(repository: Path) -> None:
    root = scaffold(repository, "new infra fission --with-needs")
    kinds = (root / "infrastructure/controllers/fission/crds.yaml").read_text(encoding="utf-8")
    release = (root / FISSION / "release.yaml").read_text(encoding="utf-8")
    assert "tag: v1.27.0" in kinds
    assert "version: 1.27.0" in release
    assert "mode: none" in release


def test_the_database_of_coder_is_known_by_its_address_and_never_in_plaintext(repository: Path) -> None:
    root = scaffold(repository, "new infra coder --with-needs")
    sealed = (root / CODER / "coder-database-sealed-secret.yaml").read_text(encoding="utf-8")
    assert "password: Ag" in sealed
    assert "url: Ag" in sealed
    assert all("postgres://" not in file.read_text(encoding="utf-8") for file in root.rglob("*.yaml"))


def test_a_database_elsewhere_is_asked_for(repository: Path) -> None:
    scaffold(repository)
    code, out, _ = run(repository, "new infra coder --database elsewhere --with-needs --yes")
    assert code == 0
    assert f"--from-stdin url --into {CODER}/coder-database-sealed-secret.yaml" in out
    assert not (repository / CODER / "database.yaml").exists()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("infra fission --functions-namespace fission", "functions do not run beside what has rights"),
        ("infra fission --host a.example.com", "has a meaning only where expose == 'traefik'"),
        ("infra coder --database elsewhere --storage 1Gi", "has a meaning only where database == 'own'"),
        ("infra coder --memory-limit much", "allowed is an amount such as 500m, 2 or 10Gi"),
        ("infra fission", "needs what nothing in this repository offers: cluster-issuer/self-signed"),
    ],
)
def test_what_cannot_be_is_refused(command: str, says: str, repository: Path) -> None:
    scaffold(repository)
    code, out, err = run(repository, f"new {command} --yes")
    assert (code, out) == (2, "")
    assert says in err
