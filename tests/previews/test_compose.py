"""A compose file against the preview."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.previews import compose_services
from tests.previews.platforms import FULL, platform, preview
from tests.repositories import write_repository

COMPOSE = """
services:
  web:
    build: .
    ports: ["4000:8080"]
    environment:
      LOG_LEVEL: info
      DATABASE_URL: postgresql://app:app@db/app
    depends_on: [db, store]
  db:
    image: postgres:17
    ports: ["127.0.0.1:5432:5432/tcp"]
    environment: [POSTGRES_USER=app, POSTGRES_PASSWORD=app]
    volumes: ["db-data:/var/lib/postgresql/data"]
  store:
    image: minio/minio
    expose: [9000]
    volumes:
      - {type: volume, source: store-data, target: /data}
volumes: {db-data: {}, store-data: {}}
"""


def compared(root: Path, text: str) -> tuple[int, list[tuple[str, str, str]]]:
    write_repository(root, {"docker-compose.yml": text})
    code, out, _ = preview(root, "render 123 --compare docker-compose.yml -o json")
    return code, sorted((item["service"], item["about"], item["message"]) for item in json.loads(out)["differences"])


def test_a_preview_that_is_like_its_compose_file(repository: Path) -> None:
    root = platform(repository)
    assert compared(root, COMPOSE) == (0, [])
    code, out, _ = preview(root, "render 123 --compare docker-compose.yml")
    assert (code, out) == (0, "✓ the preview has everything of docker-compose.yml\n")


def test_what_the_preview_lacks_is_named(repository: Path) -> None:
    text = COMPOSE.replace('"4000:8080"', '"4000:4000"').replace("expose: [9000]", "expose: [9000, 9001]")
    text = text.replace("LOG_LEVEL: info", "MAIL_HOST: mail").replace("/postgresql/data", "/postgresql")
    text = text.replace(
        "services:", "services:\n  mail:\n    image: axllent/mailpit:v1.20.0\n    volumes: [./mail:/mail]"
    )
    code, differences = compared(platform(repository), text)
    assert code == 1
    assert differences == [
        ("db", "volume", "StatefulSet/pr-123/postgres keeps nothing at /var/lib/postgresql"),
        ("mail", "service", "no workload of the preview is like it (axllent/mailpit:v1.20.0)"),
        ("store", "port", "StatefulSet/pr-123/minio does not listen on 9001"),
        ("web", "port", "Deployment/pr-123/app does not listen on 4000"),
        ("web", "variable", "Deployment/pr-123/app is not given MAIL_HOST"),
    ]


def test_the_documentation_names_the_compose_file(repository: Path) -> None:
    root = platform(repository, *FULL, "compose-file=deploy/docker-compose.yml")
    assert "--compare deploy/docker-compose.yml" in (root / "docs/preview-environments.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", [None, [], {"services": []}, {"services": {"a": 1, "b": {"ports": [None, {}]}}}])
def test_odd_compose_files_stop_nothing(document: object) -> None:
    for service in compose_services(document):
        assert service.ports == ()


def test_a_file_without_services_is_named(repository: Path) -> None:
    root = platform(repository)
    write_repository(root, {"docker-compose.yml": "volumes: {}\n"})
    code, _, err = preview(root, "render 1 --compare docker-compose.yml")
    assert code == 2
    assert "there are no services in it" in err
