"""`elysium init`: a repository that is whole from its first commit, and a key that opens what is sealed in it."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Options, Workspace
from elysium.cli.main import COMMANDS
from elysium.present.graphs import draw
from elysium.scaffold.editing import load_documents
from elysium.sealing.certificates import certificates_in
from elysium.sealing.key_pairs import new_sealing_key, sealing_key_secret
from elysium.sealing.seal import label_of, unseal_value
from elysium.sealing.sealed import Scope
from elysium.secrets import yaml_document
from tests import programs
from tests.gitting import commit, git
from tests.repositories import files_of
from tests.scaffold import harness

NAME = "atlas"
ANSWERS = "--domain atlas.example.com --timezone Europe/Berlin --tailnet atlas-example.ts.net --email me@example.com"
KINDS = [
    "",
    "--flux instance",
    "--distribution kind",
    "--distribution other",
    "--flux instance --distribution other --branch production --url ssh://git@git.example.com/home/atlas.git",
]


@cache
def known_key() -> bytes:
    """A sealing key that is made once: making one takes longer than all the rest."""
    private, certificate = new_sealing_key()
    return yaml_document(sealing_key_secret(private, certificate)).encode()


def begin(folder: Path, options: str = "", *, name: str = NAME, known: bool = True) -> Path:
    """A repository below `folder`, and its sealing key beside it: a known one, or one that init makes."""
    root = folder / name
    key = "" if "--cert" in options else f"--sealing-key {folder / 'key.yaml'}"
    if key and known:
        (folder / "key.yaml").write_bytes(known_key())
    code, out, err = harness.run(folder, f"init {root} --cluster {name} {key} {ANSWERS} {options} --yes")
    assert code == 0, f"{out}\n{err}"
    return root


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that nobody changes."""
    return begin(tmp_path_factory.mktemp("fresh"), known=False)


def document(path: Path) -> dict[str, Any]:
    found = load_documents(path.read_text(encoding="utf-8"))[0]
    assert isinstance(found, dict)
    return found


def key_file(root: Path) -> dict[str, str]:
    data = document(root.parent / "key.yaml")["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def sealed_email(root: Path) -> str:
    value = document(root / f"clusters/{NAME}/sealed-secrets.yaml")["spec"]["encryptedData"]["ACME_EMAIL"]
    assert isinstance(value, str)
    return value


# What is there.


def test_everything_that_a_repository_of_this_shape_has_is_there(fresh: Path) -> None:
    expected = {
        f"clusters/{NAME}/apps.yaml",
        f"clusters/{NAME}/infrastructure.yaml",
        f"clusters/{NAME}/monitoring.yaml",
        f"clusters/{NAME}/config-map.yaml",
        f"clusters/{NAME}/sealed-secrets.yaml",
        f"clusters/{NAME}/sealed-secrets-crd.yaml",
        f"clusters/{NAME}/flux-system/gotk-sync.yaml",
        f"apps/{NAME}/kustomization.yaml",
        "apps/base/kustomization.yaml",
        "infrastructure/controllers/kustomization.yaml",
        "infrastructure/controllers/sealed-secrets/release.yaml",
        "infrastructure/configs/kustomization.yaml",
        "monitoring/controllers/kustomization.yaml",
        "monitoring/configs/kustomization.yaml",
        "etc/certs/pub-sealed-secrets.pem",
        "scripts/bootstrap_flux.sh",
        "coder/templates/README.md",
        "functions/README.md",
        ".github/README-COPILOT.md",
        ".github/workflows/validate.yml",
        ".github/workflows/update-flux.yml",
        "AGENTS.md",
        "README.md",
        "docs/ARCHITECTURE.md",
        "elysium.toml",
    }
    assert expected <= set(files_of(fresh))
    assert os.access(fresh / "scripts/bootstrap_flux.sh", os.X_OK)


@pytest.mark.parametrize("options", KINDS)
def test_a_strict_check_finds_nothing(tmp_path: Path, options: str) -> None:
    root = begin(tmp_path, options)
    report = harness.assert_clean(root, units=7)
    assert {unit.id.name for unit in report.units} >= {
        "apps",
        "infra-controllers",
        "infra-configs",
        "monitoring-controllers",
        "monitoring-configs",
    }
    assert harness.run(root, "check --rules layout")[0] == 0


@pytest.mark.parametrize("options", ["", "--flux instance"])
def test_flux_2_8_takes_it_too(tmp_path: Path, options: str) -> None:
    root = begin(tmp_path, options)
    assert harness.run(root, "check --profile strict --flux-version 2.8")[0] == 0


def test_both_chains_hold_and_no_other_edge(fresh: Path) -> None:
    chains = ("infra-controllers>infra-configs>apps", "monitoring-controllers>monitoring-configs")
    assert harness.run(fresh, "graph " + " ".join(f'--expect "{chain}"' for chain in chains))[0] == 0
    assert harness.run(fresh, 'graph --expect "infra-controllers>monitoring-configs"')[0] == 1


PARTS = [
    f"clusters/{NAME}/apps.yaml",
    f"clusters/{NAME}/infrastructure.yaml",
    f"clusters/{NAME}/monitoring.yaml",
    f"clusters/{NAME}/flux-system",
    f"apps/{NAME}",
    "infrastructure/configs",
    "monitoring/controllers",
]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_missing_is_found(fresh: Path, tmp_path: Path, part: str) -> None:
    root = Path(shutil.copytree(fresh, tmp_path / NAME))
    (root / part).rename(tmp_path / "away")
    code, out, _ = harness.run(root, "check --rules layout --fail-on warning")
    assert (code, f"{part} is missing" in out) == (1, True), out


@pytest.mark.parametrize("part", ["etc/certs/pub-sealed-secrets.pem", "scripts/bootstrap_flux.sh"])
def test_a_part_in_another_place_is_found(fresh: Path, tmp_path: Path, part: str) -> None:
    root = Path(shutil.copytree(fresh, tmp_path / NAME))
    (root / part).rename(root / Path(part).name)
    code, out, _ = harness.run(root, "check --rules layout --fail-on warning")
    assert (code, f"move it to {part}" in out) == (1, True), out


def test_kustomizations_keep_to_the_intervals(fresh: Path) -> None:
    for name in ("apps", "infrastructure", "monitoring"):
        for body in load_documents((fresh / f"clusters/{NAME}/{name}.yaml").read_text(encoding="utf-8")):
            spec = body["spec"]
            assert (spec["interval"], spec["retryInterval"], spec["prune"]) == ("1h", "5m", True)
            assert spec["timeout"]
            assert spec.get("wait", False) is body["metadata"]["name"].endswith("-controllers")
            sources = [item["name"] for item in spec["postBuild"]["substituteFrom"]]
            waits = body["metadata"]["name"] != "infra-controllers"
            assert sources == ["cluster-vars", "cluster-secret-vars"][: 2 if waits else 1]


@pytest.mark.parametrize("options", ["", "--flux instance"])
def test_the_architecture_page_has_the_real_graph(tmp_path: Path, options: str) -> None:
    root = begin(tmp_path, options)
    with Workspace(root, options=Options(sources=harness.sources())) as workspace:
        drawn = draw(workspace.graph(), "mermaid")
    shown = re.search(r"```mermaid\n(.*?)```", (root / "docs/ARCHITECTURE.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown and shown[1] == drawn


def test_answers_reach_the_places_that_they_are_for(tmp_path: Path) -> None:
    root = begin(tmp_path, KINDS[-1])
    data = document(root / f"clusters/{NAME}/config-map.yaml")["data"]
    assert data == {
        "CLUSTER_NAME": NAME,
        "CLUSTER_DOMAIN": "atlas.example.com",
        "TAILNET": "atlas-example.ts.net",
        "TIMEZONE": "Europe/Berlin",
    }
    sync = document(root / f"clusters/{NAME}/flux-system/flux-instance.yaml")["spec"]["sync"]
    assert (sync["url"], sync["ref"]) == ("ssh://git@git.example.com/home/atlas.git", "refs/heads/production")
    assert "branches: [production]" in (root / ".github/workflows/validate.yml").read_text(encoding="utf-8")


def test_what_git_knows_is_not_asked(tmp_path: Path) -> None:
    root = tmp_path / NAME
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=trunk")
    git(root, "remote", "add", "origin", "git@github.com:someone/home.git")
    begin(tmp_path)
    text = (root / f"clusters/{NAME}/flux-system/gotk-sync.yaml").read_text(encoding="utf-8")
    assert "url: ssh://git@github.com/someone/home\n" in text
    assert "branch: trunk\n" in text


def test_an_application_can_follow(tmp_path: Path) -> None:
    root = begin(tmp_path)
    command = "new app wiki --style files --image ghcr.io/example/wiki:1.2.3 --port 8080 --yes"
    code, out, err = harness.run(root, command)
    assert code == 0, f"{out}\n{err}"
    text = (root / "apps/base/kustomization.yaml").read_text(encoding="utf-8")
    assert text.startswith("# One folder for each application.")
    assert text.endswith("resources:\n  - wiki\n")


def test_a_second_run_of_its_components_changes_nothing(tmp_path: Path) -> None:
    root = begin(tmp_path)
    before = files_of(root)
    assert harness.run(root, "new --update --yes")[0] == 0
    assert files_of(root) == before


# The key, the certificate and what is sealed.


def test_what_is_sealed_opens_with_the_key_that_was_made(fresh: Path) -> None:
    label = label_of(Scope.STRICT, "flux-system", "cluster-secret-vars")
    assert unseal_value(key_file(fresh)["tls.key"], sealed_email(fresh), label) == b"me@example.com"


def test_the_certificate_is_the_one_of_the_key(fresh: Path) -> None:
    text = (fresh / "etc/certs/pub-sealed-secrets.pem").read_text(encoding="utf-8")
    found = certificates_in(text)
    assert found and (found[0].key, found[0].bits) == ("RSA", 4096)
    assert key_file(fresh)["tls.crt"] == text


def test_the_key_is_for_its_owner_alone_and_nowhere_in_the_repository(fresh: Path) -> None:
    file = fresh.parent / "key.yaml"
    assert file.stat().st_mode & 0o777 == 0o600
    body = document(file)
    assert body["metadata"]["namespace"] == "kube-system"
    assert body["metadata"]["labels"] == {"sealedsecrets.bitnami.com/sealed-secrets-key": "active"}
    private = key_file(fresh)["tls.key"]
    pieces = (private.splitlines()[3].encode(), base64.b64encode(private.encode())[:200], b"PRIVATE KEY")
    assert not [path for path, data in files_of(fresh).items() for piece in pieces if piece in data]


def test_the_key_goes_to_the_data_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    code, out, err = harness.run(tmp_path, f"init home --cluster {NAME} --yes")
    assert code == 0, f"{out}\n{err}"
    file = tmp_path / "data" / "elysium" / NAME / "sealing-key.yaml"
    assert str(file) in out.replace("\n", "")
    assert "tls.key" in document(file)["data"]
    shown = dry_run(tmp_path / "home", "--dry-run")
    assert f"--filename {file}" in shown


def test_a_key_that_is_there_is_used_again(tmp_path: Path) -> None:
    first = begin(tmp_path, known=False)
    kept = (tmp_path / "key.yaml").read_bytes()
    first.rename(tmp_path / "earlier")
    second = begin(tmp_path, known=False)
    assert (tmp_path / "key.yaml").read_bytes() == kept
    certificate = "etc/certs/pub-sealed-secrets.pem"
    assert (second / certificate).read_bytes() == (tmp_path / "earlier" / certificate).read_bytes()


def test_the_certificate_of_an_existing_controller_is_taken(fresh: Path, tmp_path: Path) -> None:
    certificate = fresh / "etc/certs/pub-sealed-secrets.pem"
    root = begin(tmp_path, f"--cert {certificate}")
    assert (root / "etc/certs/pub-sealed-secrets.pem").read_bytes() == certificate.read_bytes()
    assert not (tmp_path / "key.yaml").exists()
    label = label_of(Scope.STRICT, "flux-system", "cluster-secret-vars")
    assert unseal_value(key_file(fresh)["tls.key"], sealed_email(root), label) == b"me@example.com"


@pytest.mark.parametrize("options", ["", "--flux instance"])
def test_the_same_answers_give_the_same_bytes(fresh: Path, tmp_path: Path, options: str) -> None:
    certificate = fresh / "etc/certs/pub-sealed-secrets.pem"
    made = []
    for part in ("one", "two"):
        (tmp_path / part).mkdir()
        made.append(files_of(begin(tmp_path / part, f"{options} --cert {certificate}")))
    # Sealing takes fresh randomness for each value, as it must.
    sealed = f"clusters/{NAME}/sealed-secrets.yaml"
    assert {path for path in made[0] if made[0][path] != made[1].get(path)} <= {sealed}
    assert set(made[0]) == set(made[1])


# The bootstrap script.


def dry_run(root: Path, *arguments: str) -> str:
    """What the script prints where no tool and no cluster is."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **_data_home()}
    done = programs.run(root, "bash", "scripts/bootstrap_flux.sh", *arguments, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _data_home() -> dict[str, str]:
    return {"XDG_DATA_HOME": os.environ["XDG_DATA_HOME"]} if "XDG_DATA_HOME" in os.environ else {}


@pytest.mark.parametrize("options", KINDS)
def test_the_script_has_no_fault_that_shellcheck_knows(tmp_path: Path, options: str) -> None:
    script = begin(tmp_path, options) / "scripts/bootstrap_flux.sh"
    done = programs.run(tmp_path, "shellcheck", script)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("options", ["", "--flux instance", KINDS[-1]])
def test_a_dry_run_needs_nothing_and_loads_the_key_before_flux(tmp_path: Path, options: str) -> None:
    root = begin(tmp_path, options)
    before = files_of(tmp_path)
    lines = dry_run(root, "--dry-run", "--context", "a b", "--sealing-key", str(tmp_path / "key.yaml")).splitlines()
    assert files_of(tmp_path) == before
    key = next(i for i, line in enumerate(lines) if f"apply --server-side --filename {tmp_path / 'key.yaml'}" in line)
    flux = next(i for i, line in enumerate(lines) if "bootstrap" in line or "flux-instance.yaml" in line)
    assert key < flux
    assert all("a\\ b" in line for line in lines if line.startswith(("flux ", "kubectl ", "helm ")))


def test_the_script_knows_the_repository_by_its_address(tmp_path: Path) -> None:
    root = begin(tmp_path, "--url ssh://git@github.com/someone/home.git --branch production")
    shown = dry_run(root, "--dry-run")
    assert "flux bootstrap github --owner=someone --repository=home --read-write-key --branch=production" in shown
    assert f"--path=clusters/{NAME}" in shown
    assert "--personal" in shown
    assert "--personal" not in dry_run(root, "--dry-run", "--organization")


@pytest.mark.parametrize(("arguments", "told"), [(["--wat"], "unknown argument"), (["--context"], "needs a value")])
def test_the_script_refuses_what_it_does_not_know(fresh: Path, arguments: list[str], told: str) -> None:
    done = programs.run(fresh, "bash", fresh / "scripts/bootstrap_flux.sh", *arguments)
    assert (done.returncode, told in done.stderr) == (2, True)


# Documents for people and assistants.


COMMAND = re.compile(r"(?:^|`)elysium ([a-z][^`]*?)(?:`|$)", re.MULTILINE)
PLACEHOLDERS = {
    "KIND/NAMESPACE/NAME": "Namespace/monitoring",
    "hr/NAMESPACE/NAME": "hr/kube-system/sealed-secrets-controller",
    "ks/flux-system/NAME": "ks/flux-system/apps",
    "RULE": "deadlock",
    "image=IMAGE": "image=ghcr.io/example/wiki:1.2.3",
    "port=PORT": "port=8080",
    "NAME": "wiki",
}


def commands(root: Path) -> list[str]:
    """Every command of ours that a document names, with real names in place of the placeholders."""
    found = set()
    for path, data in files_of(root).items():
        if path.endswith(".md"):
            text = data.decode().replace("\\\n", " ")
            found |= {re.sub(r"\s+", " ", command).strip() for command in COMMAND.findall(text)}
    return [with_names(command) for command in sorted(found)]


def with_names(command: str) -> str:
    """A command of a document as somebody would type it; of those that write or ask, only that there is such a one."""
    for placeholder, real in PLACEHOLDERS.items():
        command = command.replace(placeholder, real)
    verb, *rest = command.split()
    if verb in ("secrets", "hook", "plan", "agents") or not rest:
        return " ".join([verb, *itertools.takewhile(str.isalpha, rest[:1]), "--help"])
    asks = verb == "new" and not {"--list", "--dry-run"} & set(rest)
    return f"{command} --dry-run" if asks else command


def test_documents_name_only_files_that_exist(fresh: Path) -> None:
    assert not [item for item in harness.findings(fresh) if item.rule == "documentation-reference"]


def test_every_command_of_the_documents_works(tmp_path: Path) -> None:
    root = begin(tmp_path, "--git")
    commit(root)
    named = commands(root)
    assert len(named) > 20
    for command in named:
        assert command.split()[0] in COMMANDS, command
        code, out, err = harness.run(root, command)
        assert code == 0, f"elysium {command}\n{out}\n{err}"


@pytest.mark.parametrize("role", ["planner", "troubleshooter", "reviewer"])
def test_roles_are_there_in_both_formats(fresh: Path, role: str) -> None:
    agent = (fresh / f".github/agents/{role}.agent.md").read_text(encoding="utf-8")
    mode = (fresh / f".github/chatmodes/{role}.chatmode.md").read_text(encoding="utf-8")
    assert f"\nname: {role}\n" in agent.split("---")[1]
    assert agent.split(" -->\n", 1)[1] == mode.split(" -->\n", 1)[1]


@pytest.mark.parametrize(
    "task", ["deploy-app", "troubleshoot-flux", "manage-secrets", "generate-docs", "review-config"]
)
def test_tasks_have_a_description(fresh: Path, task: str) -> None:
    head = (fresh / f".github/prompts/{task}.prompt.md").read_text(encoding="utf-8").split("---")[1]
    assert set(load_documents(head)[0]) == {"description", "agent", "argument-hint"}


# What is refused.


def refused(folder: Path, command: str) -> str:
    """What is told of a command that exits with 2 and leaves everything as it is."""
    before = files_of(folder)
    code, out, err = harness.run(folder, command)
    assert code == 2, f"{out}\n{err}"
    assert files_of(folder) == before
    return re.sub(r"\s+", " ", out + err)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--cluster Kyrion", "'Kyrion' cannot be the name of a cluster"),
        ("--domain not_a_domain", "domain 'not_a_domain': allowed is a domain name"),
        ("--timezone Europe/Atlantis", "timezone 'Europe/Atlantis': there is no such time zone"),
        ("--email nobody", "email 'nobody': allowed is an e-mail address"),
        ("--url https://github.com/a/b", "url 'https://github.com/a/b': Flux fetches with a deploy key"),
        ("--url 'ssh://git@github.com/a/$(reboot)'", "the address stands in a shell script"),
        ("--flux argo", "flux 'argo': allowed is one of bootstrap, instance"),
        ("--storage-class Local", "storage-class 'Local': allowed is a name"),
        ("--branch 'a b'", "branch 'a b': allowed is a path"),
        ("--domian a.example.com", "cluster has no such parameter: perhaps domain"),
        ("--certificate x", "the certificate is no answer"),
        ("--cert missing.pem", "missing.pem"),
        ("--cert notes.txt", "there is no certificate in this PEM text"),
        ("--cert notes.txt --sealing-key key.yaml", "exclude each other"),
        ("--sealing-key home/key.yaml", "the private key must not be in the repository"),
        ("--sealing-key notes.txt", "this is no sealing key"),
        ("--answers missing.toml", "missing.toml"),
        ("--set domain", "this is no KEY=VALUE"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_written(tmp_path: Path, options: str, told: str) -> None:
    (tmp_path / "notes.txt").write_text("notes\n", encoding="utf-8")
    name = "" if "--cluster" in options else f"--cluster {NAME}"
    assert told in refused(tmp_path, f"init home {name} {options} --yes")
    assert not (tmp_path / "home").exists()


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "notes.txt").write_text("notes\n", encoding="utf-8")
    assert "the folder is not empty: notes.txt" in refused(tmp_path, f"init home --cluster {NAME} --yes")
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused(tmp_path, f"init file --cluster {NAME} --yes")


def test_a_link_to_the_repository_hides_no_key(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "way").symlink_to("home")
    told = refused(tmp_path, f"init home --cluster {NAME} --sealing-key way/key.yaml --yes")
    assert "must not be in the repository" in told


def test_a_key_beside_it_in_the_same_checkout_would_be_committed(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    told = refused(tmp_path, f"init home/{NAME} --sealing-key keys/key.yaml --yes")
    assert "must not be in the repository" in told


def test_a_dry_run_shows_every_file_and_writes_none(tmp_path: Path) -> None:
    command = f"init home --cluster {NAME} --sealing-key key.yaml --dry-run -o json"
    code, out, err = harness.run(tmp_path, command)
    assert (code, list(tmp_path.iterdir())) == (0, []), err
    shown = json.loads(out)["files"]
    assert {item["action"] for item in shown} == {"create"}
    assert f"clusters/{NAME}/apps.yaml" in {item["path"] for item in shown}
    assert "PRIVATE KEY" not in out


def test_git_is_asked_only_with_the_option(tmp_path: Path) -> None:
    assert not (begin(tmp_path) / ".git").exists()
    root = begin(tmp_path, "--git", name="second")
    assert git(root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert git(root, "status", "--short", "--untracked-files=all").count("?? ") > 50


def test_the_folder_names_the_cluster_where_nothing_else_does(tmp_path: Path) -> None:
    code, _, err = harness.run(tmp_path, "init kyrion --sealing-key key.yaml --yes")
    assert code == 0, err
    assert (tmp_path / "kyrion/clusters/kyrion/apps.yaml").is_file()


@pytest.mark.parametrize("command", ["init", "init . --existing --cluster a"])
def test_what_is_meant_has_to_be_said(tmp_path: Path, command: str) -> None:
    refused(tmp_path, command)
