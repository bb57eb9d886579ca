"""Images: every language with every option passes the strict check and the linters, and starts as its page says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from elysium.check.files.dockerfile import Dockerfile, Instruction, parse
from tests import programs
from tests.gitting import commit
from tests.scaffold.harness import assert_clean, findings, run, scaffold, told

LANGUAGES = ("python", "node-static", "node-server", "flutter-web", "go", "java")
STATIC = ("node-static", "flutter-web")
TOOL = {
    "python": ("poetry", "uv"),
    "node-static": ("npm", "pnpm", "yarn"),
    "node-server": ("npm", "pnpm", "yarn"),
    "java": ("maven", "gradle"),
}
VERSIONS = {
    "python": ("3.11", "3.12", "3.13", "3.14"),
    "node-static": ("22", "24", "26"),
    "node-server": ("22", "24", "26"),
    "flutter-web": ("3.44.0",),
    "go": ("1.25", "1.26"),
    "java": ("21", "25"),
}
DIGEST = "sha256:" + "0123456789abcdef" * 4
ODD = "a $HOME `id` \"q\" 'w' }x\\n"
"""Signs that a shell, a Dockerfile and JavaScript read otherwise."""


def options(language: str) -> list[str]:
    """Every option alone, with the options that it needs."""
    found = [
        "",
        *(f"--tool {tool}" for tool in TOOL.get(language, ())),
        *(f"--tool {tool} --packages packages/shared,libs/ui" for tool in TOOL.get(language, ("",)) if tool),
        *(f"--version {version}" for version in VERSIONS[language]),
        "--path services/backend",
        "--placement central",
        "--placement central --path apps/site --packages packages/ui_kit",
        "--context repository",
        f"--base registry.example.com/base/run:1.2.3@{DIGEST}",
        f"--builder registry.example.com/base/build:1.2.3@{DIGEST}",
        f"--version 9.9 --base registry.example.com/run:9@{DIGEST} --builder registry.example.com/build:9@{DIGEST}",
        "--port 9000",
        "--health-path /healthz",
        "--user 65532",
        "--umask 077",
        f"--variables {shlex.quote('API_URL=https://api.example.com/v1?a=b,TITLE=' + ODD)}",
        "--build-arguments 'API_URL=https://api.example.com,GREETING=hello world'",
        "--registry localhost:5001/yab",
        "--maximum-size 500",
    ]
    if language not in STATIC:
        found += ["--secrets DATABASE_URL,REDIS_URL", "--secrets ''", "--migrations 'bin/migrate,up'"]
    if language == "python":
        found += ["--main shop.asgi:application", "--workers 4"]
    if language in ("node-server", "go"):
        found += ["--main cmd/server"]
    if language == "flutter-web":
        found += ["--environments local,staging,prod"]
    if language not in ("python", "go"):
        found += ["--built out/site"]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_alone(language: str, repository: Path) -> None:
    """A repository with an image for each option, i0, i1, …: all in one test, because writing them takes longest."""
    asked = options(language)
    commands = [f"new image i{number} --lang {language} {option}" for number, option in enumerate(asked)]
    scaffold(repository, *commands, "new infra make")

    assert_clean(repository)
    assert_linters_find_nothing(repository)
    for path in sorted(repository.rglob("Dockerfile")):
        assert_follows_the_rules(parse(path.read_text()), str(path), language)
    assert_targets_print_their_commands(repository, [f"i{number}" for number in range(len(asked))])


def assert_linters_find_nothing(root: Path) -> None:
    files = [str(path) for path in sorted(root.rglob("Dockerfile"))]
    scripts = [str(path) for path in sorted(root.rglob("entrypoint.sh"))]

    assert len(files) > 10
    for ended in (programs.run(root, "hadolint", *files), programs.run(root, "shellcheck", *scripts)):
        assert ended.returncode == 0, ended.stdout + ended.stderr
    assert all(os.access(script, os.X_OK) for script in scripts)


def assert_follows_the_rules(file: Dockerfile, path: str, language: str) -> None:
    final = {item.keyword: item for item in file.final}
    user = final["USER"].value.partition(":")[0]
    assert len(file.stages) == 2, path
    assert all("@sha256:" in file.image_of(stage) for stage in file.stages), path
    assert user.isdigit() and user != "0", path
    assert final["WORKDIR"].value == "/app", path
    assert final["ENTRYPOINT"].exec_form, path
    assert not {"HEALTHCHECK", "ADD"} & {item.keyword for item in file.instructions}, path
    assert any(word.startswith("UMASK=") for item in file.final if item.keyword == "ENV" for word in item.words), path
    assert not [item for item in file.final if item.keyword == "RUN"], path
    assert _dependencies_come_first(file), path
    assert language == "java" or _locked(file), path


def _dependencies_come_first(file: Dockerfile) -> bool:
    steps = [item for item in file.stages[0].instructions if item.keyword in ("COPY", "RUN")]
    installs = [
        number for number, item in enumerate(steps) if item.keyword == "RUN" and "type=cache" in str(item.flags)
    ]
    source = [number for number, item in enumerate(steps) if item.keyword == "COPY" and _of_the_source(item)]
    return bool(installs) and installs[0] < source[-1]


def _of_the_source(item: Instruction) -> bool:
    return not item.flag("from") and item.words[0].endswith(("/", "src"))


def _locked(file: Dockerfile) -> bool:
    names = ("poetry.lock", "uv.lock", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "go.sum", "pubspec.lock")
    copied = [word for item in file.stages[0].instructions if item.keyword == "COPY" for word in item.words]
    return any(word.endswith(names) for word in copied)


def assert_targets_print_their_commands(root: Path, names: list[str]) -> None:
    targets = [f"{verb}-{name}" for name in names for verb in ("build", "push", "run", "scan", "size")]

    out = make(root, "-n", "GIT_SHA=0123abc", "VERSION=v1.2.3", *targets)
    edge = make(root, "-n", "GIT_SHA=0123abc", "build-i0", "push-i0")

    assert out.count("docker build --file") == len(names)
    assert "--tag ghcr.io/yourorg/i0:sha-0123abc --tag ghcr.io/yourorg/i0:1.2.3" in out
    assert "for tag in sha-0123abc edge; do docker push ghcr.io/yourorg/i0:$tag" in edge
    assert "--tag localhost:5001/yab/" in out


def make(root: Path, *arguments: str) -> str:
    ended = programs.run(root, "make", *arguments)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_a_tag_never_lies(repository: Path) -> None:
    scaffold(repository, "new image api --lang go", "new infra make")
    assert "sha-uncommitted" in make(repository, "-n", "build-api")
    commit(repository)
    clean = make(repository, "-n", "build-api")
    (repository / "README.md").write_text("changed\n")
    changed = make(repository, "-n", "build-api")

    assert re.search(r"sha-[0-9a-f]{40} ", clean)
    assert re.search(r"sha-[0-9a-f]{40}-dirty ", changed)
    refused = programs.run(repository, "make", "-o", "build-api", "push-api")
    assert refused.returncode != 0
    assert "commit first" in refused.stderr


def test_arguments_of_the_build_come_from_make(repository: Path) -> None:
    scaffold(repository, "new image web --lang flutter-web --build-arguments API_URL=https://a.example.com")

    out = make(
        repository, "-n", "-f", "make/image-web.mk", "build-web", "ENVIRONMENT=prod", "API_URL=https://b.example.com"
    )

    assert "--build-arg 'API_URL=https://b.example.com'" in out
    assert "--build-arg ENVIRONMENT=prod" in out
    assert json.loads((repository / "packages/web/config/prod.json").read_text()) == {
        "API_URL": "https://a.example.com",
        "ENVIRONMENT": "prod",
    }


FINAL = "EXPOSE 8000\n"
MISTAKES = [
    ("dockerfile-single-stage", "\n\nFROM ", "\n\n# FROM "),
    ("dockerfile-multi-stage", FINAL, "RUN apt-get install -y gcc\n"),
    ("dockerfile-multi-stage", FINAL, "RUN pip install --no-cache-dir poetry==2.5.1\n"),
    ("dockerfile-cache", FINAL, "RUN pip install gunicorn\n"),
    ("dockerfile-root", "USER 10001:10001", "USER root"),
    ("dockerfile-root", "USER 10001:10001", "USER app"),
    ("dockerfile-workdir", "\nWORKDIR /app\n", "\n"),
    ("dockerfile-lock-files", "COPY pyproject.toml poetry.lock ./", "COPY . ."),
    ("dockerfile-umask", "UMASK=0027", "OTHER=0027"),
    ("dockerfile-digest", "@sha256:", "-bookworm # "),
    ("dockerfile-latest", ":3.13-slim@sha256:", ":latest # "),
    ("dockerfile-secret", FINAL, "ENV API_TOKEN=tq8Zk1Lw0d\n"),
    ("dockerfile-secret", FINAL, "COPY .env ./\n"),
    ("dockerfile-healthcheck", FINAL, "HEALTHCHECK CMD curl http://localhost:8000/health/\n"),
    ("dockerfile-shell-form", 'ENTRYPOINT ["/entrypoint.sh"]', "ENTRYPOINT /entrypoint.sh"),
    ("dockerfile-remote-add", FINAL, "ADD https://example.com/model.bin ./\n"),
]


@pytest.mark.parametrize(("rule", "old", "new"), MISTAKES)
def test_a_dockerfile_that_breaks_a_rule_fails_by_its_name(rule: str, old: str, new: str, repository: Path) -> None:
    run(repository, "new image api --lang python --yes")
    path = repository / "packages/api/Dockerfile"
    before = path.read_text()
    assert _names_of_rules(repository) == set()

    path.write_text(before.replace(old, new))

    assert before != path.read_text()
    assert rule in _names_of_rules(repository)


def _names_of_rules(root: Path) -> set[str]:
    """The rules that a Dockerfile, checked alone, breaks."""
    code, out, err = run(root, "check packages/api/Dockerfile --profile strict -o json")
    assert code in (0, 1), err
    return {item["rule"] for item in json.loads(out)["findings"]}


@pytest.mark.parametrize(
    ("rule", "file", "old", "new"),
    [
        ("dockerignore", ".dockerignore", "env", "other"),
        ("dockerignore-incomplete", ".dockerignore", "**/node_modules\n", ""),
        ("nginx-configuration", "nginx.conf", "server_tokens off;", ""),
        ("nginx-configuration", "nginx.conf", "try_files $uri $uri/ /index.html;", ""),
        ("nginx-configuration", "nginx.conf", "include /tmp/nginx/listen.conf;", "listen 80;"),
    ],
)
def test_a_file_beside_it_that_breaks_a_rule_fails_by_its_name(
    rule: str, file: str, old: str, new: str, repository: Path
) -> None:
    scaffold(repository, "new image web --lang node-static")
    folder = repository / "packages/web"
    (folder / "package.json").write_text("{}\n")
    (folder / ".env").write_text("LEVEL=info\n")
    assert_clean(repository)

    text = (folder / file).read_text()
    (folder / file).write_text(text.replace(old, new))

    assert old in text
    assert rule in {item.rule for item in findings(repository)}


def test_the_size_is_recorded_and_compared(repository: Path) -> None:
    scaffold(repository, "new image api --lang go --maximum-size 60")
    docker = repository / "docker.sh"
    docker.write_text("#!/bin/sh\necho 52428800\n")
    docker.chmod(0o755)
    known = ["-f", "make/image-api.mk", "GIT_SHA=0123abc", "-o", "build-api", f"DOCKER={docker}"]

    make(repository, *known, "record-size-api")
    compared = make(repository, *known, "size-api")
    docker.write_text("#!/bin/sh\necho 104857600\n")
    larger = subprocess.run(["make", *known, "size-api"], cwd=repository, capture_output=True, text=True, check=False)

    assert (repository / "docker/sizes/api.txt").read_text() == "52428800\n"
    assert "api: 52428800 bytes, recorded are 52428800, allowed 62914560" in compared
    assert larger.returncode != 0
    assert "api: 104857600 bytes, recorded are 52428800" in larger.stdout


PAIR = (
    "new image api --lang python --variables GREETING=hello --secrets DATABASE_URL,REDIS_URL",
    "new chart api --config GREETING=hello,GUNICORN_WORKERS=2 --secrets DATABASE_URL,REDIS_URL",
)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("charts/api/values.yaml", "GREETING", "GREETNG", "GREETNG is set for the image api"),
        ("packages/api/entrypoint.sh", "REDIS_URL", "REDIS_ADDRESS", "the chart charts/api does not name it"),
        ("packages/api/entrypoint.sh", "REDIS_URL", "REDIS_ADDRESS", "IMAGE.md does not name REDIS_ADDRESS"),
        ("packages/api/entrypoint.sh", "REDIS_URL", "REDIS_ADDRESS", "nothing reads REDIS_URL"),
        ("packages/api/IMAGE.md", "GUNICORN_WORKERS", "GUNICORN_WORKER", "nothing reads GUNICORN_WORKER:"),
        ("charts/api/README.md", "DATABASE_URL", "DATABASE_URI", "without DATABASE_URL this stops"),
    ],
)
def test_variables_agree_and_a_name_that_differs_is_found(
    file: str, old: str, new: str, message: str, repository: Path
) -> None:
    assert_clean(scaffold(repository, *PAIR))

    path = repository / file
    path.write_text(path.read_text().replace(old, new))

    found = [item for item in findings(repository) if item.rule == "image-variables"]
    assert any(message in item.message for item in found), told(found)


def started(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The entrypoint of packages/app, with programs of our own in place of servers: they print their arguments."""
    servers = root / "programs"
    servers.mkdir(exist_ok=True)
    for name in ("gunicorn", "node", "java", "nginx"):
        (servers / name).write_text('#!/bin/sh\nprintf "%s\\n" "$0" "$@" "PORT=${PORT:-}" "SERVER=${SERVER_PORT:-}"\n')
        (servers / name).chmod(0o755)
    script = root / "packages/app/entrypoint.sh"
    script.write_text(script.read_text().replace("/tmp/nginx", str(root / "written")).replace("/app/", f"{servers}/"))
    environment = {"PATH": f"{servers}:{os.environ['PATH']}", **variables}
    return programs.run(root, script, *arguments, environment=environment)


def test_the_entrypoint_asks_for_what_it_needs(repository: Path) -> None:
    scaffold(repository, f"new image app --lang python --variables {shlex.quote('TITLE=' + ODD)}")

    without = started(repository)
    other = started(repository, "sh", "-c", 'umask; printf "%s" "$TITLE"', DATABASE_URL="x")
    given = started(repository, "sh", "-c", 'umask; printf "%s" "$TITLE"', DATABASE_URL="x", TITLE="y", UMASK="077")

    assert without.returncode == 2
    assert "DATABASE_URL: is not set" in without.stderr
    assert other.stdout == f"0027\n{ODD}"
    assert given.stdout == "0077\ny"


def test_gunicorn_gets_the_workers_of_the_container(repository: Path) -> None:
    scaffold(repository, "new image app --lang python --main shop:app --port 9000")

    computed = started(repository, DATABASE_URL="x").stdout.splitlines()
    told = started(repository, DATABASE_URL="x", GUNICORN_WORKERS="7", GUNICORN_BIND="[::]:80").stdout.splitlines()

    assert int(computed[computed.index("--workers") + 1]) >= 3
    assert computed[computed.index("--bind") + 1] == "0.0.0.0:9000"
    assert computed[1] == "shop:app"
    assert (told[told.index("--workers") + 1], told[told.index("--bind") + 1]) == ("7", "[::]:80")


@pytest.mark.parametrize("language", ["node-server", "java"])
def test_the_port_can_be_changed(language: str, repository: Path) -> None:
    scaffold(repository, f"new image app --lang {language} --secrets ''")
    name = "SERVER" if language == "java" else "PORT"

    assert f"{name}=8000" in started(repository).stdout.splitlines()
    assert f"{name}=9000" in started(repository, PORT="9000").stdout.splitlines()


def test_pages_get_their_variables_as_config_js(repository: Path) -> None:
    answers = shlex.quote("API_URL=https://api.example.com/v1?a=1&b=2,TITLE=" + ODD)
    scaffold(repository, f"new image app --lang node-static --variables {answers}")

    assert config(repository) == {"API_URL": "https://api.example.com/v1?a=1&b=2", "TITLE": ODD}
    assert config(repository, TITLE='two\nlines "x"')["TITLE"] == 'two\nlines "x"'
    assert (repository / "written/listen.conf").read_text() == "listen 8080;\n"


def config(root: Path, **variables: str) -> dict[str, str]:
    """What config.js holds."""
    ended = started(root, **variables)
    assert ended.returncode == 0, ended.stderr
    text = (root / "written/config.js").read_text()
    body = text.removeprefix("globalThis.APP_CONFIG = Object.freeze(").strip().removesuffix(");")
    found: dict[str, str] = json.loads(
        re.sub(r"^  (\w+):", r'  "\1":', body, flags=re.MULTILINE).replace(",\n}", "\n}")
    )
    return found


def test_two_images_with_pages_share_one_configuration(repository: Path) -> None:
    assert_clean(
        scaffold(
            repository,
            "new image shop --lang flutter-web --placement central --packages packages/ui_kit",
            "new image admin --lang flutter-web --placement central --port 9000",
        )
    )

    assert len(list(repository.rglob("nginx.conf"))) == 1
    ignored = (repository / "docker/shop/Dockerfile.dockerignore").read_text()
    assert "\n*\n!packages/shop\n!packages/ui_kit\n" in ignored
    assert "\n!docker/nginx/nginx.conf\n" in ignored


def test_a_second_run_changes_nothing(repository: Path) -> None:
    scaffold(repository, "new image api --lang python")

    code, out, _ = run(repository, "new image api --lang python --yes -o json")

    assert code == 0
    assert {file["action"] for file in json.loads(out)["files"]} == {"keep"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "lang"),
        ("--lang rust", "lang 'rust': allowed is one of python, node-static"),
        ("--lang python --tool npm", "tool 'npm': npm installs nothing for python (poetry or uv for python"),
        ("--lang go --tool npm", "tool 'npm': has a meaning only where lang in"),
        ("--lang python --version 2.7", "version '2.7': no base is known for python 2.7"),
        ("--lang python --version x", "version 'x': allowed is a version"),
        ("--lang java --version 17", "version '17': no base is known for java 17"),
        (f"--lang node-server --version 9 --base docker.io/a/b@{DIGEST}", "no base is known for node-server 9"),
        ("--lang go --base docker.io/library/alpine:latest", "allowed is an image with a tag that is not latest"),
        ("--lang go --port 80", "port '80': a process that is not root cannot listen below 1024"),
        ("--lang go --user 0", "user '0': allowed is a whole number from 1"),
        ("--lang go --user app", "user 'app': allowed is a whole number"),
        ("--lang go --umask 0999", "umask '0999': a umask has three or four digits from 0 to 7"),
        ("--lang go --health-path healthz", "health-path 'healthz': a path begins with a slash"),
        ("--lang go --placement central --context package", "context 'package': a Dockerfile in docker/api is outside"),
        ("--lang python --packages libs/x --context package", "context 'package': libs/x is outside of packages/api"),
        ("--lang go --placement elsewhere", "placement 'elsewhere': allowed is one of colocate, central"),
        ("--lang go --path ../elsewhere", "path '../elsewhere': allowed is a path inside the repository"),
        ("--lang go --registry https://ghcr.io/me", "registry 'https://ghcr.io/me': is a host and a path"),
        ("--lang go --registry ghcr.io/Me", "registry 'ghcr.io/Me': is a host and a path in lower case"),
        ("--lang go --variables API_PASSWORD=x", "a password, token or key would be readable in the image"),
        ("--lang go --variables A-B=x", "a name of a variable has letters, digits and underscores only"),
        ("--lang go --secrets 'DATABASE URL'", "a name of a variable has letters, digits and underscores only"),
        ("--lang go --build-arguments NPM_TOKEN=x", "a password, token or key would be readable in the image"),
        ("--lang node-static --secrets TOKEN", "secrets 'TOKEN': has a meaning only where lang not in"),
        ("--lang node-static --migrations x", "migrations 'x': has a meaning only where lang not in"),
        ("--lang go --workers 2", "workers '2': has a meaning only where lang == 'python'"),
        ("--lang python --workers 65", "workers '65': allowed is a whole number from 0 to 64"),
        ("--lang python --main app", "main 'app': is a module and its application"),
        ("--lang go --main 'a b'", "main 'a b': is a module"),
        ("--lang go --environments local", "environments 'local': has a meaning only where lang == 'flutter-web'"),
        ("--lang go --maximum-size 0", "maximum-size '0': allowed is a whole number from 1"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_written(arguments: str, says: str, repository: Path) -> None:
    code, _, err = run(repository, f"new image api {arguments} --yes")

    assert code == 2, err
    assert says in " ".join(err.split())
    assert not list(repository.iterdir())
