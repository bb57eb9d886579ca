"""Whole requirements about files: a good repository, broken in every way that the row names."""

from __future__ import annotations

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from elysium.cli.main import main
from tests.check.applications import application, findings
from tests.repositories import CLUSTER, config_map, write_repository


def places(root: Path, *rules: str) -> set[tuple[str, str, int]]:
    return {(finding.rule, finding.file, finding.line) for finding in findings(root, *rules)}


def line_of(root: Path, file: str, part: str) -> int:
    lines = (root / file).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


# 1.4e

CERTIFICATE = "etc/certs/pub-sealed-secrets.pem"


def certificate(key: rsa.RSAPrivateKey, begins: int, ends: int) -> str:
    """Valid from `begins` to `ends`, in days from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sealed-secrets")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


def test_the_sealing_certificate_has_size_validity_and_age(repository: Path) -> None:
    strong, weak = (rsa.generate_private_key(65537, bits) for bits in (4096, 1024))
    application(repository, config_map("settings", "home", "{a: b}"))
    wanted = (
        (certificate(strong, -1, 3650), ""),
        (certificate(weak, -1, 3650), "1024 bits"),
        (certificate(strong, -900, -1), "expired"),
        (certificate(strong, -60, 3650), "days old"),
        ("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n", "not a certificate"),
    )
    for text, message in wanted:
        write_repository(repository, {CERTIFICATE: text})
        found = findings(repository, "sealing-certificate")
        assert [message in finding.message for finding in found] == ([True] if message else [])
        assert {finding.file for finding in found} <= {CERTIFICATE}


# 1.22, X.2

GUIDE = """
    # Guide

    Applications are listed in `apps/app.yaml` and synced by `clusters/test/apps.yaml`. Search for `app.yaml`.

    Flux deploys within 60 minutes after a push.
"""


def test_critical_references_in_documents_stay_valid(repository: Path) -> None:
    application(repository, config_map("settings", "home", "{a: b}"))
    write_repository(repository, {"docs/guide.md": GUIDE})
    assert findings(repository, "documentation-reference") == []
    write_repository(repository, {"docs/guide.md": GUIDE.replace("apps/app.yaml", "apps/application.yaml")})
    assert places(repository, "documentation-reference") == {("documentation-reference", "docs/guide.md", 3)}
    write_repository(
        repository, {"docs/guide.md": GUIDE.replace("Search for `app.yaml`", "Search for `application.yaml`")}
    )
    assert places(repository, "documentation-reference") == {("documentation-reference", "docs/guide.md", 3)}
    assert main(["check", str(repository), "--rules", "documentation-reference", "--fail-on", "warning"]) == 1


def test_a_promised_delay_shorter_than_the_interval_is_named_with_both_places(repository: Path) -> None:
    application(repository, config_map("settings", "home", "{a: b}"))
    write_repository(repository, {"docs/guide.md": GUIDE})
    assert findings(repository, "documented-interval") == []
    write_repository(repository, {"docs/guide.md": GUIDE.replace("60 minutes", "5 minutes")})
    (found,) = findings(repository, "documented-interval")
    source = f"{CLUSTER}/flux-system/gotk-sync.yaml"
    assert (found.file, found.line) == ("docs/guide.md", 5)
    assert f"{source}:{line_of(repository, source, 'interval')}" in found.message


# 3.0.5b

DOCKERFILE = """
    FROM python:3.11 AS build
    WORKDIR /app
    COPY pyproject.toml poetry.lock ./
    RUN pip install --no-cache-dir poetry==2.2.1 && poetry install --no-root
    COPY . .

    FROM python:3.11-slim
    WORKDIR /app
    COPY --from=build /app /app
    COPY entrypoint.sh ./
    ENV UMASK=0027
    USER 1000
    ENTRYPOINT ["/app/entrypoint.sh"]
"""
ENTRYPOINT = '#!/bin/sh\numask "$UMASK"\nexec gunicorn -k uvicorn.workers.UvicornWorker app:app "$@"\n'
ONE_STAGE = """
    FROM python:3.11-slim
    WORKDIR /app
    COPY . .
    RUN apt-get update && apt-get install -y gcc && pip install poetry && poetry install
    HEALTHCHECK CMD curl -f http://localhost/
    CMD gunicorn app:app
"""


def test_each_rule_for_images_is_named_with_its_line(repository: Path) -> None:
    application(repository, config_map("settings", "home", "{a: b}"))
    files = {"poetry.lock": "", "pyproject.toml": "[project]\nname = 'app'\n", "entrypoint.sh": ENTRYPOINT}
    write_repository(repository, {"Dockerfile": DOCKERFILE, ".dockerignore": ".git\n.env\ntests\n", **files})
    rules = ("root", "multi-stage", "lock-files", "cache", "workdir", "healthcheck", "umask", "latest", "shell-form")
    names = tuple(f"dockerfile-{rule}" for rule in rules)
    assert findings(repository, *names) == []
    write_repository(repository, {"Dockerfile": ONE_STAGE})
    assert places(repository, *names) >= {
        ("dockerfile-lock-files", "Dockerfile", 3),
        ("dockerfile-cache", "Dockerfile", 4),
        ("dockerfile-healthcheck", "Dockerfile", 5),
        ("dockerfile-shell-form", "Dockerfile", 6),
    }
    found = {finding.rule for finding in findings(repository, *names)}
    assert found >= {"dockerfile-root", "dockerfile-multi-stage", "dockerfile-umask"}
    write_repository(repository, {"Dockerfile": ONE_STAGE.replace("WORKDIR /app\n", "").replace(":3.11-slim", "")})
    assert {"dockerfile-workdir", "dockerfile-latest"} <= {finding.rule for finding in findings(repository, *names)}


# X.8, X.24

AUTOMATION = """
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: images, namespace: flux-system}
spec:
  interval: 10m
  sourceRef: {kind: GitRepository, name: flux-system}
  git:
    checkout: {ref: {branch: main}}
    commit: {author: {email: flux@example.com}}
  update: {path: ./apps, strategy: Setters}
"""


def test_an_automation_that_pushes_to_a_protected_branch_is_named_with_both_places(repository: Path) -> None:
    application(repository, AUTOMATION)
    assert findings(repository, "automation-branch") == []
    write_repository(repository, {"docs/guide.md": "# Guide\n\nMind that branch protection is advised for main.\n"})
    (found,) = findings(repository, "automation-branch")
    assert (found.file, found.line) == ("apps/app.yaml", line_of(repository, "apps/app.yaml", "git:"))
    assert "commits straight to main" in found.message and "docs/guide.md:3" in found.message
    assert "spec.git.push.branch" in found.hint
    application(repository, AUTOMATION.replace("    commit:", "    push: {branch: flux/images}\n    commit:"))
    assert findings(repository, "automation-branch") == []


def test_a_tool_that_nobody_maintains_is_named_where_it_is_named(repository: Path) -> None:
    application(repository, config_map("settings", "home", "{a: b}"))
    write_repository(
        repository,
        {
            "docs/roadmap.md": "# Roadmap\n\nTemplate and validate (kubeval or conftest).\n",
            ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: helm template . | kubeval\n",
        },
    )
    rule = "unmaintained-tool"
    assert places(repository, rule) == {(rule, "docs/roadmap.md", 3), (rule, ".github/workflows/ci.yml", 5)}
    assert all("kubeconform" in finding.hint for finding in findings(repository, rule))


# X.11


def test_a_smoke_test_by_address_cannot_match_the_certificate(repository: Path) -> None:
    application(repository, config_map("settings", "home", "{a: b}"))
    rule = "host-header-over-tls"
    for address in ("https://203.0.113.10/health", "https://<haproxy-ip>", "https://$EDGE_IP/health"):
        text = f"# Smoke test\n\n```bash\ncurl -I {address} -H 'Host: pr-1.example.edu'\n```\n"
        write_repository(repository, {"docs/smoke.md": text})
        (found,) = findings(repository, rule)
        assert (found.file, found.line) == ("docs/smoke.md", 4)
        assert address.removesuffix("/health") in found.message and "Host: pr-1.example.edu" in found.message
        assert "--connect-to" in found.hint
    write_repository(repository, {"docs/smoke.md": "# Smoke test\n\n```bash\ncurl -I https://pr-1.example.edu\n```\n"})
    assert findings(repository, rule) == []


# X.3

KUBECONFIG = """
    apiVersion: v1
    kind: Config
    clusters: [{name: home, cluster: {server: "https://10.0.0.5:6443"}}]
    users: [{name: admin, user: {token: TOKEN}}]
"""


def test_a_kubeconfig_in_git_is_held_against_what_a_document_says(repository: Path) -> None:
    token = "kJ8s9dLm2PqX4vRt7wYz1bNc6hGf3aQe"
    application(repository, config_map("settings", "home", "{a: b}"))
    write_repository(repository, {"etc/kubeconfig": KUBECONFIG.replace("TOKEN", token)})
    (found,) = findings(repository, "plaintext-file")
    assert (found.file, "forbids" in found.message) == ("etc/kubeconfig", False)
    write_repository(repository, {"docs/rules.md": "# Rules\n\nNever commit plaintext secrets; seal them.\n"})
    (found,) = findings(repository, "plaintext-file")
    assert found.file == "etc/kubeconfig" and found.message.endswith("though docs/rules.md:3 forbids it")
    assert token not in found.message + found.hint
    assert main(["check", str(repository), "--rules", "plaintext-file"]) == 1
