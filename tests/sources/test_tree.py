"""A tree answers for its parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from elysium.sources import tree

_PATHS = st.lists(st.sampled_from(["a", "b", "a.b", "a0", "apps"]), min_size=1, max_size=3).map("/".join)


@given(st.dictionaries(_PATHS, st.sampled_from(["1", "2"]), max_size=12), _PATHS)
def test_under_covers_exactly_the_files_below(files: dict[str, str], prefix: str) -> None:
    made = tree.make("/tree", files)
    below = sorted(path for path in files if path.startswith(prefix + "/"))
    assert made.below(prefix) == below
    assert made.has_directory(prefix) == bool(below)
    same = tree.make("/other", {path: files[path] for path in below})
    assert made.under(prefix) == same.digest


def test_spellings_of_one_directory() -> None:
    made = tree.make("/tree", {"apps/a": "1", "b": "2"})
    assert len({made.under(prefix) for prefix in ("apps", "./apps", "apps/", "/apps/", "./apps/../apps")}) == 1
    assert {made.under(prefix) for prefix in ("", ".", "./", "/")} == {made.digest}


def test_order_of_files_does_not_matter() -> None:
    one = tree.make("/tree", {"b": "2", "a": "1"})
    assert list(one.files) == ["a", "b"]
    assert one.digest == tree.make("/tree", {"a": "1", "b": "2"}).digest
    assert one.select(["b", "absent"]).files == {"b": "2"}
