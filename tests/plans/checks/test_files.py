"""Checks of files and of what stands in them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.plans.checks.asking import ask, opened, result, write

_FILES = {
    "README.md": "# Wiki\n\nset -eu\n\n## 2. Roll *back*:\n\nSee [the guide](docs/guide.md#first-steps) and "
    "[us](https://example.com).\n\nUnderlined\n----------\n\n```\n## Not a heading\n```\n",
    "docs/guide.md": "---\ntitle: Guide\ntags: [a, b]\n---\n# First steps\n[up](../README.md) [self](#first-steps)\n",
    "docs/dead.md": "[gone](nowhere.md)\n",
    "docs/anchor.md": "[gone](guide.md#last-steps)\n",
    "docs/out.md": "[out](../../outside.md)\n",
    "docs/plain.md": "text\n",
    "values.yaml": "a: {b: 1, c: 50Gi}\nlist:\n  - {name: x, on: true}\n  - {name: y, on: false}\nnone:\n"
    "labels: {app.kubernetes.io/name: wiki}\npassword: hunter22\n",
    "several.yaml": "kind: A\n---\nkind: B\n",
    "broken.yaml": "a: [\n",
    "pyproject.toml": '[project]\nname = "wiki"\n',
    "package.json": '{"scripts": {"test": "x"}}',
    "apps/kustomization.yaml": "resources: [./wiki/, extra.yaml]\npatches:\n  - path: patches/owner.yaml\n",
    "apps/wiki/a.yaml": "kind: X\n",
    ".github/workflows/ci.yaml": "on:\n  pull_request:\njobs:\n  test:\n    name: All tests\n    steps:\n"
    "      - uses: actions/checkout@v4\n      - name: Look\n        run: elysium check\n"
    "  call: {uses: ./.github/workflows/other.yaml}\n",
    ".github/workflows/empty.yaml": "on: push\n",
    "Makefile": "VAR := x\nA=b:c\n.PHONY: kind-up\nkind-up deploy: build\n\techo: no\nbuild:\n",
    "shared/Makefile": "include $(sort $(wildcard shared/make/*.mk)) missing.mk\n-include shared/Makefile\n",
    "shared/make/kind.mk": "kind-down:\n",
    "ci/justfile": "set shell := ['sh']\nname := 'x'\n@test arg='1':\n    echo no: x\nalias t := test\n",
}

_PASS = (
    "exists README.md docs",
    "exists docs/*.md **/a.yaml {README,CHANGELOG}.md",
    "exists ./apps/wiki/ apps/w*",
    "absent CHANGELOG.md docs/*.txt",
    "contains README.md set",
    'contains README.md "/^set -e[ux]$/" "set -eu"',
    "contains docs/*.md title",
    "contains apps kind",
    "lacks README.md TBD /^todo/",
    "yaml values.yaml a.b=1 a.b>=1 a.b<2 a.c>40Gi list.x.on=true list[0].name=x list.*.on=false a",
    "yaml values.yaml labels[app.kubernetes.io/name]=wiki a.d!=1 none=null a.c~50 a.c~/^5/",
    "yaml several.yaml kind=B",
    "yaml pyproject.toml project.name=wiki",
    "yaml package.json scripts.test",
    "listed apps wiki extra.yaml patches/owner.yaml",
    "listed apps/kustomization.yaml wiki/",
    'section README.md wiki "Roll back" Underlined',
    "links README.md docs/guide.md",
    "front-matter docs/guide.md title=Guide tags=b",
    "front-matter docs/guide.md",
    'workflow ci trigger pull_request job test step "elysium check" step checkout step Look',
    'workflow .github/workflows/ci.yaml job "All tests"',
    "workflow ci.yaml job call step other.yaml",
    "make kind-up deploy build",
    "make test t file=ci/justfile",
    "make kind-down file=shared/Makefile",
    "date-not-past 2026-11-20",
    "date-not-past 2027-01-31",
)

_FAIL = {
    "exists README.md docs/missing.md": "there is no docs/missing.md",
    "exists docs/*.txt": "there is no docs/*.txt",
    "absent docs": "docs/anchor.md is there",
    "contains README.md set never": "does not contain never",
    "contains missing.md x": "there is no file missing.md",
    "lacks README.md TBD set": "README.md contains set in line 3",
    "lacks missing.md x": "there is no file missing.md",
    "yaml values.yaml a.b=2": "a.b is 1, not 2",
    "yaml values.yaml a.z": "there is no a.z",
    "yaml values.yaml a.c>=1Ti": "a.c is 50Gi, not >=1Ti",
    "yaml values.yaml a>=1": "a is",
    "yaml values.yaml list=x": "list is",
    "yaml several.yaml kind=C": "kind is A",
    "yaml broken.yaml a": "broken.yaml cannot be read",
    "yaml missing.yaml a": "there is no file missing.yaml",
    "listed apps plex": "does not list plex",
    "listed docs plex": "there is no file docs",
    'section README.md "Not a heading"': "no section Not a heading",
    "section missing.md x": "there is no file missing.md",
    "links docs/dead.md": "nowhere.md leads nowhere",
    "links docs/anchor.md": "no such heading",
    "links docs/out.md": "leads nowhere",
    "links missing.md": "no document missing.md",
    "front-matter docs/plain.md": "no front matter",
    "front-matter docs/guide.md title=Other": "title is Guide, not Other",
    "workflow ci trigger push": "not started by push",
    "workflow ci job deploy": "no job deploy",
    "workflow ci job call step elysium": "no step with elysium",
    "workflow empty": "has no jobs",
    "workflow missing": "there is no file .github/workflows/missing",
    "make kind-down": "no target kind-down",
    "make VAR": "no target VAR",
    "make A": "no target A",
    "make name file=ci/justfile": "no target name",
    "date-not-past 2026-11-19": "was 1 days ago",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("files"), _FILES)


@pytest.mark.parametrize("text", _PASS)
def test_what_is_so_passes(place: Path, text: str) -> None:
    with opened(place) as world:
        outcome = ask(world, text)
    assert outcome.result == "pass", outcome.reason
    assert outcome.evidence[0].detail == outcome.reason != ""


@pytest.mark.parametrize(("text", "reason"), _FAIL.items())
def test_what_is_not_so_fails_with_the_reason(place: Path, text: str, reason: str) -> None:
    with opened(place) as world:
        outcome = ask(world, text)
    assert outcome.result == "fail"
    assert reason in outcome.reason


def test_places_are_told(place: Path) -> None:
    with opened(place) as world:
        assert (ask(world, "contains README.md set").evidence[0].line) == 3
        assert (ask(world, 'section README.md "Roll back"').evidence[0].line) == 5
        assert (ask(world, "make build").evidence[0].line) == 6
        assert (ask(world, "links docs/dead.md").evidence[0].line) == 1


def test_a_value_that_may_be_secret_is_not_told(place: Path) -> None:
    with opened(place) as world:
        outcome = ask(world, "yaml values.yaml password=other")
    assert outcome.result == "fail"
    assert "hunter" not in str(outcome)


def test_no_makefile_is_a_failure(repository: Path) -> None:
    with opened(repository) as world:
        assert ask(world, "make test").reason == "there is no Makefile and no justfile"


def test_links_out_of_the_tree_are_not_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("token\n")
    write(repository, {"README.md": "# Here\n"})
    (repository / "out.md").symlink_to(tmp_path / "secret.md")
    (repository / "away").symlink_to(tmp_path)
    with opened(repository) as world:
        for text in ("contains out.md token", "contains away/secret.md token", "yaml out.md a", "section out.md x"):
            assert result(world, text) != "pass", text


def test_a_huge_file_is_unknown(repository: Path) -> None:
    write(repository, {"huge.txt": "x" * (5 << 20), "deep.yaml": "[" * 5000, "deep.json": "[" * 100_000})
    (repository / "binary.bin").write_bytes(b"\xff\xfe\x00")
    with opened(repository) as world:
        assert result(world, "contains huge.txt y") == "unknown"
        assert result(world, "contains binary.bin y") == "unknown"
        assert result(world, "yaml deep.yaml a") == "fail"
        assert result(world, "yaml deep.json a") == "fail"


def test_a_pattern_that_takes_seconds_is_unknown(repository: Path) -> None:
    import random

    write(repository, {"text": "".join(random.Random(1).choices("ab", k=300_000))})
    with opened(repository) as world:
        outcome = ask(world, "contains text /[ab]*a[ab]{60}[ab]{60}c/")
    assert (outcome.result, "simpler" in outcome.reason) == ("unknown", True)


def test_aliases_that_multiply_are_not_written_out(repository: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    write(repository, {"bomb.yaml": "\n".join(lines) + "\n", "few.yaml": "a: &a {b: 1}\nc: *a\n"})
    started = time.monotonic()
    with opened(repository) as world:
        assert "too many values" in ask(world, "yaml bomb.yaml a11~y a11=x").reason
        assert result(world, "yaml few.yaml c.b=1") == "pass"
    assert time.monotonic() - started < 2


def test_documents_with_endless_lines_are_read_in_time(repository: Path) -> None:
    blank = " " * 200_000
    text = f"# {blank}x\n#{blank}\n{'[' * 200_000}\n{'](' * 50_000}\n{'x`' * 50_001}\n\nend\n---\n## Rollback\n"
    write(repository, {"a.md": text, "Makefile": f"a {blank}\n{'x ' * 100_000}\nb: c\n"})
    started = time.monotonic()
    with opened(repository) as world:
        assert result(world, "section a.md Rollback") == "pass"
        assert result(world, "links a.md") == "pass"
        assert result(world, "make b") == "pass"
    assert time.monotonic() - started < 3


def test_patterns_of_paths_do_not_multiply_the_work(repository: Path) -> None:
    write(repository, {f"a/{'b' * 20}/{number}.yaml": "" for number in range(500)})
    started = time.monotonic()
    with opened(repository) as world:
        for text in (
            f"exists {'*b' * 20}/c",
            f"exists {'**/' * 50}c",
            "exists {a,b,c,d,e,f,g,h,i,j}/{a,b,c,d,e,f,g,h,i,j}/*",
        ):
            assert result(world, text) == "fail"
    assert time.monotonic() - started < 5
