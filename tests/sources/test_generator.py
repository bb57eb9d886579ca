"""ExternalArtifacts made from local sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from elysium.engine import Call
from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.generator import GeneratedArtifact, generate, sources_of
from elysium.sources.working import open_folder

from ..servers import chart_archive

FILES = {
    "deploy/a.yaml": "a: 1\n",
    "deploy/sub/b.yaml": "b: 1\n",
    "deploy/sub/readme.md": "text\n",
    "config.yaml": "list: [1, 2]\nmap: {v: 1, w: 1}\n",
    "prod.yaml": "list: [3]\nmap: {w: 2}\n---\nnew: true\n",
    "apps/Auth/envs/prod/x.yaml": "x\n",
    "apps/shop/envs/dev/y.yaml": "y\n",
    "picture.png": "binary",
    "ignored/z.yaml": "z\n",
}


@pytest.fixture
def source(tmp_path: Path) -> Artifact:
    root = tmp_path / "source"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "web-1.0.0.tgz").write_bytes(chart_archive("web", "1.0.0"))
    tree = open_folder(root, None)
    return Artifact(tree=tree, revision="main@sha1:abc", digest=tree.digest, rules="git")


class _Generator:
    def __init__(self, source: Artifact, cache: Cache, call: Call) -> None:
        self._parts = (source, cache, call)

    def all(self, spec: dict[str, Any], ignore: str = "# nothing") -> list[GeneratedArtifact]:
        source, cache, call = self._parts
        whole = {"sources": [{"alias": "src", "kind": "GitRepository", "name": "x"}], **spec}
        return generate("apps", whole, {"src": (source, ignore)}, cache, call)

    def one(self, *copy: dict[str, Any], ignore: str = "# nothing", **fields: Any) -> Artifact | Missing:
        made = self.all({"artifacts": [{"name": "out", "copy": list(copy), **fields}]}, ignore)
        return made[0].artifact

    def files(self, *copy: dict[str, Any], ignore: str = "# nothing") -> list[str]:
        found = self.one(*copy, ignore=ignore)
        assert isinstance(found, Artifact), found
        return list(found.tree.files)


@pytest.fixture
def generator(source: Artifact, cache: Cache, call: Call) -> _Generator:
    return _Generator(source, cache, call)


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ({"from": "@src/config.yaml", "to": "@artifact/apps/app.yaml"}, ["apps/app.yaml"]),
        ({"from": "@src/config.yaml", "to": "@artifact/apps/"}, ["apps/config.yaml"]),
        (
            {"from": "@src/deploy/", "to": "@artifact/apps/"},
            ["apps/deploy/a.yaml", "apps/deploy/sub/b.yaml", "apps/deploy/sub/readme.md"],
        ),
        ({"from": "@src/deploy/**", "to": "@artifact/apps/"}, ["apps/a.yaml", "apps/sub/b.yaml", "apps/sub/readme.md"]),
        ({"from": "@src/deploy/*.yaml", "to": "@artifact/"}, ["deploy/a.yaml"]),
        ({"from": "@src/deploy/**", "to": "@artifact/", "exclude": ["*.md"]}, ["a.yaml", "sub/b.yaml"]),
        ({"from": "@src/deploy/**", "to": "@artifact/", "exclude": ["deploy/sub/**"]}, ["a.yaml"]),
        ({"from": "@src/deploy/**", "to": "@artifact/", "exclude": ["sub/**"]}, ["a.yaml"]),
        ({"from": "@src/deploy", "to": "@artifact/", "exclude": ["**/sub/**"]}, ["deploy/a.yaml"]),
        ({"from": "@src/absent", "to": "@artifact/", "optional": True}, []),
        ({"from": "@src/web-1.0.0.tgz", "to": "@artifact/", "strategy": "Extract"}, ["web/Chart.yaml"]),
        ({"from": "@src/**/*.tgz", "to": "@artifact/c/", "strategy": "Extract"}, ["c/web/Chart.yaml"]),
    ],
)
def test_copies_as_cp_does(generator: _Generator, copy: dict[str, Any], expected: list[str]) -> None:
    assert generator.files(copy) == expected


def test_later_operations_win_and_existing_directories_take_files(generator: _Generator) -> None:
    found = generator.one(
        {"from": "@src/deploy", "to": "@artifact/"},
        {"from": "@src/config.yaml", "to": "@artifact/deploy"},
        {"from": "@src/prod.yaml", "to": "@artifact/deploy/a.yaml"},
    )
    assert isinstance(found, Artifact)
    assert "deploy/config.yaml" in found.tree.files
    assert Path(found.tree.root, "deploy/a.yaml").read_text() == FILES["prod.yaml"]


def test_merge_is_helms(generator: _Generator) -> None:
    found = generator.one(
        {"from": "@src/config.yaml", "to": "@artifact/values.yaml"},
        {"from": "@src/prod.yaml", "to": "@artifact/values.yaml", "strategy": "Merge"},
    )
    assert isinstance(found, Artifact)
    text = Path(found.tree.root, "values.yaml").read_text()
    assert text == "list:\n- 3\nmap:\n  v: 1\n  w: 2\nnew: true\n"


def test_only_what_the_source_packs_is_copied(generator: _Generator) -> None:
    assert "ignored/z.yaml" not in generator.files({"from": "@src/**", "to": "@artifact/"}, ignore="/ignored")
    assert "picture.png" not in generator.files({"from": "@src/**", "to": "@artifact/"}, ignore="")


@pytest.mark.parametrize(
    "copy",
    [
        {"from": "@src/absent", "to": "@artifact/"},
        {"from": "@src/*.absent", "to": "@artifact/"},
        {"from": "@other/a", "to": "@artifact/"},
        {"from": "src/a", "to": "@artifact/"},
        {"from": "@src/config.yaml", "to": "elsewhere/"},
        {"from": "@src/config.yaml", "to": "@artifact/../../evil"},
        {"from": "@src/config.yaml", "to": "@artifact/.git/config"},
        {"from": "@src/deploy", "to": "@artifact/", "strategy": "Extract"},
        {"from": "@src/config.yaml", "to": "@artifact/", "strategy": "Extract"},
        {"from": "@src/[a", "to": "@artifact/"},
        {"from": "@src/*.md", "to": "@artifact/", "exclude": ["["]},
    ],
)
def test_what_source_watcher_refuses_is_failed(generator: _Generator, copy: dict[str, Any]) -> None:
    found = generator.one(copy)
    assert isinstance(found, Missing)
    assert found.state == "failed"
    assert copy["from"] in found.reason


def test_revisions(generator: _Generator) -> None:
    copy = {"from": "@src/config.yaml", "to": "@artifact/"}
    own, given, none = generator.one(copy), generator.one(copy, revision="@src"), generator.one(copy, revision="@x")
    assert isinstance(own, Artifact)
    assert isinstance(given, Artifact)
    assert own.revision == f"latest@sha256:{own.tree.digest}"
    assert own.assumption
    assert given.revision == "main@sha1:abc"
    assert isinstance(none, Missing)


def test_a_path_pattern_makes_one_artifact_a_directory(generator: _Generator) -> None:
    copy = [{"from": "@src/apps/{app}/envs/{env}/**", "to": "@artifact/{app}/"}]
    output = {"name": "{app}-{env}", "namespace": "team-{app}", "copy": copy}
    made = generator.all({"pathPattern": "@src/apps/{app}/envs/{env}", "artifacts": [output]})
    assert [(item.namespace, item.name, dict(item.labels)) for item in made] == [
        ("team-auth", "auth-prod", {"app": "auth", "env": "prod"}),
        ("team-shop", "shop-dev", {"app": "shop", "env": "dev"}),
    ]
    assert isinstance(made[0].artifact, Artifact)
    assert list(made[0].artifact.tree.files) == ["Auth/x.yaml"]


@pytest.mark.parametrize("pattern", ["apps/{app}", "@src", "@other/{a}", "@src/{a}/{a}", "@src/{1a}/x"])
def test_path_patterns_that_are_none(generator: _Generator, pattern: str) -> None:
    output = {"name": "{a}", "copy": [{"from": "@src/config.yaml", "to": "@artifact/"}]}
    with pytest.raises(ValueError, match="pathPattern"):
        generator.all({"pathPattern": pattern, "artifacts": [output]})


def test_a_missing_source_makes_everything_unknown(cache: Cache, call: Call) -> None:
    lost = Missing(state="unknown", reason="not fetched", remedy="fetch")
    spec = {"sources": [{"alias": "a", "kind": "Bucket", "name": "x"}], "artifacts": [{"name": "o", "copy": []}]}
    made = generate("apps", spec, {"a": lost}, cache, call)
    assert [(item.namespace, item.name, item.artifact) for item in made] == [("apps", "o", lost)]


def test_sources_are_named_with_their_namespace() -> None:
    spec = {
        "sources": [
            {"alias": "a", "kind": "GitRepository", "name": "x"},
            {"alias": "b", "kind": "OCIRepository", "name": "y", "namespace": "other"},
        ],
        "artifacts": [],
    }
    assert [(item.alias, item.namespace) for item in sources_of("apps", spec)] == [("a", "apps"), ("b", "other")]
    with pytest.raises(ValueError, match="sources"):
        sources_of("apps", {"artifacts": []})
