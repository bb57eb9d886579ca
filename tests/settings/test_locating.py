"""Lines of settings."""

from __future__ import annotations

import tomllib

import msgspec
import pytest

from elysium.settings import Settings
from elysium.settings.locating import entry_at_fault, line_of

TEXT = '''\
# the versions
flux = "2.9"
external = [
  "Secret/a/b",
]
inputs = {"a/b" = "c.yaml"}

[rules]
schema = "off"
"orphan-file" = """
schema = "no key"
"""

[cluster."clusters/one"]
kubernetes = "1.36"

[[ignore]]
rule = "schema"
reason = "one"

[[ignore]]
rule = "orphan-file"   # two
[gates]
A.B = true
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("flux",), 2),
        (("external", 0), 3),
        (("inputs", "a/b"), 6),
        (("rules", "schema"), 9),
        (("rules", "orphan-file"), 10),
        (("rules", "absent"), 8),
        (("cluster", "clusters/one", "kubernetes"), 15),
        (("cluster", "clusters/one", "absent"), 14),
        (("ignore", 0, "reason"), 19),
        (("ignore", 1, "rule"), 22),
        (("ignore", 1, "reason"), 21),
        (("gates", "A", "B"), 24),
        (("absent",), 0),
        ((), 0),
    ],
)
def test_a_setting_has_a_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("flux = 1", ("flux",)),
        ('a = "b"', ("a",)),
        ('[rules]\na = "off"\nb = 1', ("rules", "b")),
        ('[cluster.a]\nflux = "2.9"\n[cluster.b]\nflux = 2', ("cluster", "b", "flux")),
        ('[cluster.a]\nflux = "2.9"\n[cluster.b]\nfluxx = "2"', ("cluster", "b", "fluxx")),
        ('[[ignore]]\nrule = "a"\nreason = "b"\n[[ignore]]\nrule = 1', ("ignore", 1, "rule")),
        ('[[ignore]]\nrule = "a"', ("ignore", 0)),
        ('external = ["a", 1]', ("external", 1)),
    ],
)
def test_what_the_decoder_is_about_is_found(text: str, path: tuple[str | int, ...]) -> None:
    raw = tomllib.loads(text)
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(raw, Settings)
    assert entry_at_fault(raw, caught.value, Settings) == path


def test_a_long_line_is_passed_in_time() -> None:
    assert line_of(f'a = [\n[{" " * 50000}"x"]]\nb = 1\n', ("b",)) == 3
