"""A library on an empty cache, and a `fetch` that waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from elysium.engine import Call
from elysium.sources import tree
from elysium.sources.cache import Cache
from elysium.sources.fetch import FetchSettings, Outcome, fetch
from elysium.sources.library import Library
from elysium.sources.requests import Request

from ...servers import Authority

Fetch = Callable[..., Outcome]

SETTINGS = {"pause": 0.01, "longest_pause": 0.05, "attempts": 3, "timeout": 5.0}


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever runs the tests has no logins and no proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "home" / ".docker"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    (tmp_path / "home").mkdir()


@pytest.fixture
def library(cache: Cache, call: Call, tmp_path: Path) -> Library:
    own = tree.make(str(tmp_path), {})
    return Library(cache=cache.directory, mappings=(), own=own, own_urls=frozenset(), call=call)


@pytest.fixture
def fetched(library: Library) -> Fetch:
    """Fetch one request."""

    def one(request: Request, **settings: object) -> Outcome:
        chosen = FetchSettings(**{**SETTINGS, **settings})  # type: ignore[arg-type]  # fields of FetchSettings
        return fetch([request], library, None, chosen)[0]

    return one


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    (tmp_path / "authority").mkdir()
    return Authority(tmp_path / "authority")
