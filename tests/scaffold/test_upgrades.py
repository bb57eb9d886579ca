"""A component is written at one version, edited by a person, and written again at the next.

The edit survives, the update arrives; where both cannot be, the file stays as the person has it and the conflict says
where and what. Whatever happened, a second run changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from elysium.api import Request, Scaffolder, write_scaffold
from elysium.scaffold import Action, Folder, Library, RepositoryFacts
from tests.repositories import files_of
from tests.scaffold import harness

COMPONENTS = Path(__file__).parent / "upgrades"
SHARED = "apps/base/kustomization.yaml"
APP = "apps/base/wiki"
DEPLOYMENT, CONFIG, OWN = f"{APP}/deployment.yaml", f"{APP}/config.yaml", f"{APP}/kustomization.yaml"
README, NOTES, OLD, SERVICE = f"{APP}/README.md", f"{APP}/notes.md", f"{APP}/old.yaml", f"{APP}/service.yaml"
SCRIPT, VARIABLES = "scripts/wiki.sh", "variables.yaml"
UPDATED = {DEPLOYMENT, CONFIG, OWN, README, SERVICE, OLD, SCRIPT, VARIABLES}
"""What changes between the versions when nobody edited anything."""


def write(root: Path, version: str) -> dict[str, tuple[Action, str]]:
    """Write the component at a version: what happened to every file but the record, and why."""
    library = Library([Folder(path=str(COMPONENTS / version), origin="components")])
    scaffolder = Scaffolder(root, library, RepositoryFacts(cluster="demo"))
    scaffolder.add(Request(kind="service", name="wiki"))
    write_scaffold(scaffolder.result)
    changes = scaffolder.result.changes
    return {change.path: (change.action, change.reason) for change in changes if not change.path.startswith(".elysium")}


@pytest.fixture
def written(repository: Path) -> Path:
    """A repository with the component at its first version."""
    (repository / "apps/base").mkdir(parents=True)
    (repository / SHARED).write_text("# apps\nkind: Kustomization\nresources:\n  - arkham # films\n  - zigbee\n")
    (repository / VARIABLES).write_text("kind: ConfigMap\ndata:\n  ZONE: here # and now\n")
    write(repository, "a")
    return repository


def upgrade(root: Path, *conflicts: str, untouched: tuple[str, ...] = ()) -> dict[str, str]:
    """Bring it to the next version. Exactly `conflicts` stay, with a reason; what has no conflict is updated, once."""
    before = files_of(root)
    happened = write(root, "b")
    reasons = {path: reason for path, (action, reason) in happened.items() if action is Action.CONFLICT}
    assert set(reasons) == set(conflicts)
    after = files_of(root)
    for path in conflicts:
        assert after.get(path) == before.get(path)
    changed = {path for path, (action, _) in happened.items() if action in (Action.CHANGE, Action.CREATE)}
    assert changed == UPDATED - set(conflicts) - set(untouched)
    again = write(root, "b")
    assert {path for path, (action, _) in again.items() if action is not Action.KEEP} == set(conflicts)
    assert files_of(root) == after
    return reasons


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_bytes().decode()
    assert text.count(old) == 1, text
    (root / path).write_bytes(text.replace(old, new).encode())


def expected(root: Path, path: str, *replacements: tuple[str, str]) -> None:
    """A file is as the new version has it, but for what the person did."""
    text = (COMPONENTS / "b/service/templates" / f"{Path(path).name}.jinja").read_text()
    text = text.replace("<%= name %>", "wiki").replace("<%= port %>", "8080")
    for old, new in replacements:
        assert text.count(old) == 1, text
        text = text.replace(old, new)
    assert (root / path).read_bytes().decode() == text


def test_without_an_edit_everything_is_new(written: Path) -> None:
    upgrade(written)
    for path in (DEPLOYMENT, CONFIG, OWN, README, SERVICE, NOTES):
        expected(written, path)
    assert not (written / OLD).exists()
    assert (written / SHARED).read_text().endswith("  - arkham # films\n  - wiki\n  - zigbee\n")
    values = '  ZONE: here # and now\n  LISTEN: "8080"\n  METRICS: "on"\n'
    assert (written / VARIABLES).read_text() == f"kind: ConfigMap\ndata:\n{values}"


EDITS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a changed value": (DEPLOYMENT, [("replicas: 1\n", "replicas: 3\n")]),
    "a comment behind a line": (DEPLOYMENT, [("replicas: 1\n", "replicas: 1 # one node\n")]),
    "a comment above a line that changes": (
        DEPLOYMENT,
        [("          image:", "          # pinned by hand\n          image:")],
    ),
    "a value beside one that changes": (CONFIG, [("GREETING: hello", "GREETING: hi")]),
    "a renamed key": (CONFIG, [("GREETING: hello", "SALUTE: hello")]),
    "a value in quotes": (CONFIG, [("SIZE: small", 'SIZE: "small"')]),
    "a key taken away": (CONFIG, [("  GREETING: hello\n", "")]),
    "a block taken away beside a new one": (
        DEPLOYMENT,
        [("          resources:\n            limits:\n              memory: 128Mi\n", "")],
    ),
    "a resource taken away": (OWN, [("  - deployment.yaml\n", "")]),
    "an edited script": (SCRIPT, [("namespace=default", "namespace=wiki")]),
    "a text edited elsewhere": (README, [("# wiki\n", "# The wiki of the house\n")]),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_survives_and_the_update_arrives(written: Path, case: str) -> None:
    path, edits = EDITS[case]
    for old, new in edits:
        edit(written, path, old, new)
    upgrade(written)
    if path != SCRIPT:
        expected(written, path, *edits)
    else:
        assert "namespace=wiki\n" in (written / path).read_text()
        assert "--address 127.0.0.1" in (written / path).read_text()
        assert (written / path).stat().st_mode & 0o111


def test_list_items_of_both(written: Path) -> None:
    edit(
        written,
        DEPLOYMENT,
        "              value: info\n",
        "              value: info\n            - name: MINE\n              value: m\n",
    )
    edit(
        written,
        DEPLOYMENT,
        "            - --listen=:8080\n",
        "            - --listen=:8080\n            - --mine # needed\n",
    )
    upgrade(written)
    text = (written / DEPLOYMENT).read_text()
    assert "            - name: MINE\n              value: m\n            - name: TRACE\n" in text
    assert "            - --mine # needed\n            - --metrics\n" in text


def test_another_order(written: Path) -> None:
    one, two = (
        "            - name: MODE\n              value: plain\n",
        "            - name: LEVEL\n              value: info\n",
    )
    edit(written, DEPLOYMENT, one + two, two + one)
    upgrade(written)
    text = (written / DEPLOYMENT).read_text()
    assert text.index("name: LEVEL") < text.index("name: MODE") < text.index("name: TRACE")


def test_other_line_ends(written: Path) -> None:
    for path in (DEPLOYMENT, CONFIG, SHARED, VARIABLES):
        (written / path).write_bytes((written / path).read_bytes().replace(b"\n", b"\r\n"))
    upgrade(written)
    for path in (DEPLOYMENT, CONFIG, SHARED, VARIABLES):
        data = (written / path).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") > 3
    assert b"service:1.1.0\r\n" in (written / DEPLOYMENT).read_bytes()
    assert (written / VARIABLES).read_bytes().endswith(b'  METRICS: "on"\r\n')


def test_no_line_end_at_the_end(written: Path) -> None:
    (written / CONFIG).write_text((written / CONFIG).read_text().removesuffix("\n"))
    upgrade(written)
    assert (written / CONFIG).read_text().endswith("  SIZE: small\n  LANGUAGE: en")


def test_an_appended_document(written: Path) -> None:
    mine = "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: mine\n"
    (written / CONFIG).write_text((written / CONFIG).read_text() + mine)
    upgrade(written)
    assert (written / CONFIG).read_text().endswith(f"  SIZE: small\n  LANGUAGE: en\n{mine}")


def test_the_very_change_of_the_update(written: Path) -> None:
    edit(written, DEPLOYMENT, "service:1.0.0", "service:1.1.0")
    upgrade(written)
    expected(written, DEPLOYMENT)


def test_a_deleted_file_that_did_not_change_stays_away(written: Path) -> None:
    (written / NOTES).unlink()
    upgrade(written)
    assert not (written / NOTES).exists()


def test_a_removed_entry_stays_away(written: Path) -> None:
    edit(written, SHARED, "  - wiki\n", "")
    before = (written / SHARED).read_bytes()
    upgrade(written)
    assert (written / SHARED).read_bytes() == before


def test_what_a_person_did_to_a_shared_list_stays(written: Path) -> None:
    edit(written, SHARED, "  - wiki\n", "  # for all\n  - ./wiki # ours\n")
    before = (written / SHARED).read_bytes()
    upgrade(written)
    assert (written / SHARED).read_bytes() == before


def test_a_variable_that_a_person_changed_stays(written: Path) -> None:
    edit(written, VARIABLES, 'LISTEN: "8080"', 'LISTEN: "80"')
    upgrade(written)
    assert 'LISTEN: "80"\n  METRICS: "on"\n' in (written / VARIABLES).read_text()


def _other_value(root: Path) -> None:
    edit(root, DEPLOYMENT, "service:1.0.0", "service:1.0.5")


def _renamed(root: Path) -> None:
    edit(root, CONFIG, "COLOUR: blue", "COLOR: blue")


def _deleted(root: Path) -> None:
    (root / README).unlink()


def _edited_and_dropped(root: Path) -> None:
    edit(root, OLD, "wiki-old", "wiki-older")


def _own_file(root: Path) -> None:
    (root / SERVICE).write_text("mine: true\n")


def _indented_anew(root: Path) -> None:
    text = (root / DEPLOYMENT).read_text()
    (root / DEPLOYMENT).write_text(re.sub(r"^( +)", r"\1\1", text, flags=re.MULTILINE))


def _same_key(root: Path) -> None:
    edit(root, CONFIG, "\n  GREETING", "\n  LANGUAGE: de\n  GREETING")


def _same_lines_of_text(root: Path) -> None:
    edit(root, README, "Restart it with kubectl.", "Restart it with Headlamp.")


CONFLICTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "another value in the same line": (
        _other_value,
        DEPLOYMENT,
        "line 13: here `image: registry.example.com/service:1.0.5`, proposed `image: registry.example.com/",
    ),
    "a renamed key whose value changes": (_renamed, CONFIG, "line 7: here `COLOR: blue`, proposed `COLOUR: green`"),
    "a deleted file that changes": (_deleted, README, "was deleted, and the new version changes it"),
    "an edited file that is dropped": (_edited_and_dropped, OLD, "is not part of the component any more"),
    "a file of one's own where a new one goes": (_own_file, SERVICE, "was not written by this component"),
    "every line indented anew": (_indented_anew, DEPLOYMENT, "lines"),
    "the same key in another place": (_same_key, CONFIG, "line 6: both changes together have `LANGUAGE` twice"),
    "the same line of a text": (
        _same_lines_of_text,
        README,
        "line 7: here `Restart it with Headlamp.`, proposed `Restart it with `kubectl rollout restart`.`",
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_a_conflict_is_explained_and_the_file_stays(written: Path, case: str) -> None:
    change, path, message = CONFLICTS[case]
    change(written)
    assert message in upgrade(written, path)[path]


def test_a_conflict_that_was_solved_is_none_any_more(written: Path) -> None:
    _other_value(written)
    upgrade(written, DEPLOYMENT)
    edit(written, DEPLOYMENT, "service:1.0.5", "service:1.1.0")
    assert write(written, "b")[DEPLOYMENT] == (Action.CHANGE, "")
    expected(written, DEPLOYMENT)


def test_a_conflict_that_was_solved_with_words_of_ones_own_is_none_any_more(written: Path) -> None:
    _other_value(written)
    _same_lines_of_text(written)
    upgrade(written, DEPLOYMENT, README)
    edit(written, DEPLOYMENT, "service:1.0.5", "service:1.1.0 # seen to work")
    edit(written, README, "with Headlamp.", "with Headlamp.\nRestart it with `kubectl rollout restart`.")
    solved = (written / README).read_text()
    happened = write(written, "b")
    assert happened[DEPLOYMENT] == (Action.CHANGE, "")
    assert happened[README] == (Action.KEEP, "")
    expected(written, DEPLOYMENT, ("service:1.1.0", "service:1.1.0 # seen to work"))
    assert (written / README).read_text() == solved


def test_the_command_line_says_which_file_and_which_line(tmp_path: Path) -> None:
    root = harness.scaffold(tmp_path)
    (root / VARIABLES).write_text("data: {}\n")
    code, _, err = harness.run(root, f"new service wiki --from {COMPONENTS / 'a'} --yes")
    assert code == 0, err
    _other_value(root)
    before = (root / DEPLOYMENT).read_bytes()
    for _ in range(2):
        code, out, err = harness.run(root, f"new --update service wiki --from {COMPONENTS / 'b'} --yes")
        assert code == 1, err
        told = " ".join((out + err).split())
        assert DEPLOYMENT in told
        assert "line 13" in told
        assert "service:1.0.5" in told
        assert "service:1.1.0" in told
        assert (root / DEPLOYMENT).read_bytes() == before
        assert (root / SERVICE).exists()
