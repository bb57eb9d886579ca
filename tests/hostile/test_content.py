"""Files that no parser should trust: one unit each, in one repository, so that no case may harm another."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.hostile.sandbox import Outcome, Sandbox
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

BOMB = "  a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"  {name}: &{name} [{', '.join([f'*{previous}'] * 10)}]\n"
    for previous, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
MERGES = "  a: &a {x: 1}\n" + "".join(
    f"  {name}: &{name}\n    one: {{<<: *{before}}}\n    two: {{<<: *{before}}}\n    three: [*{before}, *{before}]\n"
    for before, name in zip("abcdefghijklmnopqr", "bcdefghijklmnopqrs", strict=True)
)
LARGE = 100 << 20


def object_with(data: bytes, name: str = "bad") -> bytes:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: web}}\n".encode() + data


FAILING = {
    "bytes": (object_with(b"data: {a: \xff\xfe\xba\xad}\n"), "byte 0xff is not UTF-8"),
    "surrogate": (object_with(b"data: {a: '\xed\xa0\x80'}\n"), "byte 0xed is not UTF-8"),
    "nul": (object_with(b"data: {a: \x00}\n"), "control characters are not allowed"),
    "escape": (object_with(b"data: {a: \x1b[2J}\n"), "control characters are not allowed"),
    "bomb": (object_with(b"data:\n" + BOMB.encode()), "expand to more than a million nodes"),
    "merges": (object_with(b"data:\n" + MERGES.encode()), "expand to more than a million nodes"),
    "itself": (object_with(b"data: &a {a: *a}\n"), 'anchor "a" contains itself'),
    "deep": (object_with(b"data: " + b"[" * 200_000 + b"]" * 200_000 + b"\n"), "exceeded max depth"),
    "open": (object_with(b"data: " + b"{a: " * 200_000), "exceeded max depth"),
    "many": (b"---\n" * 100_000 + object_with(b"data: [\n"), "did not find expected node content"),
    "text": (b"just text\n", "missing Resource metadata"),
    "unnamed": (b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: null}\n", "missing metadata.name"),
    "listed": (b"apiVersion: v1\nkind: ConfigMap\nmetadata: [a]\n", "missing metadata.name"),
    "kind": (b"apiVersion: 1\nkind: {a: b}\nmetadata: {name: x}\n", "missing kind"),
    "items": (b"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [1, null, []]}]\n", "metadata"),
}
PASSING = {
    "empty": b"",
    "comments": b"# nothing\n---\n# here\n",
    "good": object_with(b"data: {a: b}\n", "good"),
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Outcome]:
    """One check and one render of a repository with every bad file."""
    sandbox = Sandbox(tmp_path_factory.mktemp("content"))
    files = {name: data for name, (data, _) in FAILING.items()} | PASSING
    for name, data in files.items():
        place = sandbox.repository / "apps" / name
        place.mkdir(parents=True)
        (place / "bad.yaml").write_bytes(data)
    units = {f"{CLUSTER}/{name}.yaml": kustomization(name, f"./apps/{name}") for name in files}
    write_repository(sandbox.repository, units)
    return sandbox.run("check", "-o", "json"), sandbox.run("render", "-o", "name")


@pytest.mark.parametrize("name", FAILING)
def test_a_bad_file_is_a_finding_at_its_file(checked: tuple[Outcome, Outcome], name: str) -> None:
    outcome = checked[0]
    assert outcome.code == 1, outcome.err
    findings = msgspec.json.decode(outcome.out)["findings"]
    said = [item["message"] for item in findings if item["file"] == f"apps/{name}/bad.yaml"]
    assert FAILING[name][1] in " ".join(said), said
    assert f"failed: ks/flux-system/{name}: " in checked[1].err


@pytest.mark.parametrize("name", PASSING)
def test_a_bad_neighbour_harms_nobody(checked: tuple[Outcome, Outcome], name: str) -> None:
    units = {unit["name"]: unit["state"] for unit in msgspec.json.decode(checked[0].out)["units"]}
    assert units[name] == "rendered"
    assert "ConfigMap/web/good" in checked[1].out


def large(path: Path, head: bytes = b"") -> None:
    """A file of 100 MB, most of it a hole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(LARGE)


@pytest.mark.parametrize("place", ["apps/huge.yaml", "apps/huge.bin", "chart/files/huge.bin", "chart/values.yaml"])
def test_a_file_of_100_mb_is_bounded(sandbox: Sandbox, place: str) -> None:
    generated = "namespace: web\nconfigMapGenerator: [{name: a, files: [huge.bin]}]\n"
    write_repository(
        sandbox.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
            "apps/kustomization.yaml": generated if place == "apps/huge.bin" else "resources: [web.yaml, huge.yaml]\n",
            "apps/web.yaml": helm_release("web", "web", "./chart"),
            "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "chart/templates/a.yaml": config_map("a", "web", '{a: {{ .Files.Get "files/huge.bin" | len | quote }}}'),
        },
    )
    if place != "apps/huge.yaml":
        write_repository(sandbox.repository, {"apps/huge.yaml": config_map("b", "web", "{a: b}")})
    large(sandbox.repository / place, b"apiVersion: v1\n" if place.endswith(".yaml") else b"")
    outcome = sandbox.run("check", within=30)
    assert outcome.code == 1, outcome.said
    assert "larger than" in outcome.said, outcome.said
    assert place.rpartition("/")[2] in outcome.said


@pytest.mark.parametrize(
    ("bound", "template"),
    [
        ("--limit-seconds=2", "{{ range until 9999 }}" * 3 + "{{ end }}" * 3),
        ("--limit-memory=256", '{{ $x := "0123456789" }}{{ range until 40 }}{{ $x = cat $x $x }}{{ end }}{{ $x }}'),
        ("--limit-memory=256", '{{ "0123456789" | repeat 1000000000 }}'),
        ("--limit-memory=256", "{{ $l := list 1 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}"),
        ("--limit-seconds=2", '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'),
        ("--limit-seconds=2", '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}'),
    ],
)
def test_a_template_that_takes_too_much_is_stopped(sandbox: Sandbox, bound: str, template: str) -> None:
    write_repository(
        sandbox.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
            "apps/web.yaml": helm_release("web", "web", "./chart"),
            "apps/good.yaml": helm_release("good", "web", "./good"),
            "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "chart/templates/a.yaml": template,
            "good/Chart.yaml": "apiVersion: v2\nname: good\nversion: 1.0.0\n",
            "good/templates/a.yaml": config_map("good", "web", "{a: b}"),
        },
    )
    outcome = sandbox.run("render", "-o", "name", bound, within=20)
    assert outcome.code == 1, outcome.said
    assert "failed: hr/web/web: " in outcome.err
    assert "ConfigMap/web/good" in outcome.out


def test_a_file_that_takes_too_long_to_read_is_a_finding(sandbox: Sandbox) -> None:
    write_repository(
        sandbox.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
            "apps/good.yaml": config_map("good", "web", "{a: b}"),
            "unused/slow.yaml": "a: {b: [{c: [1, 2]}]}\n" * 400_000,
        },
    )
    for _ in range(2):
        outcome = sandbox.run("check", "--limit-seconds", "0.5", within=30)
        assert outcome.code == 1, outcome.said
        assert "unused/slow.yaml\n  ✗ 1: the request took longer than 500ms  yaml-syntax" in outcome.out
        assert "2 rendered" in outcome.out
