"""Where the control plane and the replay are found, in which order, and when they are built."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from elysium.cluster import binaries, building, programs
from elysium.cluster.command import Command
from elysium.cluster.opening import open_server
from elysium.errors import ClusterError
from tests.cluster import modules


class Notices:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, done: int, total: int) -> None:
        self.texts.append(text)

    @property
    def builds(self) -> list[str]:
        return [text for text in self.texts if text.startswith("compiled")]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a small module, as which the package takes itself to be installed."""
    root = tmp_path / "checkout"
    package = root / "src" / "elysium" / "cluster"
    package.mkdir(parents=True)
    modules.make(root / "controlplane", ".", "cmd/replay")
    for module in (binaries, programs):
        monkeypatch.setattr(module, "__file__", str(package / "module.py"))
    for name in ("ELYSIUM_CONTROLPLANE", "ELYSIUM_REPLAY", "KUBEBUILDER_ASSETS"):
        monkeypatch.delenv(name, raising=False)
    return root


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_variable_comes_first(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(checkout / "src/elysium/cluster/bin/elysium-controlplane")
    named = program(tmp_path / "own")
    monkeypatch.setenv("ELYSIUM_CONTROLPLANE", str(named))
    notices = Notices()
    assert binaries.control_plane(tmp_path / "cache", notices) == (str(named),)
    assert binaries.replayer(tmp_path / "cache", notices) == (str(named), "replay")
    replay = program(tmp_path / "replay")
    monkeypatch.setenv("ELYSIUM_REPLAY", str(replay))
    assert binaries.replayer(tmp_path / "cache", notices) == (str(replay),)
    assert notices.texts == []


@pytest.mark.parametrize("variable", ["ELYSIUM_CONTROLPLANE", "ELYSIUM_REPLAY"])
def test_a_variable_that_names_no_program_is_an_error(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(ClusterError, match=f"{variable}=.*no program here"):
        binaries.replayer(tmp_path / "cache", Notices())


def test_what_is_packaged_comes_next(checkout: Path, tmp_path: Path) -> None:
    packaged = program(checkout / "src/elysium/cluster/bin/elysium-controlplane")
    assert binaries.control_plane(tmp_path / "cache", Notices()) == (str(packaged),)


def test_what_a_checkout_built_is_taken_while_it_is_current(checkout: Path, tmp_path: Path) -> None:
    built, module = checkout / "build" / "elysium-controlplane", checkout / "controlplane"
    building.build(programs.CONTROL_PLANE, module, built, Notices())
    notices = Notices()
    assert binaries.control_plane(tmp_path / "cache", notices) == (str(built),)
    assert notices.texts == []
    modules.change(module, ".", modules.MAIN.replace("none", "other"))
    [cached] = binaries.control_plane(tmp_path / "cache", notices)
    assert Path(cached).is_relative_to(tmp_path / "cache")


def test_it_is_built_into_the_cache_on_first_use(checkout: Path, tmp_path: Path) -> None:
    notices = Notices()
    [first] = binaries.control_plane(tmp_path / "cache", notices)
    assert notices.builds == ["compiled the control plane"]
    assert binaries.control_plane(tmp_path / "cache", notices) == (first,)
    assert binaries.replayer(tmp_path / "cache", notices) == (first, "replay")
    assert len(notices.builds) == 1
    modules.change(checkout / "controlplane", ".", modules.MAIN.replace("none", "other"))
    assert binaries.control_plane(tmp_path / "cache", notices) != (first,)
    assert len(notices.builds) == 2


def test_only_the_small_program_is_built_where_a_replay_is_enough(checkout: Path, tmp_path: Path) -> None:
    notices = Notices()
    [replay] = binaries.replayer(tmp_path / "cache", notices)
    assert Path(replay).name == "elysium-replay"
    assert notices.builds == ["compiled the replay"]
    assert binaries.existing_control_plane(tmp_path / "cache") is None


def test_where_nothing_can_be_built_the_places_are_told(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elysium.cluster.golang._installed", list)
    with pytest.raises(ClusterError, match=r"looked at ELYSIUM_CONTROLPLANE and") as raised:
        binaries.control_plane(tmp_path / "cache", Notices())
    assert str(checkout / "build" / "elysium-controlplane") in raised.value.message
    assert str(tmp_path / "cache") in raised.value.message
    assert "pip install" in raised.value.hint


def test_without_its_sources_nothing_is_built(checkout: Path, tmp_path: Path) -> None:
    (checkout / "controlplane" / "go.mod").unlink()
    with pytest.raises(ClusterError, match="sources of the control plane are not here"):
        binaries.control_plane(tmp_path / "cache", Notices())


def test_a_cache_that_cannot_be_written_is_an_error(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no directory")
    with pytest.raises(ClusterError, match="cannot be kept here") as raised:
        binaries.control_plane(tmp_path / "cache", Notices())
    assert "ELYSIUM_CACHE" in raised.value.hint


def test_our_own_control_plane_is_opened_with_its_replay(
    server_binary: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELYSIUM_CONTROLPLANE", server_binary[0])
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    notices = Notices()
    with ExitStack() as stack:
        server, replayer = open_server(stack, tmp_path, controllers=False, notice=notices)
        assert not server.controllers
        assert replayer.handshake.server == server.version
    assert notices.texts == ["starting the control plane"]
    assert not server.kubeconfig.exists()


def test_assets_are_opened_where_a_control_plane_would_have_to_be_built(
    checkout: Path, server_binary: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("etcd", "kube-apiserver"):
        (assets / name).symlink_to(server_binary[0])
    replay = tmp_path / "replay"
    replay.write_text(f'#!/bin/sh\nexec {server_binary[0]} replay "$@"\n')
    replay.chmod(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets))
    monkeypatch.setenv("ELYSIUM_REPLAY", str(replay))
    with ExitStack() as stack:
        server, replayer = open_server(stack, tmp_path / "cache", notice=Notices())
        assert not server.controllers
        assert replayer.handshake.server == server.version
