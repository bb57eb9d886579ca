"""Files beside the manifests that nobody would write on purpose stop no rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elysium.api import Options, Workspace
from elysium.check.files import hcl
from elysium.check.files.dockerfile import parse
from elysium.check.files.markdown import fences, mentions
from elysium.check.files.workflow_expressions import expressions, untrusted
from elysium.check.files.workflow_paths import matches
from elysium.check.pipeline import files
from elysium.check.plaintext.formats import has_private_key
from elysium.check.yaml_lines import content_lines
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

WORKFLOWS = [
    "[]",
    "text",
    "",
    "on: 5\njobs: []",
    "on: {push: 5, 7: [], schedule: [5, {cron: []}], pull_request: {types: {}, paths: [5]}}\njobs: {a: 5, 6: {}}",
    "on: [5, push]\njobs: {a: {steps: [5, {run: [], uses: 5, with: text}], needs: {}, runs-on: 5, if: [], uses: {}}}",
    "on: issues\nenv: []\ndefaults: text\njobs: {a: {runs-on: {labels: {}}, defaults: {run: 5}, env: 5, steps: {}}}",
    "on: pull_request\nenv: {A: 5}\njobs: {a: {steps: [{uses: 'actions/checkout@v4', with: []}, {run: 5, id: []}]}}",
]
SPECIFICATIONS = """apiVersion: fission.io/v1
kind: DeploymentConfig
name: []
uid: 5
---
kind: ArchiveUploadSpec
name: [a]
include: [5, {}]
rootdir: [5]
---
apiVersion: fission.io/v1
kind: Function
metadata: text
spec: {environment: [], package: {packageref: 5}}
---
apiVersion: fission.io/v1
kind: HTTPTrigger
metadata: {name: [5], namespace: {}}
spec: {functionref: {type: [], functionweights: [5]}, cron: 7}
---
apiVersion: fission.io/v1
kind: TimeTrigger
spec: {cron: [], functionref: {functionweights: {5: 6}}}
---
apiVersion: fission.io/v1
kind: Package
spec: {source: {url: 5}, deployment: []}
"""
KIND = "{kind: Cluster, apiVersion: kind.x-k8s.io/v1, nodes: [5, {role: [], extraPortMappings: [5, {hostPort: [], \
protocol: {}, containerPort: 1.5, listenAddress: []}], extraMounts: [5]}], networking: []}"
LAYERS = {
    "apps/base/kustomization.yaml": "resources: [5, {}, [a]]\ncomponents: text\nbases: {}\npatchesStrategicMerge: 5\n",
    "apps/base/web/a.yaml": "a: b\n",
    "infrastructure/controllers/a.yaml": "a: b\n",
    f"{CLUSTER}/variables.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cluster-vars}\ndata: [5]\n",
}


def every_rule_of_files_runs(root: Path) -> None:
    with Workspace(root, options=Options(workers=1)) as workspace:
        workspace.check(rules=files.RULES)


def test_odd_files(repository: Path) -> None:
    written = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps/base/web"),
        "apps/base/settings.yaml": config_map("a", "web", "{a: b}"),
        **{f".github/workflows/w{number}.yaml": text for number, text in enumerate(WORKFLOWS)},
        "functions/specs/odd.yaml": SPECIFICATIONS,
        "k8s/kind.yaml": KIND,
        "Dockerfile": "FROM\nCOPY\nADD --from\nENV\nARG =\nUSER\nRUN <<\nENTRYPOINT [\n\\\n",
        "Dockerfile.empty": "\\",
        "coder/templates/a/main.tf": 'data "coder_workspace" "me" {}\nresource {}\nvariable {}\ndata "x" {}\nmodule {}',
        "coder/templates/b/main.tf": 'data "coder_workspace" "me" {' + "a {" * 3000,
        "README.md": "```\n[a](\n`apps/`[b](<>)](x)\n",
        **LAYERS,
    }
    every_rule_of_files_runs(write_repository(repository, written))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aF\\ \n#\"'$${}()[]<-=:|>`@*?+./%E", max_size=80))
def test_parsers_take_any_text(text: str) -> None:
    found = parse(text)
    assert found.final is not None
    list(fences(text))
    list(mentions(text))
    content_lines(text)
    matches(text, "apps/a.yaml")
    for expression in expressions(text):
        untrusted(expression)
    try:
        hcl.parse(text)
    except hcl.HclError as error:
        assert 1 <= error.line <= text.count("\n") + 1


def test_long_commands_are_read_in_time(repository: Path) -> None:
    command = "kubectl " + "-a " * 5000
    written = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/a.yaml": config_map("a", "web", "{a: b}"),
        "docs/a.md": f"```bash\n{command}\n```\n" + "`a/" * 5000 + "deploys within " * 5000,
        ".github/workflows/a.yaml": f"on: push\njobs: {{a: {{runs-on: b, steps: [{{run: '{command} ./a/b.sh'}}]}}}}",
        "Dockerfile": f"FROM a\nRUN apt-get {command} install {command}\n",
        ".github/workflows/b.yaml": 'on: push\njobs: {a: {runs-on: b, steps: [{run: "a' + "\\n" * 50000 + "if "
        f'{" " * 50000}"}}]}}}}',
        "apps/kustomization.yaml": f"resources: [a.yaml]\n# elysium: ignore a{' ' * 50000}b\n"
        f"# elysium: {'ignore ' * 9000}!\n# {'&a !b ' * 9000}\n# {'- &a' * 9000}\n",
    }
    every_rule_of_files_runs(write_repository(repository, written))


def test_long_lines_are_read_in_time() -> None:
    heading = "# a" + " " * 50000 + "b"
    for text in ("FROM a\nRUN " + "apt-get install -y x " * 20000, "`" * 50000, "](" * 50000, '"${' * 20000, heading):
        parse(text)
        list(mentions(text))
        try:
            hcl.parse(text)
        except hcl.HclError:
            continue


def test_a_dockerfile_of_thousands_of_stages() -> None:
    found = parse("FROM a AS s0\n" + "".join(f"FROM s{at} AS s{at + 1}\nRUN b\n" for at in range(3000)))
    assert len(found.final) == 3000


def test_text_that_never_ends_takes_the_rest() -> None:
    found = parse("FROM a\nRUN <<ONE\n" + "RUN <<TWO\n" * 20000)
    assert [item.keyword for item in found.instructions] == ["FROM", "RUN"]


def test_headings_without_their_marks() -> None:
    text = "# One #\n## Two ##  \n```sh\na\n```\n"
    assert [fence.headings for fence in fences(text)] == [("One", "Two")]


def test_a_private_key_is_seen_in_any_text_in_time() -> None:
    start, body = "-----BEGIN RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA" * 5
    assert has_private_key(f"{start}\n{body}")
    assert has_private_key(f"{start}\\n{body}")
    assert has_private_key(f"{start}\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-256-CBC,0A1B\r\n\r\n{body}")
    assert not has_private_key(f"{start} … -----END RSA PRIVATE KEY-----")
    assert not has_private_key(f"{start} " + "Proc-Type a " * 20000)
    assert not has_private_key(f"{start} Proc-Type " * 20000)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**", "a/b.py", True),
        ("*", "a/b.py", False),
        ("**.py", "a/b.py", True),
        ("docs/**", "docs/a/b.md", True),
        ("docs/**/*.md", "docs/a.md", True),
        ("*.jsx?", "page.js", True),
        ("*.jsx?", "page.jsx", True),
        ("[ab].md", "c.md", False),
        ("a\\*b", "a*b", True),
    ],
)
def test_path_patterns_of_workflows(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected
