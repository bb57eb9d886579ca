"""Values that `init`, `new` and `secrets` seal: in no file but sealed, in no output, no error, no argument."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from elysium.api.sealing_keys import sealing_key as prepared
from elysium.scaffold.editing import load_documents
from elysium.sealing.seal import label_of, unseal_value
from elysium.sealing.sealed import Scope
from tests.scaffold.harness import sealing_key
from tests.secrets.places import needles

SOURCE = Path(__file__).resolve().parents[2] / "src"
TOKEN = "tOkEnPlAiNtExT0123456789abcdefGHIJ"
TYPED = "tYpEdPlAiNtExT9876543210zyxwvuTSRQ"
HEAD = 'summary = "x"\nversion = "1"\n'
SECRET = """
[[files]]
path = "things/<%= name %>.txt"
template = "a.jinja"
[[secrets]]
path = "things/<%= name %>-sealed-secret.yaml"
name = "<%= name %>"
namespace = "web"
[[secrets.keys]]
key = "password"
generate = 40
[[secrets.keys]]
key = "token"
ask = "The token"
[[secrets.keys]]
key = "values.yaml"
template = "values.jinja"
"""
GOOD = "password: <%= secret['password'] | yaml %>\ntoken: <%= secret['token'] | yaml %>\n"
FAULTS = (
    "<%= secret['token'] | int %>",
    "<%= {}[secret['token']] %>",
    "<%= secret[secret['token']] %>",
    "<%= secret['token'] + 1 %>",
    "<% include secret['token'] %>",
    "<%= [1, 2] | join(secret['token']) | int %>",
    "<%= secret['token'] | block(secret['token']) %>",
    "<% for a in range(1000) %><% for b in range(1000) %><%= secret['token'] %><% endfor %><% endfor %>",
)


class Place:
    """A repository with a component that seals values, and everything around it that could keep one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.repository = directory / "repository"
        self.folder = directory / "components" / "thing"
        (self.folder / "templates").mkdir(parents=True)
        for name in ("repository", "home", "cache", "temporary", "given"):
            (directory / name).mkdir()
        (self.folder / "component.toml").write_text(HEAD + SECRET)
        (self.folder / "templates" / "a.jinja").write_text("<%= name %>\n")
        (self.folder / "templates" / "values.jinja").write_text(GOOD)
        certificate = self.repository / "etc/certs/pub-sealed-secrets.pem"
        certificate.parent.mkdir(parents=True)
        certificate.write_text(sealing_key()[1])
        (directory / "given" / "token").write_text(TOKEN)
        self.said: list[bytes] = []
        self.arguments: set[bytes] = set()

    def run(self, *arguments: str, stdin: str = "") -> int:
        """A command line; what it says, and what the arguments and surroundings of its processes are, is kept."""
        kept = {name: os.environ[name] for name in ("PATH", "ELYSIUM_ENGINE") if name in os.environ}
        environment = kept | {
            "PYTHONPATH": str(SOURCE),
            "HOME": str(self.directory / "home"),
            "TMPDIR": str(self.directory / "temporary"),
            "ELYSIUM_CACHE": str(self.directory / "cache"),
            "ELYSIUM_DEBUG": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            typed.write(stdin.encode())
            typed.seek(0)
            command = [sys.executable, "-m", "elysium", *arguments]
            streams = {"stdin": typed, "stdout": out, "stderr": err}
            process = subprocess.Popen(command, cwd=self.repository, env=environment, start_new_session=True, **streams)
            while process.poll() is None:
                self.arguments |= set(_of_processes(process.pid))
                time.sleep(0.02)
            for stream in (out, err):
                stream.seek(0)
                self.said.append(stream.read())
        return process.returncode

    def everything(self) -> Iterator[tuple[str, bytes]]:
        for number, said in enumerate(self.said):
            yield f"output {number}", said
        for argument in self.arguments:
            yield "arguments", argument
        for path in self.directory.rglob("*"):
            if path.is_file() and "given" not in path.parts:
                yield str(path), path.read_bytes()

    def assert_absent(self, *values: str) -> None:
        for value in values:
            for needle in set(needles(value)):
                found = [where for where, data in self.everything() if needle in data]
                assert not found, (needle, found)

    def sealed(self, path: str) -> dict[str, str]:
        """The values of a sealed file, opened with the private key."""
        body = load_documents((self.repository / path).read_text())[0]
        metadata = body["metadata"]
        label = label_of(Scope.STRICT, metadata["namespace"], metadata["name"])
        data = body["spec"]["encryptedData"]
        return {key: unseal_value(sealing_key()[0], value, label).decode() for key, value in data.items()}


def _of_processes(leader: int) -> Iterable[bytes]:
    """Arguments and environment of the processes of a session."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            if os.getsid(int(entry.name)) == leader or int(entry.name) == leader:
                yield (entry / "cmdline").read_bytes()
                yield (entry / "environ").read_bytes()
        except OSError:
            continue


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def new(place: Place, *arguments: str, stdin: str = "") -> int:
    given = f"token={place.directory / 'given' / 'token'}"
    return place.run(
        "new", "thing", "a", "--from", "../components", "--yes", "--secret", given, *arguments, stdin=stdin
    )


SEALED = "things/a-sealed-secret.yaml"


def test_new_shows_and_keeps_no_value(place: Place) -> None:
    for form in (("--dry-run",), ("--dry-run", "-o", "json"), ("-o", "json")):
        assert new(place, *form) == 0, place.said
    values = place.sealed(SEALED)
    assert values["token"] == TOKEN
    assert values["values.yaml"] == f"password: {values['password']}\ntoken: {TOKEN}\n"
    place.assert_absent(TOKEN, values["password"])
    assert place.run("new", "--update", "--from", "../components", "--yes", "-o", "json") == 0
    place.assert_absent(TOKEN, values["password"])
    assert list((place.directory / "temporary").iterdir()) == []


def test_a_placeholder_is_a_value_too(place: Place) -> None:
    assert place.run("new", "thing", "a", "--from", "../components", "--yes") == 0
    place.assert_absent(*(value for value in place.sealed(SEALED).values() if "\n" not in value))


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_template_quotes_a_value(place: Place, fault: str) -> None:
    (place.folder / "templates" / "values.jinja").write_text(fault)
    assert new(place) == 2
    assert not (place.repository / "things").exists()
    place.assert_absent(TOKEN)


def test_a_value_that_was_given_by_mistake_is_not_repeated(place: Place) -> None:
    """It stands in the shell's history then, but not in the log of a pipeline."""
    arguments = ("new", "thing", "a", "--from", "../components", "--yes")
    for mistake in (f"token={TYPED}", TYPED, f"={TYPED}"):
        assert place.run(*arguments, "--secret", mistake) == 2
    assert place.run(*arguments, f"--token={TYPED}") == 2
    place.arguments.clear()
    place.assert_absent(TYPED)


def test_a_value_of_standard_input(place: Place) -> None:
    arguments = ("new", "thing", "a", "--from", "../components", "--yes", "--secret", "token=-")
    assert place.run(*arguments, stdin=TYPED) == 0
    assert place.sealed(SEALED)["token"] == TYPED
    place.assert_absent(TYPED)
    assert place.run(*arguments, stdin="x" * (2 << 20)) == 2


def test_files_that_never_end_are_no_values(place: Place) -> None:
    for file in ("/dev/zero", str(place.directory)):
        assert place.run("new", "thing", "a", "--from", "../components", "--yes", "--secret", f"token={file}") == 2
    assert not (place.repository / "things").exists()


def test_secrets_create_shows_and_keeps_no_value(place: Place) -> None:
    into = ("--into", "a.yaml", "-n", "web")
    given = str(place.directory / "given" / "token")
    assert place.run("secrets", "create", "generic", "a", "--from-file", f"token={given}", *into) == 0
    assert place.run("secrets", "create", "generic", "a", "--from-stdin", "typed", *into, stdin=TYPED) == 0
    assert place.run("secrets", "create", "generic", "a", "--generate", "made:40", *into) == 0
    values = place.sealed("a.yaml")
    assert (values["token"], values["typed"], len(values["made"])) == (TOKEN, TYPED, 40)
    place.assert_absent(*values.values())


def test_the_private_key_is_in_one_file_of_its_owner(place: Place) -> None:
    repository = place.directory / "fresh"
    for form in (("--dry-run",), ("--dry-run", "-o", "json"), ("-o", "json")):
        assert place.run("init", str(repository), "--cluster", "demo", "--yes", *form) == 0, place.said
    file = place.directory / "home/.local/share/elysium/demo/sealing-key.yaml"
    assert file.stat().st_mode & 0o777 == 0o600
    encoded = re.findall(r"tls\.key: (\S+)", file.read_text())[0]
    moved = place.directory / "given" / "key"
    file.rename(moved)
    place.assert_absent(encoded[100:200], encoded[400:500])


@pytest.mark.parametrize("kind", ["a link", "a dangling link", "another file", "a folder", "a pipe"])
def test_what_is_in_the_place_of_the_private_key_stays(place: Place, kind: str) -> None:
    file = place.directory / "home/.local/share/elysium/demo/sealing-key.yaml"
    file.parent.mkdir(parents=True)
    target = place.directory / "target"
    target.write_text("mine")
    {
        "a link": lambda: file.symlink_to(target),
        "a dangling link": lambda: file.symlink_to(place.directory / "nowhere"),
        "another file": lambda: file.write_text("mine"),
        "a folder": file.mkdir,
        "a pipe": lambda: os.mkfifo(file),
    }[kind]()
    assert place.run("init", str(place.directory / "fresh"), "--cluster", "demo", "--yes") == 2
    assert target.read_text() == "mine"
    assert not (place.directory / "nowhere").exists()
    assert not (place.directory / "fresh").exists()
    if kind == "another file":
        assert file.read_text() == "mine"
    if kind == "a pipe":
        file.unlink()


def test_two_clusters_of_one_name_at_the_same_time_share_no_broken_key(place: Place) -> None:
    """One wins; the other one may not replace the key that the first one's values are sealed for."""
    file = place.directory / "key.yaml"
    one, two = (prepared("demo", place.repository, file) for _ in range(2))
    one.save()
    text = file.read_text()
    with pytest.raises(Exception, match="exists"):
        two.save()
    assert file.read_text() == text
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_pipe_in_the_place_of_the_certificate_is_not_waited_for(place: Place) -> None:
    certificate = place.repository / "etc/certs/pub-sealed-secrets.pem"
    certificate.unlink()
    os.mkfifo(certificate)
    given = f"token={place.directory / 'given' / 'token'}"
    assert place.run("secrets", "create", "generic", "a", "-n", "web", "--from-file", given) == 2
    assert new(place) == 2


def test_the_credentials_of_a_remote_are_written_nowhere(place: Place) -> None:
    remote = f"https://me:{TYPED}@git.example.com/owner/project.git"
    for command in (["init", "-q"], ["config", "remote.origin.url", remote]):
        subprocess.run(["git", *command], cwd=place.repository, check=True)
    assert place.run("new", "workflow", "validate", "--yes") == 0
    assert new(place) == 0
    (place.repository / ".git" / "config").unlink()
    place.assert_absent(TYPED)
