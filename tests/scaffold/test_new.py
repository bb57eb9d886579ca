"""`elysium new`: what is written, what stays, what is refused, and what programs are told."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from elysium.scaffold.library import Library
from elysium.sealing.seal import label_of, unseal_value
from elysium.sealing.sealed import Scope
from tests.gitting import commit
from tests.repositories import files_of
from tests.scaffold.harness import run, sealing_key
from tests.test_requirements import rows

HERE = Path(__file__).parent
FROM = f"--from {HERE / 'components'} --yes"
SAMPLE = "new sample home --image ghcr.io/example/page:1.0.0"
FILES = ["pages/home/page.yaml", "pages/home/start.sh", "pages/kustomization.yaml"]
RECORDS = [".elysium/sample/home.base", ".elysium/sample/home.toml"]


def actions(out: str) -> dict[str, str]:
    return {item["path"]: item["action"] for item in json.loads(out)["files"]}


def test_what_would_be_written_is_what_is_written(repository: Path) -> None:
    code, out, err = run(repository, f"{SAMPLE} {FROM} --dry-run -o json")
    assert (code, err, list(repository.iterdir())) == (0, "", [])
    assert actions(out) == dict.fromkeys([*RECORDS, *FILES], "create")
    announced = {item["path"]: item["diff"] for item in json.loads(out)["files"]}
    assert run(repository, f"{SAMPLE} {FROM}")[0] == 0
    for path, data in files_of(repository).items():
        added = [line[1:] for line in announced[path].splitlines()[2:] if line.startswith("+")]
        assert added == data.decode().splitlines()


def test_a_second_run_changes_nothing_and_asks_nothing(repository: Path) -> None:
    assert run(repository, f"{SAMPLE} --set env=A=b,C=d {FROM}")[0] == 0
    before = files_of(repository)
    code, out, _ = run(repository, f"new sample home {FROM} -o json")
    assert code == 0
    assert set(actions(out).values()) == {"keep"}
    assert files_of(repository) == before


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert run(tmp_path / name, f"{SAMPLE} --networks b,a {FROM}")[0] == 0
        found.append(files_of(tmp_path / name))
    assert found[0] == found[1]


def test_an_answer_that_changes_takes_away_what_is_not_wanted_any_more(repository: Path) -> None:
    assert run(repository, f"{SAMPLE} --networks blue,green {FROM}")[0] == 0
    code, out, _ = run(repository, f"new sample home --networks green {FROM} -o json")
    assert code == 0
    assert actions(out)["pages/home/for-blue.txt"] == "change"
    assert not (repository / "pages/home/for-blue.txt").exists()
    assert (repository / "pages/home/for-green.txt").exists()


def test_a_script_may_be_started_and_a_file_may_not(repository: Path) -> None:
    run(repository, f"{SAMPLE} {FROM}")
    assert os.access(repository / "pages/home/start.sh", os.X_OK)
    assert not os.access(repository / "pages/home/page.yaml", os.X_OK)


def test_a_file_of_somebody_else_stays_and_is_a_conflict(repository: Path) -> None:
    (repository / "pages/home").mkdir(parents=True)
    (repository / "pages/home/page.yaml").write_text("mine\n")
    code, out, _ = run(repository, f"{SAMPLE} {FROM} -o json")
    assert code == 1
    assert actions(out)["pages/home/page.yaml"] == "conflict"
    assert (repository / "pages/home/page.yaml").read_text() == "mine\n"
    assert (repository / "pages/home/start.sh").exists()


def test_what_a_person_took_out_of_a_list_does_not_come_back(repository: Path) -> None:
    run(repository, f"{SAMPLE} {FROM}")
    shared = repository / "pages/kustomization.yaml"
    shared.write_text("# mine\nresources:\n  - other.yaml # kept\n")
    assert run(repository, f"new sample home --port 99 {FROM}")[0] == 0
    assert shared.read_text() == "# mine\nresources:\n  - other.yaml # kept\n"


def test_entries_keep_comments_and_order(repository: Path) -> None:
    (repository / "pages").mkdir()
    shared = repository / "pages/kustomization.yaml"
    shared.write_text("# why\nkind: Kustomization\nresources:\n  # first\n  - zoo.yaml\n  - alpha.yaml # second\n")
    assert run(repository, f"{SAMPLE} {FROM}")[0] == 0
    assert shared.read_text() == (
        "# why\nkind: Kustomization\nresources:\n  # first\n  - zoo.yaml\n  - alpha.yaml # second\n  - home/page.yaml\n"
    )


def sealed(repository: Path) -> Path:
    (repository / "etc/certs").mkdir(parents=True, exist_ok=True)
    (repository / "etc/certs/pub-sealed-secrets.pem").write_text(sealing_key()[1])
    return repository / "pages/home/sealed-secret.yaml"


def opened(file: Path, key: str) -> str:
    text = next(line for line in file.read_text().splitlines() if line.strip().startswith(f"{key}:")).partition(": ")[2]
    value = unseal_value(sealing_key()[0], text, label_of(Scope.STRICT, "home", "home-keys"))
    assert value is not None
    return value.decode()


def test_secrets_are_generated_given_composed_and_sealed(repository: Path) -> None:
    file = sealed(repository)
    (repository.parent / "token").write_text("from-a-file")
    code, out, _ = run(repository, f"{SAMPLE} --secrets TOKEN,OTHER --secret TOKEN=../token {FROM} -o json")
    assert code == 0
    assert opened(file, "TOKEN") == "from-a-file"
    password = opened(file, "password")
    assert len(password) == 20
    assert opened(file, "values.yaml") == f'password: "{password}"\n'
    told = json.loads(out)["placeholders"]
    assert [item["key"] for item in told] == ["OTHER"]
    where = "generic home-keys -n home --from-stdin OTHER --into pages/home/sealed-secret.yaml"
    assert told[0]["command"] == f"elysium secrets create {where}"
    assert told[0]["command"] in file.read_text()
    everything = b"".join(files_of(repository).values()).decode() + out
    for plaintext in ("from-a-file", password, opened(file, "OTHER")):
        assert plaintext not in everything


def test_what_is_sealed_stays_and_what_is_given_replaces_it(repository: Path) -> None:
    file = sealed(repository)
    run(repository, f"{SAMPLE} --secrets TOKEN {FROM}")
    before = file.read_text()
    assert run(repository, f"new sample home --port 99 {FROM}")[0] == 0
    assert file.read_text() == before
    (repository.parent / "token").write_text("the real one")
    assert run(repository, f"new sample home --secret TOKEN=../token {FROM}")[0] == 0
    assert opened(file, "TOKEN") == "the real one"
    assert [line for line in file.read_text().splitlines() if "password:" in line] == [
        line for line in before.splitlines() if "password:" in line
    ]


def test_a_new_key_is_merged_into_the_sealed_file(repository: Path) -> None:
    file = sealed(repository)
    run(repository, f"{SAMPLE} --secrets TOKEN {FROM}")
    file.write_text(file.read_text() + "# mine\n")
    before = opened(file, "TOKEN")
    assert run(repository, f"new sample home --secrets TOKEN,SECOND {FROM}")[0] == 0
    assert opened(file, "TOKEN") == before
    assert opened(file, "SECOND")
    assert file.read_text().endswith("# mine\n")


def test_a_sealed_file_that_is_not_wanted_any_more_goes(repository: Path) -> None:
    file = sealed(repository)
    run(repository, f"{SAMPLE} --secrets TOKEN {FROM}")
    assert run(repository, f"new sample home --set secrets= {FROM}")[0] == 0
    assert not file.exists()


def test_a_sealed_file_with_something_else_in_it_stays(repository: Path) -> None:
    file = sealed(repository)
    run(repository, f"{SAMPLE} --secrets TOKEN {FROM}")
    file.write_text(file.read_text() + "---\nkind: ConfigMap\n")
    code, out, _ = run(repository, f"new sample home --set secrets= {FROM} -o json")
    assert (code, actions(out)["pages/home/sealed-secret.yaml"]) == (1, "conflict")
    assert "kind: ConfigMap" in file.read_text()


def test_a_record_packed_by_another_zlib_is_the_same(repository: Path) -> None:
    run(repository, f"{SAMPLE} {FROM}")
    base = repository / RECORDS[0]
    lines = base.read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(" "))
    last = next((number for number in range(first, len(lines)) if not lines[number].startswith(" ")), len(lines))
    data = zlib.decompress(base64.b85decode("".join(line[1:] for line in lines[first:last])))
    packed = base64.b85encode(zlib.compress(data, 1)).decode()
    lines[first:last] = [f" {packed[start : start + 100]}" for start in range(0, len(packed), 100)]
    base.write_text("\n".join(lines) + "\n")
    code, out, _ = run(repository, f"new sample home {FROM} -o json")
    assert (code, set(actions(out).values())) == (0, {"keep"})


@pytest.mark.parametrize("part", ["pages", "pages/home", "pages/home/page.yaml", ".elysium"])
def test_links_are_not_followed(part: str, repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    link = repository / part
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    code, _, err = run(repository, f"{SAMPLE} {FROM}")
    assert code == 2
    assert f"{part}: this is a link" in err
    assert list(outside.iterdir()) == []


def test_nothing_is_written_when_one_place_cannot_be(repository: Path) -> None:
    (repository / "pages/home/start.sh").mkdir(parents=True)
    before = sorted(repository.rglob("*"))
    code, _, err = run(repository, f"{SAMPLE} {FROM}")
    assert code == 2
    assert "pages/home/start.sh" in err
    assert sorted(repository.rglob("*")) == before


def test_a_need_is_refused_with_the_command_that_gives_it(repository: Path) -> None:
    own = repository / "own/thing"
    (own / "templates").mkdir(parents=True)
    (own / "component.toml").write_text(
        'summary = "x"\nversion = "1"\n[[needs]]\noffer = "ingress-class/traefik"\ncomponent = "infra/traefik"\n'
        'reason = "its Ingress"\n[[files]]\npath = "x"\n'
    )
    (own / "templates/x.jinja").write_text("x\n")
    code, _, err = run(repository, "new thing a --from own --yes")
    assert code == 2
    assert "needs what nothing in this repository offers: ingress-class/traefik (its Ingress)" in err
    assert "elysium new infra traefik" in err


def test_components_of_the_settings_are_found(repository: Path) -> None:
    shutil.copytree(HERE / "components", repository / "components")
    (repository / "elysium.toml").write_text('components = ["components"]\n')
    code, out, _ = run(repository, "new --list sample -o json")
    assert code == 0
    assert json.loads(out)["components"][0]["parameters"][0]["name"] == "image"
    assert run(repository, f"{SAMPLE} --yes")[0] == 0


def test_components_of_a_git_address_are_pinned_to_a_commit(repository: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "set/note/templates").mkdir(parents=True)
    (theirs / "set/note/component.toml").write_text(
        'summary = "A note."\nversion = "1"\n[[files]]\npath = "note.txt"\n'
    )
    (theirs / "set/note/templates/note.txt.jinja").write_text("first\n")
    first = commit(theirs, "first")
    (theirs / "set/note/templates/note.txt.jinja").write_text("second\n")
    commit(theirs, "second")
    code, _, err = run(repository, f"new note a --from file://{theirs}@{first}//set --yes")
    assert (code, err) == (0, "")
    assert (repository / "note.txt").read_text() == "first\n"
    for place, says in (
        (f"file://{theirs}@main", "this is no folder of components"),
        (f"file://{theirs}@{'0' * 40}", "has no commit"),
        (f"file://{theirs}@{first}//nowhere", "there is no such folder in the repository"),
        ("nowhere", "this is no folder of components"),
    ):
        code, _, err = run(repository, f"new note b --from {place} --yes")
        assert (code, says in err) == (2, True), err


@pytest.mark.parametrize(
    ("description", "says"),
    [
        ("summary = 1", "Expected `str`, got `int` - at `$.summary`"),
        ('summary = "x"', "missing required field `version`"),
        ('summary = "x"\nversion = "1"\nhooks = ["sh"]', "unknown field `hooks`"),
        ('summary = "x"\nversion = "1"\n[[files]]\npath = "../x"', "'../x' is no path in a repository"),
        ('summary = "x"\nversion = "1"\n[[files]]\npath = ".git/hooks/pre-commit"', "is no path in a repository"),
        ('summary = "x"\nversion = "1"\n[[files]]\npath = "x"\ntemplate = "../component.toml"', "there is no template"),
        ('summary = "x"\nversion = "1"\n[[files]]\npath = "x"', "there is no template x.jinja"),
        ('summary = "x"\nversion = "1"\n[[parameters]]\nname = "name"\nhelp = "x"', "has a name that is taken"),
        ("no toml", "this describes no component"),
    ],
)
def test_a_wrong_description_is_named(description: str, says: str, repository: Path) -> None:
    own = repository / "own/thing"
    (own / "templates").mkdir(parents=True)
    (own / "component.toml").write_text(description)
    code, _, err = run(repository, "new thing a --from own --yes")
    assert (code, says in err) == (2, True), err


def test_every_component_fulfils_requirements_that_exist() -> None:
    known = {row["id"] for row in rows()}
    wrong = {item.id: set(item.fulfils) - known for item in Library().components() if set(item.fulfils) - known}
    assert wrong == {}


def test_an_interrupted_run_is_finished_by_the_next(repository: Path) -> None:
    """A run that is killed between two files leaves whole files; the next one takes them for its own."""
    run(repository, f"{SAMPLE} {FROM}")
    for path in RECORDS:
        (repository / path).unlink()
    (repository / "pages/home/start.sh").unlink()
    code, out, _ = run(repository, f"{SAMPLE} {FROM} -o json")
    assert code == 0
    assert set(actions(out).values()) == {"create", "keep"}
    assert subprocess.run([repository / "pages/home/start.sh"], check=False, capture_output=True).returncode == 127
