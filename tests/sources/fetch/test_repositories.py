"""Git repositories over a real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.library import Library
from elysium.sources.requests import Credentials, GitRequest

from ...servers import Authority, GitServer
from ..conftest import Repository
from .conftest import Fetch


@pytest.fixture
def remote(new_repository: Callable[..., Repository]) -> Repository:
    repository = new_repository("served/charts.git")
    repository.commit({"chart/Chart.yaml": "version: 1\n"})
    repository.git("tag", "v1.0.0")
    repository.commit({"chart/Chart.yaml": "version: 2\n"})
    repository.git("tag", "-a", "v1.1.0", "-m", "annotated")
    repository.git("tag", "v2.0.0-rc.1")
    repository.git("tag", "unrelated")
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit({"chart/Chart.yaml": "version: 3\n"})
    repository.git("checkout", "-q", "main")
    return repository


def _chart(library: Library, url: str, reference: dict[str, str]) -> tuple[str, str]:
    found = library.artifact("GitRepository", "flux-system", "charts", {"url": url, "ref": reference})
    assert isinstance(found, Artifact)
    return Path(found.tree.root, "chart/Chart.yaml").read_text().strip(), found.revision


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"branch": "main"}, ("version: 2", "main@", "main")),
        ({"branch": "feature"}, ("version: 3", "feature@", "feature")),
        ({"tag": "v1.0.0"}, ("version: 1", "v1.0.0@", "v1.0.0")),
        ({"tag": "v1.1.0"}, ("version: 2", "v1.1.0@", "v1.1.0^{commit}")),
        ({"semver": ">=1.0.0"}, ("version: 2", "v1.1.0@", "v1.1.0^{commit}")),
        ({"semver": "1.0.x"}, ("version: 1", "v1.0.0@", "v1.0.0")),
        ({"name": "refs/heads/feature"}, ("version: 3", "refs/heads/feature@", "feature")),
    ],
)
def test_every_kind_of_reference(
    remote: Repository, fetched: Fetch, library: Library, reference: dict[str, str], expected: tuple[str, str, str]
) -> None:
    content, name, commit = expected
    kind: Any = next(iter(reference))
    with GitServer(remote.path.parent) as server:
        url = f"{server.url}/charts.git"
        outcome = fetched(GitRequest(url=url, kind=kind, value=reference[kind]))
    revision = f"{name}sha1:{remote.git('rev-parse', commit)}"
    assert (outcome.state, outcome.revision) == ("fetched", revision)
    assert _chart(library, url, reference) == (content, revision)


def test_a_commit_that_no_reference_names(remote: Repository, fetched: Fetch, library: Library) -> None:
    commit = remote.git("rev-parse", "main~1")
    with GitServer(remote.path.parent) as server:
        url = f"{server.url}/charts.git"
        assert fetched(GitRequest(url=url, kind="commit", value=commit)).state == "fetched"
        absent = fetched(GitRequest(url=url, kind="commit", value="0" * 39 + "1"))
    assert _chart(library, url, {"commit": commit}) == ("version: 1", f"sha1:{commit}")
    assert absent.state == "failed"


def test_a_second_fetch_tells_what_changed(remote: Repository, fetched: Fetch) -> None:
    with GitServer(remote.path.parent) as server:
        request = GitRequest(url=f"{server.url}/charts.git", kind="branch", value="main")
        states = [fetched(request).state, fetched(request).state]
        remote.commit({"chart/new.yaml": "x\n"})
        states.append(fetched(request).state)
    assert states == ["fetched", "unchanged", "fetched"]


@pytest.mark.parametrize(
    ("kind", "value"), [("branch", "absent"), ("tag", "v9"), ("semver", ">=3.0.0"), ("semver", "?")]
)
def test_a_reference_that_is_not_there_fails_as_in_flux(
    remote: Repository, fetched: Fetch, library: Library, kind: Any, value: str
) -> None:
    with GitServer(remote.path.parent) as server:
        url = f"{server.url}/charts.git"
        outcome = fetched(GitRequest(url=url, kind=kind, value=value))
    assert outcome.state == "failed"
    found = library.artifact("GitRepository", "a", "b", {"url": url, "ref": {kind: value}})
    assert isinstance(found, Missing)
    assert found.state == "failed"


def test_no_server_is_unknown_and_keeps_what_was_there(remote: Repository, fetched: Fetch, library: Library) -> None:
    with GitServer(remote.path.parent) as server:
        url = f"{server.url}/charts.git"
        request = GitRequest(url=url, kind="branch", value="main")
        fetched(request)
    outcome = fetched(request)
    assert outcome.state == "unknown"
    assert outcome.hint
    assert _chart(library, url, {"branch": "main"})[0] == "version: 2"


def test_credentials_of_the_source_and_a_private_authority(
    remote: Repository, fetched: Fetch, authority: Authority
) -> None:
    secrets = {"apps/token": {"username": b"flux", "password": b"s3cr3t-value\n", "ca.crt": authority.pem}}
    with GitServer(remote.path.parent, tls=authority.context, login="flux:s3cr3t-value") as server:
        url = f"{server.url}/charts.git"
        request = GitRequest(url=url, kind="branch", value="main", credentials=Credentials(secret="apps/token"))
        untrusted = fetched(request)
        denied = fetched(request, ca_file=str(authority.file))
        assert fetched(request, secrets=secrets).state == "fetched"
    assert untrusted.state == denied.state == "unknown"
    assert "--ca-file" in untrusted.hint
    assert "secretRef" in denied.hint
    assert "s3cr3t" not in untrusted.message + denied.message


def test_a_users_netrc(remote: Repository, fetched: Fetch, tmp_path: Path) -> None:
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login me password mine\n")
    (tmp_path / "home" / ".netrc").chmod(0o600)
    with GitServer(remote.path.parent, login="me:mine") as server:
        assert fetched(GitRequest(url=f"{server.url}/charts.git", kind="branch", value="main")).state == "fetched"


def test_a_server_in_trouble_is_asked_again(remote: Repository, fetched: Fetch) -> None:
    with GitServer(remote.path.parent) as server:
        server.trouble = [(503, {}, b"later"), (502, {}, b"later")]
        assert fetched(GitRequest(url=f"{server.url}/charts.git", kind="branch", value="main")).state == "fetched"


def test_submodules_only_when_asked_for(
    remote: Repository, new_repository: Callable[..., Repository], fetched: Fetch, library: Library
) -> None:
    inner = new_repository("served/inner.git")
    inner.commit({"values.yaml": "inner: true\n"})
    with GitServer(remote.path.parent) as server:
        remote.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../inner.git", "lib/inner")
        remote.commit()
        url = f"{server.url}/charts.git"
        plain = GitRequest(url=url, kind="branch", value="main")
        whole = GitRequest(url=url, kind="branch", value="main", submodules=True)
        assert fetched(plain).state == fetched(whole).state == "fetched"
    spec = {"url": url, "ref": {"branch": "main"}}
    without = library.artifact("GitRepository", "a", "b", spec)
    within = library.artifact("GitRepository", "a", "b", {**spec, "recurseSubmodules": True})
    assert isinstance(without, Artifact)
    assert isinstance(within, Artifact)
    assert "lib/inner/values.yaml" not in without.tree.files
    assert Path(within.tree.root, "lib/inner/values.yaml").read_text() == "inner: true\n"


@pytest.mark.parametrize("url", ["ext::sh -c true", "file:///etc", "/etc", "--upload-pack=x", "ftp://h/x"])
def test_only_known_ways_lead_out(fetched: Fetch, url: str) -> None:
    outcome = fetched(GitRequest(url=url, kind="branch", value="main"))
    assert outcome.state == "failed"
    assert "no way to fetch" in outcome.message


def test_a_cloud_identity_is_unknown(fetched: Fetch) -> None:
    request = GitRequest(url="https://dev.azure.com/x", credentials=Credentials(provider="azure"))
    outcome = fetched(request)
    assert outcome.state == "unknown"
    assert "azure" in outcome.message


def test_a_login_in_the_address_is_used_and_never_kept(
    remote: Repository, fetched: Fetch, library: Library, tmp_path: Path
) -> None:
    with GitServer(remote.path.parent, login="ada:p@55word") as server:
        url = f"{server.url.replace('://', '://ada:p%4055word@')}/charts.git"
        outcome = fetched(GitRequest(url=url, kind="branch", value="main"))
        wrong = fetched(GitRequest(url=url.replace("word", "w0rd"), kind="branch", value="main"))
    assert outcome.state == "fetched"
    assert _chart(library, url, {"branch": "main"})[0] == "version: 2"
    assert wrong.state == "unknown"
    for text in (str(outcome), str(wrong), wrong.hint):
        assert "55w" not in text
    for path in library.cache.directory.rglob("*"):
        assert not path.is_file() or b"55word" not in path.read_bytes(), path
