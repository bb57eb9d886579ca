"""Which variables an image has, and that no file beside it stops a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.check.files.image_variables import table_of_variables
from elysium.model import Finding
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

RULES = ("image-variables", "nginx-configuration", "dockerignore", "dockerignore-incomplete", "dockerfile-single-stage")
DOCKERFILE = 'FROM scratch\nENV LEVEL=info OTHER=1\nCOPY run.sh /run.sh\nENTRYPOINT ["/bin/sh", "/run.sh"]\n'


def findings(root: Path, files: dict[str, str], *rules: str) -> list[Finding]:
    written = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/a.yaml": config_map("a", "b", "{c: d}")}
    write_repository(root, {**written, **files})
    with Workspace(root, options=Options(workers=1)) as workspace:
        return [item for item in workspace.check(rules=rules or RULES).findings if item.rule in RULES]


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ('echo "$NAME"', "NAME"),
        ('echo "${NAME}"', "NAME"),
        ('echo "${NAME:-default}"', "NAME"),
        (': "${NAME:?is missing}"', "NAME"),
        ('export NAME="${NAME:-default}"', "NAME"),
        ('NAME=$(date); echo "$NAME"', ""),
        ('for NAME in a b; do echo "$NAME"; done', ""),
        ("while read -r NAME; do echo $NAME; done", ""),
        ("awk '{ print $NAME }' file", ""),
        ("echo \"it's ${NAME:-x}, isn't it\"", "NAME"),
        ("# ${NAME}", ""),
        ('echo "$HOME $LEVEL $1 $name ${#}"', ""),
    ],
)
def test_what_a_script_reads(line: str, unknown: str, repository: Path) -> None:
    page = "| Variable |\n|---|\n| `LEVEL` |\n"
    script = f"#!/bin/sh\n{line}\n"

    found = findings(
        repository, {"api/Dockerfile": DOCKERFILE, "api/run.sh": script, "api/README.md": page}, "image-variables"
    )

    assert [item.message for item in found] == ([f"README.md does not name {unknown}"] if unknown else [])


def test_only_tables_of_variables_count() -> None:
    arguments = "| Argument |\n|---|\n| `A_B` |\n"
    variables = "| Environment variable | Default |\n|---|---|\n| `C_D` | 1 |\n| text | 2 |\n"

    found = table_of_variables("README.md", f"{arguments}\n{variables}\n| `E_F` |\n")

    assert [(item.name, item.line) for item in found] == [("C_D", 7)]


def test_files_that_nobody_would_write(repository: Path) -> None:
    odd = {
        "a/Dockerfile": "FROM\nCOPY\nCOPY a\nENTRYPOINT\nENV\nLABEL\nLABEL org.opencontainers.image.title=\n",
        "b/Dockerfile": 'FROM nginx\nCOPY ["a.conf", "b.conf", "run.sh", "/"]\nENTRYPOINT []\nCMD ["run.sh"]\n',
        "b/a.conf": "server\n{ listen 80; listen [::]:80; listen unix:/a; listen }",
        "b/b.conf": "\x00server {",
        "b/run.sh": "#!/bin/sh\n${\n${A:\n\"$ '\n${AB:?",
        "b/.dockerignore": "!\n\n[\n**/\n/\n",
        "b/README.md": "| variable\n| `A`\n|||\n",
        "charts/b/Chart.yaml": "[",
        "charts/b/values.yaml": "{image: {repository: [5]}, env: 5, config: [5, {name: {}}]}",
        "charts/c/Chart.yaml": "a: b",
        "charts/c/values.yaml": "image: b\nenv: [5, {name: 7}, {name: A_B}]\nconfig: {5: 6, C_D: []}\ncommand: {}\n",
        "charts/d/Chart.yaml": "a: b",
        "charts/d/values.yaml": "{{ not: yaml",
        "d/Dockerfile": "FROM a\nFROM 0\nCOPY --from=0 . .\nRUN npm run build\n",
    }

    found = findings(repository, odd)

    assert "a process that is not root cannot listen on 80 everywhere" in {item.message for item in found}
    assert {item.message for item in found if item.file == "charts/c/values.yaml"} == {
        "A_B is set for the image b, and nothing in it reads it",
        "C_D is set for the image b, and nothing in it reads it",
    }


def test_long_files_are_read_in_time(repository: Path) -> None:
    repeated = {
        "a/Dockerfile": 'FROM nginx AS b\nFROM nginx\nCOPY a.conf run.sh /\nCMD ["run.sh"]\n'
        f"RUN {'pip install npm install -g ./mvnw rm -rf ' * 5000}\n",
        "b/Dockerfile": f"FROM nginx\nRUN {'npm ci ./gradlew rm -rf ' * 5000}\n",
        "a/a.conf": f"server {{ {'try_files a error_page 404 listen ' * 5000}",
        "a/run.sh": "#!/bin/sh\n" + '\\"' * 50000 + "\n" + "read -a " * 20000 + "\n" + "'" * 50001,
        "a/README.md": "|" + "variable " * 20000 + "\n" + "| `A_B` |\n" * 5000,
    }

    findings(repository, repeated, *RULES, "dockerfile-cache", "dockerfile-multi-stage")
