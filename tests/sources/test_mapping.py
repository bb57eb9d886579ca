"""`--source` in its forms, and what is said about the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.errors import UsageError
from elysium.sources.mapping import parse_mapping


def test_the_forms(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    one = parse_mapping("GitRepository/flux-system/charts=charts", tmp_path)
    assert (one.form, one.target, one.path) == ("object", "GitRepository/flux-system/charts", str(tmp_path / "charts"))
    assert one.serves_object("GitRepository", "flux-system", "charts")
    assert not one.serves_object("GitRepository", "other", "charts")
    two = parse_mapping(f"chart-repo=https://charts.example.com/a?b=c={tmp_path}/charts")
    assert two.target == "https://charts.example.com/a?b=c"
    assert two.serves_url("chart-repo", "https://CHARTS.example.com/a/?b=c")
    three = parse_mapping("git-url=git@example.com:acme/x.git=charts", tmp_path)
    assert three.serves_url("git-url", "https://example.com/acme/x")
    assert not three.serves_url("chart-repo", "https://example.com/acme/x")
    assert [parse_mapping(str(item), tmp_path) for item in (one, two, three)] == [one, two, three]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Kind/namespace/name"),
        ("charts", "Kind/namespace/name"),
        ("GitRepository/charts=x", "Kind/namespace/name"),
        ("GitRepository//charts=x", "Kind/namespace/name"),
        ("Deployment/a/b=x", "not one of"),
        ("GitRepository/a/b=", "names no directory"),
        ("chart-repo=https://x", "names no address"),
        ("GitRepository/a/b=absent", "not a directory"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_mapping(text, tmp_path)
    assert caught.value.hint
    assert "--source" in str(caught.value)
