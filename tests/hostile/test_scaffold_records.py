"""Records that somebody forged: an update deletes and overwrites nothing that is not the component's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from elysium.scaffold import records
from elysium.scaffold.records import Record, RecordedEntry
from tests.hostile.sandbox import Outcome, Sandbox

THING = 'summary = "x"\nversion = "2.0.0"\n[[files]]\npath = "things/<%= name %>.txt"\ntemplate = "a.jinja"\n'
SHARED = '[[entries]]\npath = "shared/kustomization.yaml"\nvalue = "<%= name %>"\n'
SEALED = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s, namespace: n}\n"


@pytest.fixture
def writing(sandbox: Sandbox) -> Sandbox:
    """A repository with a folder of components, and one of them written."""
    sandbox.writes = True
    folder = sandbox.repository / "components" / "thing"
    (folder / "templates").mkdir(parents=True)
    (folder / "component.toml").write_text(THING + SHARED)
    (folder / "templates" / "a.jinja").write_text("a\n")
    (sandbox.repository / "elysium.toml").write_text('components = ["components"]\n')
    outcome = sandbox.run("new", "thing", "honest", "--yes")
    assert outcome.code == 0, outcome.said
    return sandbox


def forge(sandbox: Sandbox, **parts: object) -> None:
    fields = {"component": "thing", "name": "forged", "version": "1", "origin": "components"}
    for path, text in records.texts_of(Record(**{**fields, **parts})).items():  # type: ignore[arg-type]
        place = sandbox.repository / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def update(sandbox: Sandbox) -> Outcome:
    return sandbox.run("new", "--update", "--yes")


def test_what_belongs_to_another_component_stays(writing: Sandbox) -> None:
    file, shared = writing.repository / "things/honest.txt", writing.repository / "shared/kustomization.yaml"
    entry = RecordedEntry(path="shared/kustomization.yaml", at=("resources",), value="honest")
    forge(writing, files={"things/honest.txt": "a\n"}, entries=(entry,))
    before = shared.read_text()
    outcome = update(writing)
    assert outcome.code == 0, outcome.said
    assert file.read_text() == "a\n"
    assert shared.read_text() == before.replace("resources:\n", "resources:\n  - forged\n")


def test_what_is_deleted_is_shown_as_that(writing: Sandbox) -> None:
    """A forged record may name a file of a person with its exact content: nobody overlooks it."""
    (writing.repository / "README.md").write_text("mine\n")
    forge(writing, files={"README.md": "mine\n"})
    shown = writing.run("new", "--update", "--dry-run")
    assert "- README.md" in shown.out.splitlines()
    assert "1 to be deleted" in shown.out
    assert (writing.repository / "README.md").read_text() == "mine\n"


def test_a_file_whose_content_is_not_known_stays(writing: Sandbox) -> None:
    (writing.repository / "private.env").write_text("token=unknown\n")
    forge(writing, files={"private.env": "token=guess\n"})
    outcome = update(writing)
    assert outcome.code == 1
    assert (writing.repository / "private.env").read_text() == "token=unknown\n"
    assert "unknown" not in outcome.said


@pytest.mark.parametrize("path", ["../outside.yaml", "/etc/hostname", "a/../../outside.yaml", ".git/config"])
def test_no_part_of_a_record_leads_outside(writing: Sandbox, path: str) -> None:
    outside = writing.directory / "outside.yaml"
    outside.write_text(SEALED)
    entry = RecordedEntry(path=path, at=("metadata",), value="x")
    parts: tuple[dict[str, object], ...] = (
        {"secrets": (f"{path} n/s",)},
        {"files": {path: SEALED}},
        {"entries": (entry,)},
        {"values": (entry,)},
    )
    for part in parts:
        forge(writing, **part)
        outcome = update(writing)
        assert outcome.code == 2, outcome.said
        assert "hint: " in outcome.err
        assert outside.read_text() == SEALED


def test_a_link_in_the_repository_leads_nowhere(writing: Sandbox) -> None:
    outside = writing.directory / "outside"
    outside.mkdir()
    (outside / "honest.txt").write_text("a\n")
    (outside / "s.yaml").write_text(SEALED)
    (writing.repository / "linked").symlink_to(outside)
    for part in ({"files": {"linked/honest.txt": "a\n"}}, {"secrets": ("linked/s.yaml n/s",)}):
        forge(writing, **part)
        outcome = update(writing)
        assert outcome.code == 2, outcome.said
        assert "links are not followed" in outcome.err
    assert sorted(path.name for path in outside.iterdir()) == ["honest.txt", "s.yaml"]


def test_a_pipe_in_the_place_of_a_file_does_not_block(writing: Sandbox) -> None:
    (writing.repository / "things/honest.txt").unlink()
    os.mkfifo(writing.repository / "things/honest.txt")
    outcome = writing.run("new", "thing", "honest", "--yes", within=20)
    assert outcome.code == 2
    assert "no regular file" in outcome.err


def test_a_component_from_elsewhere_is_not_taken_for_one_of_the_same_name(writing: Sandbox) -> None:
    """What another one wrote would be deleted, because the one that comes along does not propose it."""
    forge(writing, component="workflow/validate", name="validate", origin="https://git.example.com/me/c@" + "0" * 40)
    outcome = update(writing)
    assert outcome.code == 2
    assert "https://git.example.com/me/c@" in outcome.err
    assert "--from" in outcome.err


ANSWERS = (
    "a = 1e999",
    f"a = {'9' * 5000}",
    "a = 2020-01-01",
    "a = [[[[]]]]",
    f"a = 0x{'f' * 9000}",
    'a = "\\u001b[2J"',
)


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_odd_answers_are_told(writing: Sandbox, tmp_path: Path, answer: str) -> None:
    forge(writing)
    place = writing.repository / ".elysium/thing/forged.toml"
    place.write_text(f"{place.read_text()}\n[answers]\n{answer}\n")
    file = tmp_path / "answers.toml"
    file.write_text(answer + "\n")
    for outcome in (update(writing), writing.run("new", "thing", "b", "--answers", str(file), "--yes")):
        assert outcome.code == 2, outcome.said
        assert "hint: " in outcome.err
        assert "\x1b" not in outcome.said


YAML = {
    "anchors": "resources:\n" + "".join(f"  - &a{n} x{n}\n" for n in range(20_000)),
    "aliases": "a0: &a0 [x, x]\n"
    + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}, *a{n}, *a{n}]\n" for n in range(40))
    + "resources: *a40\n",
    "items of aliases": "a0: &a0 {x: y}\n"
    + "".join(f"a{n + 1}: &a{n + 1} {{x: *a{n}, y: *a{n}}}\n" for n in range(40))
    + "resources:\n  - *a40\n  - *a39\n",
    "brackets": "resources: " + "[" * 100_000,
    "length": "resources:\n" + "  - x\n" * 3_000_000,
    "no text": "\udcff\udcfe",
    "a list of maps": "resources: {a: b}\n",
    "a key twice": "resources: []\nresources: []\n",
}


@pytest.mark.parametrize("name", YAML)
def test_a_shared_file_that_cannot_be_edited(writing: Sandbox, name: str) -> None:
    shared = writing.repository / "shared/kustomization.yaml"
    shared.write_bytes(YAML[name].encode(errors="surrogateescape"))
    outcome = writing.run("new", "thing", "later", "--yes", within=120)
    assert outcome.code in (0, 2), outcome.said
    if outcome.code == 2:
        assert "hint: " in outcome.err
        assert shared.read_bytes() == YAML[name].encode(errors="surrogateescape")
        assert not (writing.repository / "things/later.txt").exists()
