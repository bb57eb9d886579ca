"""What every test shares: a cache of its own, and no keys or settings of the person who runs it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

CONTROL_PLANE = Path(__file__).resolve().parents[1] / "build" / "elysium-controlplane"

settings.register_profile("unhurried", deadline=None)  # a busy machine is no defect
settings.load_profile("unhurried")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # what starts tests in the background has it ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache of fixtures that serve several tests, and of tests that ask for it: what one rendered, others need not.

    The person's own folders are nobody's business from the first fixture on.
    """
    home = tmp_path_factory.mktemp("shared")
    with pytest.MonkeyPatch.context() as patch:
        _move_in(patch, home)
        if not os.environ.get("ELYSIUM_CONTROLPLANE") and CONTROL_PLANE.is_file():
            patch.setenv("ELYSIUM_CONTROLPLANE", str(CONTROL_PLANE))  # no test builds one, which takes minutes
        yield home / "cache"


@pytest.fixture(autouse=True)
def _own_surroundings(
    warm_cache: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    _move_in(monkeypatch, tmp_path_factory.mktemp("home"))


def _move_in(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("ELYSIUM_CACHE", str(home / "cache"))
    patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    patch.setenv("XDG_DATA_HOME", str(home / "data"))
    for name in ("SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE", "ELYSIUM_DEBUG", "KUBECONFIG", "KUBEBUILDER_ASSETS"):
        patch.delenv(name, raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty folder for a repository."""
    root = tmp_path / "repository"
    root.mkdir()
    return root
