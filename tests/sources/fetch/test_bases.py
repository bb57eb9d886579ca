"""Remote bases in the forms that Kustomize reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from elysium.sources.addresses import RepositoryAddress, parse_address
from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.library import Library
from elysium.sources.requests import RemoteBaseRequest

from ...servers import FileServer, GitServer
from ..conftest import Repository
from .conftest import Fetch


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h.example/org/repo//deploy/base?ref=v1", ("https://h.example/org/repo", "deploy/base", "v1")),
        ("https://github.com/org/repo/deploy?ref=v1&timeout=90s", ("https://github.com/org/repo", "deploy", "v1")),
        ("github.com/org/repo//deploy?ref=main", ("https://github.com/org/repo", "deploy", "main")),
        ("github.com/org/repo", ("https://github.com/org/repo", "", "HEAD")),
        ("git::https://h.example/x/y//z?ref=1", ("https://h.example/x/y", "z", "1")),
        ("https://h.example/org/repo.git/deploy?version=v2", ("https://h.example/org/repo.git", "deploy", "v2")),
        ("ssh://git@h.example/org/repo.git//deploy", ("ssh://git@h.example/org/repo.git", "deploy", "HEAD")),
        ("git@github.com:org/repo.git//deploy?ref=x", ("git@github.com:org/repo.git", "deploy", "x")),
        ("https://dev.azure.com/o/p/_git/repo/deploy?ref=x", ("https://dev.azure.com/o/p/_git/repo", "deploy", "x")),
        ("gh:org/repo//deploy", ("https://github.com/org/repo", "deploy", "HEAD")),
    ],
)
def test_addresses_of_repositories(url: str, expected: tuple[str, str, str]) -> None:
    address = RepositoryAddress(url=expected[0], path=expected[1], reference=expected[2])
    assert parse_address(url) == address


@pytest.mark.parametrize("url", ["https://h.example/install.yaml", "https://h.example/releases/download/v1/x.yaml"])
def test_addresses_of_files(url: str) -> None:
    assert parse_address(url) is None


def test_a_directory_of_a_repository(
    new_repository: Callable[..., Repository], fetched: Fetch, library: Library
) -> None:
    repository = new_repository("served/org/repo.git")
    repository.commit({"deploy/kustomization.yaml": "resources: []\n"})
    repository.git("tag", "v1")
    repository.commit({"deploy/kustomization.yaml": "resources: [new]\n"})
    with GitServer(repository.path.parent.parent) as server:
        for reference in ("v1", repository.git("rev-parse", "v1"), "main"):
            url = f"{server.url}/org/repo.git//deploy?ref={reference}"
            assert fetched(RemoteBaseRequest(url=url)).state == "fetched"
            found = library.remote_base(url)
            assert isinstance(found, Artifact)
            expected = "resources: [new]\n" if reference == "main" else "resources: []\n"
            assert Path(found.directory, "kustomization.yaml").read_text() == expected
        missing = f"{server.url}/org/repo.git//absent?ref=v1"
        assert fetched(RemoteBaseRequest(url=missing)).state == "failed"
        assert isinstance(library.remote_base(missing), Missing)


def test_a_file(fetched: Fetch, library: Library) -> None:
    with FileServer({"v1/install.yaml": b"kind: Namespace\n", "page": b"<!DOCTYPE html><html>"}) as server:
        url = f"{server.url}/v1/install.yaml"
        assert fetched(RemoteBaseRequest(url=url)).state == "fetched"
        assert fetched(RemoteBaseRequest(url=f"{server.url}/page")).state == "failed"
        assert fetched(RemoteBaseRequest(url=f"{server.url}/absent.yaml")).state == "failed"
    found = library.remote_base(url)
    assert isinstance(found, Artifact)
    assert Path(found.directory).read_text() == "kind: Namespace\n"
