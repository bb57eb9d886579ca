"""Settings: what is read, and how a mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.errors import SettingsError
from elysium.settings import Settings, read_settings


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()


def test_every_level_is_read(tmp_path: Path) -> None:
    text = """
    flux = "2.8"
    external = ["Secret/flux-system/sops-age"]
    [cluster."clusters/kyrion"]
    kubernetes = "1.35"
    api-versions = ["monitoring.coreos.com/v1"]
    [[ignore]]
    rule = "schema"
    reason = "the operator fills it in"
    """
    settings = read_settings(tmp_path, text=text)
    assert settings.flux == "2.8"
    assert settings.cluster["clusters/kyrion"].kubernetes == "1.35"
    assert settings.ignore[0].reason == "the operator fills it in"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("flux = ", "Invalid value"),
        ('fluxx = "2.9"', "fluxx"),
        ('flux = "1.0"', "Flux 1.0 is not known"),
        ("flux = 2.9", "Expected `str`"),
        ('external = ["sops-age"]', "sops-age"),
        ('[[ignore]]\nrule = "schema"', "reason"),
        ('[[cluster.a.nodes]]\nname = "n"\ncpu = "four"', "node n has the quantity 'four'"),
        ('[[cluster.a.nodes]]\nname = "n"\ntaints = ["x=y"]', "node n has the taint 'x=y'"),
        ('[[cluster.a.nodes]]\nname = "n"\ncount = 0', "cannot have this"),
        ('[[cluster.a.nodes]]\nname = "n"\ncount = 1000000000000', "more than 5,000 nodes"),
        ('[[cluster.a.nodes]]\ncpu = "4"', "name"),
        ('[cluster.a]\nsnapshot = "../b.json"', "`snapshot` cannot be"),
    ],
)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "elysium.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path)
    assert part in str(caught.value)
    assert caught.value.subject.startswith("elysium.toml:")
    assert caught.value.hint


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elysium.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError):
        read_settings(tmp_path)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elysium.toml").write_text("#" * (2 << 20))
    with pytest.raises(SettingsError, match="1 MiB"):
        read_settings(tmp_path)
