"""Trees that lead out of themselves, or in circles."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tests.hostile.sandbox import Sandbox
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

MARKER = "marker-of-a-file-outside"
CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
GENERATED = "configMapGenerator: [{{name: a, {}: [../../outside/secret.txt]}}]\n"
OWN = "kind: GitRepository, name: flux-system, namespace: flux-system"


@pytest.fixture
def outside(sandbox: Sandbox) -> Path:
    """A folder beside the repository with what must not be read."""
    folder = sandbox.directory / "outside"
    write_repository(
        folder,
        {
            "secret.yaml": config_map("stolen", "web", f"{{a: {MARKER}}}"),
            "kustomization.yaml": "resources: [secret.yaml]\n",
            "secret.txt": MARKER,
            "values.yaml": f"a: {MARKER}\n",
            "Chart.yaml": CHART,
            "templates/a.yaml": config_map("stolen", "web", f"{{a: {MARKER}}}"),
        },
    )
    return folder


def assert_refused(sandbox: Sandbox, *said: str) -> None:
    for command in (["check"], ["render", "-o", "json"]):
        outcome = sandbox.run(*command)
        assert MARKER not in outcome.said
        assert outcome.code == 1, outcome.said
        for text in said:
            assert text in outcome.said, outcome.said
    for file in sandbox.cache.rglob("*"):
        assert not file.is_file() or MARKER.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"apps/kustomization.yaml": "resources: [../../outside]\n"}, "outside"),
        ({"apps/kustomization.yaml": "resources: [../../outside/secret.yaml]\n"}, "outside/secret.yaml"),
        ({"apps/kustomization.yaml": "components: [../../outside]\n"}, "outside"),
        ({"apps/kustomization.yaml": GENERATED.format("files")}, "secret.txt"),
        ({"apps/kustomization.yaml": GENERATED.format("envs")}, "secret.txt"),
        ({"apps/kustomization.yaml": "patches: [{path: ../../outside/secret.yaml}]\n"}, "secret.yaml"),
        ({"apps/kustomization.yaml": "openapi: {path: ../../outside/secret.yaml}\n"}, "secret.yaml"),
        ({"apps/web.yaml": helm_release("web", "web", "../outside")}, "hr/web/web"),
        (
            {
                "apps/web.yaml": helm_release("web", "web", "./chart").replace(
                    "chart: ./chart", "chart: ./chart\n      valuesFiles: [../outside/values.yaml]"
                ),
                "chart/Chart.yaml": CHART,
                "chart/templates/a.yaml": config_map("a", "web", "{a: {{ .Values.a }}}"),
            },
            "values.yaml",
        ),
        (
            {
                "apps/web.yaml": helm_release("web", "web", "./chart"),
                "chart/Chart.yaml": CHART,
                "chart/templates/a.yaml": '{{ required "nothing there" (.Files.Get "../../outside/secret.txt") }}',
            },
            "nothing there",
        ),
        (
            {
                "apps/web.yaml": helm_release("web", "web", "./chart"),
                "chart/Chart.yaml": CHART
                + "dependencies: [{name: web, version: '*', repository: 'file://../../outside'}]\n",
                "chart/templates/a.yaml": config_map("a", "web", "{a: b}"),
            },
            "hr/web/web",
        ),
    ],
)
def test_a_path_out_of_the_tree_is_refused(sandbox: Sandbox, outside: Path, files: dict[str, str], said: str) -> None:
    write_repository(sandbox.repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), **files})
    assert_refused(sandbox, said)


@pytest.mark.parametrize("path", ["../outside", "../../outside", "/../outside", "{}"])
def test_spec_path_stays_in_the_tree(sandbox: Sandbox, outside: Path, path: str) -> None:
    unit = kustomization("apps", path.format(outside))
    write_repository(sandbox.repository, {f"{CLUSTER}/apps.yaml": unit})
    assert_refused(sandbox, "ks/flux-system/apps", "path not found")


@pytest.mark.parametrize("link", ["file", "directory", "absolute", "loop", "chart"])
def test_a_link_out_of_the_tree_is_not_followed(sandbox: Sandbox, outside: Path, link: str) -> None:
    apps = sandbox.repository / "apps"
    write_repository(sandbox.repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps")})
    write_repository(sandbox.repository, {"apps/kustomization.yaml": "resources: [linked.yaml]\n"})
    if link == "file":
        (apps / "linked.yaml").symlink_to("../../outside/secret.yaml")
    elif link == "absolute":
        (apps / "linked.yaml").symlink_to(outside / "secret.yaml")
    elif link == "loop":
        (apps / "linked.yaml").symlink_to("other.yaml")
        (apps / "other.yaml").symlink_to("linked.yaml")
        (apps / "round").symlink_to(".")
    elif link == "directory":
        (apps / "linked").symlink_to(outside)
        (apps / "kustomization.yaml").write_text("resources: [linked]\n")
    else:
        (sandbox.repository / "chart").symlink_to(outside)
        (apps / "kustomization.yaml").unlink()
        (apps / "web.yaml").write_text(helm_release("web", "web", "./chart"))
    assert_refused(sandbox, "linked" if link != "chart" else "hr/web/web")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {
                "apps/kustomization.yaml": "resources: [../other]\n",
                "other/kustomization.yaml": "resources: [../apps]\n",
            },
            "cycle detected",
        ),
        ({"apps/kustomization.yaml": "resources: [.]\n"}, "cycle detected"),
        ({"apps/kustomization.yaml": "resources: [..]\n", "kustomization.yaml": "resources: [apps]\n"}, "cycle"),
        (
            {
                f"{CLUSTER}/a.yaml": kustomization("a", "./a", "dependsOn: [{name: b}]\n"),
                f"{CLUSTER}/b.yaml": kustomization("b", "./a", "dependsOn: [{name: a}]\n"),
                "apps/a.yaml": config_map("a", "web", "{a: b}"),
                "a/a.yaml": config_map("c", "web", "{a: b}"),
            },
            "cycle",
        ),
        (
            {f"{CLUSTER}/self.yaml": kustomization("self", "./apps", "dependsOn: [{name: self}]\n"), "apps/a.yaml": ""},
            "cycle",
        ),
    ],
)
def test_a_cycle_is_a_finding(sandbox: Sandbox, files: dict[str, str], said: str) -> None:
    write_repository(sandbox.repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), **files})
    outcome = sandbox.run("check", within=20)
    assert outcome.code == 1, outcome.said
    assert said in outcome.said, outcome.said


def test_a_kustomization_that_builds_its_own_parent_comes_to_an_end(sandbox: Sandbox) -> None:
    write_repository(
        sandbox.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", f"./{CLUSTER}"),
            f"{CLUSTER}/again.yaml": kustomization("again", "./clusters", "namePrefix: x-\n"),
        },
    )
    outcome = sandbox.run("check", within=30)
    assert outcome.code in (0, 1), outcome.said


def archive(path: Path, members: dict[str, str], links: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as made:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            made.addfile(member, io.BytesIO(text.encode()))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            made.addfile(member)


@pytest.mark.parametrize(
    ("members", "links", "refused"),
    [
        ({"web/../../../pwned.yaml": "x"}, {}, True),
        ({"/tmp/pwned.yaml": "x"}, {}, False),
        ({"web/../../templates/pwned.yaml": "x"}, {}, True),
        ({}, {"web/templates/b.yaml": "../../outside/secret.yaml"}, False),
        ({}, {"web/templates": "/"}, False),
        ({"web/C:\\pwned.yaml": "x"}, {}, False),
    ],
)
def test_an_archive_with_paths_out_of_it(
    sandbox: Sandbox, outside: Path, members: dict[str, str], links: dict[str, str], refused: bool
) -> None:
    charts = sandbox.directory / "charts"
    good = {"web/Chart.yaml": CHART, "web/templates/a.yaml": config_map("a", "web", "{a: b}")}
    archive(charts / "web-1.0.0.tgz", good | members, links)
    source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: c, namespace: web}\n"
    release = helm_release("web", "web", "web").replace(OWN, "kind: HelmRepository, name: c")
    write_repository(
        sandbox.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
            "apps/source.yaml": source + "spec: {url: 'https://charts.example.org', interval: 1h}\n",
            "apps/web.yaml": release,
        },
    )
    outcome = sandbox.run("render", "--source", f"chart-repo=https://charts.example.org={charts}")
    assert MARKER not in outcome.said
    assert not list(sandbox.directory.rglob("pwned*"))
    assert not Path("/tmp/pwned.yaml").exists()
    assert outcome.code == (1 if refused else 0), outcome.said
    assert ("failed: hr/web/web" in outcome.err) is refused


REMOTE = {
    "base": "resources: ['https://github.com/example/repo//base?ref=v1']\n",
    "ssh": "resources: ['git@github.com:example/repo.git//base']\n",
    "file": "resources: ['file:///tmp/repo//base']\n",
    "resource": "resources: ['https://example.org/manifest.yaml']\n",
}
PLUGINS = {
    "exec": "generators: [plugin.yaml]\n",
    "transformer": "transformers: [plugin.yaml]\n",
    "helm": "helmCharts: [{name: web, repo: 'https://charts.example.org', version: 1.0.0}]\n",
    "inflator": "generators: [inflator.yaml]\n",
}


@pytest.fixture
def spies(sandbox: Sandbox) -> Path:
    """Programs that leave a trace when they are run, first on the path."""
    folder = sandbox.directory / "programs"
    folder.mkdir()
    for name in ("helm", "docker", "bash", "sh", "curl", "ssh", "plugin"):
        (folder / name).write_text(f"#!/bin/true\necho x > {sandbox.cache}/ran-{name}\n")
    spy = folder / "git"
    spy.write_text(
        '#!/bin/bash\ncase " $* " in *" clone "*|*" fetch "*|*" ls-remote "*|*" init "*) '
        f'echo "$*" > "{sandbox.cache}/ran-git";; esac\n'
        'exec /usr/bin/git "$@"\n'
    )
    for file in folder.iterdir():
        file.chmod(0o755)
    sandbox.extra["PATH"] = f"{folder}:/usr/bin:/bin"
    return folder


@pytest.mark.parametrize("case", [*REMOTE, *PLUGINS])
def test_nothing_is_fetched_and_no_program_runs(sandbox: Sandbox, spies: Path, case: str) -> None:
    plugin = (
        "apiVersion: example.org/v1\nkind: Plugin\nmetadata:\n  name: p\n"
        f"  annotations:\n    config.kubernetes.io/function: |\n      exec: {{path: {spies}/plugin}}\n"
    )
    inflator = (
        "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: p}\nname: web\nrepo: https://x.org\n"
    )
    write_repository(
        sandbox.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
            "apps/kustomization.yaml": (REMOTE | PLUGINS)[case],
            "apps/plugin.yaml": plugin,
            "apps/inflator.yaml": inflator,
        },
    )
    sandbox.extra |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    outcome = sandbox.run("check", "-o", "json", within=20)
    assert not list(sandbox.cache.glob("ran-*"))
    unknown = case in REMOTE
    assert outcome.code == (0 if unknown else 1), outcome.said
    assert '"state": "unknown"' in outcome.out if unknown else '"state": "failed"' in outcome.out, outcome.said
    if unknown:
        assert "elysium fetch" in outcome.out
