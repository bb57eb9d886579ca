"""Markers are planted wherever a secret can be; then everything that was written is searched for them."""

from __future__ import annotations

import base64
import io
import json
import secrets
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elysium.cli.main import main
from tests.repositories import CLUSTER, helm_release, kustomization, write_repository
from tests.secrets.encryption import AgeKey
from tests.secrets.places import needles, plant

COMMANDS = (
    ["check"],
    ["check", "-o", "json", "--profile", "strict"],
    ["render"],
    ["render", "-o", "json"],
    ["render", "-o", "name"],
    ["render", "--unit", "hr/flux-system/web"],
    ["graph"],
    ["graph", "-o", "json"],
    ["graph", "-o", "dot"],
    ["graph", "-o", "mermaid"],
)
EXPLAINED = (
    "Secret/flux-system/string",
    "Secret/flux-system/values",
    "ConfigMap/flux-system/sops",
    "Deployment/flux-system/web",
    "ConfigMap/flux-system/web",
    "ConfigMap/web/keyed",
    "hr/flux-system/web",
    "hr/flux-system/inline",
)
_LETTERS = string.ascii_letters + string.digits


def simple() -> str:
    return "m" + "".join(secrets.choice(_LETTERS) for _ in range(15))


def awkward() -> str:
    return f"{simple()}\"'\\<{simple()}>&é$%{simple()}"


def lines() -> str:
    return f'{simple()}\n{simple()}"{simple()}$x"\n'


class Surroundings:
    """A repository, a cache and a key."""

    def __init__(self, directory: Path) -> None:
        self.root = directory
        self.repository = directory / "repository"
        self.repository.mkdir()
        self.key = AgeKey()
        self.environment = {
            "ELYSIUM_CACHE": str(directory / "cache"),
            "SOPS_AGE_KEY": self.key.text,
            "HOME": str(directory),
            "ELYSIUM_DEBUG": "1",
        }

    def written(self) -> dict[str, bytes]:
        """Everything in files outside the repository."""
        files = [path for name in ("cache", "out") for path in (self.root / name).rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in files}


def assert_absent(planted: Mapping[str, str], texts: Mapping[str, bytes]) -> None:
    found = [
        f"{place} in {where}: …{data[max(0, data.index(needle) - 60) : data.index(needle) + len(needle) + 20]!r}"
        for place, value in planted.items()
        for needle in set(needles(value))
        for where, data in texts.items()
        if needle in data
    ]
    assert not found, "\n".join(found[:12])


def run(
    around: Surroundings, arguments: Iterable[str], monkeypatch: pytest.MonkeyPatch, code: int | None = None
) -> bytes:
    """Both streams of one command line, inside this process."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with monkeypatch.context() as patched, redirect_stderr(err):
        for name, value in around.environment.items():
            patched.setenv(name, value)
        patched.setattr(sys, "stdout", out)
        found = main(list(arguments))
    out.flush()
    said = out.buffer.getvalue() + err.getvalue().encode()
    assert found in ((0, 1) if code is None else (code,)), said.decode()
    assert b"Traceback" not in said, said.decode()
    return said


@pytest.mark.parametrize("make", [simple, awkward, lines])
def test_no_command_writes_a_secret(make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    around = Surroundings(tmp_path)
    planted = plant(around.repository, around.key, [simple() if index == 8 else make() for index in range(40)])
    planted["the age key"] = around.key.text
    said = {}
    for turn in ("cold", "warm"):
        for command in COMMANDS:
            said[f"{turn} {' '.join(command)}"] = run(
                around, [*command[:1], str(around.repository), *command[1:]], monkeypatch
            )
        out = ["render", str(around.repository), "--output-dir", str(tmp_path / "out")]
        said[f"{turn} to files"] = run(around, out, monkeypatch)
        for subject in EXPLAINED:
            for form in ("text", "json"):
                arguments = ["explain", subject, str(around.repository), "-o", form]
                said[f"{turn} explain {subject} {form}"] = run(around, arguments, monkeypatch, 0)
        assert_absent(planted, said)
        assert_absent(planted, around.written())


FORMS = ("text", "json", "sarif", "junit", "github", "markdown", "html")
_POLICIES = """
[[policy]]
id = "says-all"
expression = "false"
messageExpression = "has(object.data) ? object.data.map(k, k + '=' + string(object.data[k])).join(',') : 'nothing'"

[[policy]]
id = "cannot-be-evaluated"
expression = "int(object.data.a) > 5 && object.stringData.a == 'b'"

[[policy]]
id = "of-containers"
kinds = ["Deployment"]
expression = "object.spec.template.spec.containers.all(c, c.env.all(e, e.value == 'x'))"
messageExpression = "object.spec.template.spec.containers[0].env[0].value"
"""


def test_no_form_and_no_comparison_writes_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around = Surroundings(tmp_path)
    root = around.repository
    planted = plant(root, around.key, [awkward() for _ in range(40)])
    planted["the age key"] = around.key.text
    planted |= beside(root)
    (root / "elysium.toml").write_text(_POLICIES)
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], [*author, "commit", "-q", "--allow-empty", "-m", "a"], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)
    known = tmp_path / "out" / "known.json"
    known.parent.mkdir()
    asked = [
        *(["--profile", "strict", "-o", form] for form in FORMS),
        *(["--profile", profile] for profile in ("review", "gitops", "security", "pre-commit")),
        ["--staged", "--profile", "strict", "-o", "sarif"],
        ["--since", "HEAD", "--profile", "strict", "-o", "json"],
        ["--baseline", str(known), "--update-baseline", "--profile", "strict"],
        ["--baseline", str(known), "--profile", "strict", "-o", "json"],
        ["--flux-version", "2.8..2.9", "-o", "json"],
        ["--kubernetes-version", "1.35..1.36"],
        ["--fix", "--dry-run", "--profile", "strict"],
        ["--fix", "--dry-run", "--profile", "strict", "-o", "json"],
    ]
    said = {" ".join(options): run(around, ["check", str(root), *options], monkeypatch) for options in asked}
    said["init"] = run(around, ["init", "--existing", str(root), "--dry-run"], monkeypatch)
    assert b"says-all" in said["--profile strict -o text"]
    assert b"plaintext-secret" in said["--profile strict -o text"]
    assert_absent(planted, said | around.written())


def beside(root: Path) -> dict[str, str]:
    """Secrets in the files beside the manifests, where rules about code and workflows read them."""
    planted = {
        name: simple()
        for name in ("workflow", "script", "dockerfile", "terraform", "document", "duplicate", "edited", "suppressed")
    }
    token = {name: f"{value}{simple()}" for name, value in planted.items()}
    write_repository(
        root,
        {
            ".github/workflows/a.yaml": "on: pull_request_target\n"
            f"env: {{PASSWORD: {token['workflow']}}}\njobs:\n  a:\n    runs-on: b\n    steps:\n"
            f"      - run: 'curl -u admin:{token['script']} https://example.org; echo ${{{{ github.head_ref }}}}'\n",
            "Dockerfile": f"FROM a\nENV API_TOKEN={token['dockerfile']}\nARG PASSWORD={token['dockerfile']}\nRUN b\n",
            "coder/main.tf": 'terraform { required_providers { coder = { source = "coder/coder" } } }\n'
            f'locals {{ password = "{token["terraform"]}" }}\n',
            "README.md": f"```sh\nkubectl create secret generic a --from-literal=password={token['document']}\n```\n",
            "secrets/duplicate.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: dup}\nstringData:\n"
            f"  password: {token['duplicate']}\n  password: {token['duplicate']}\n",
            "apps/edited.yaml": "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n"
            "metadata: {name: e, namespace: web, "
            f"annotations: {{password: {token['edited']}}}}}\nspec: {{minAvailable: 1}}\n",
            "apps/style.yaml": "apiVersion: v1   \nkind: Secret\nmetadata: {name: s, namespace: web}\nstringData:\n"
            f"  password: {token['suppressed']}   # elysium: ignore plaintext-secret ({token['suppressed']})",
        },
    )
    return token


def test_a_revision_leaves_none_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around = Surroundings(tmp_path)
    planted = plant(around.repository, around.key, [simple() for _ in range(40)])
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "a"]):
        subprocess.run(["git", *command], cwd=around.repository, check=True)
    for turn in ("cold", "warm"):
        said = {
            f"{turn} {command}": run(around, [command, str(around.repository), "--revision", "HEAD"], monkeypatch)
            for command in ("check", "render", "graph")
        }
        assert_absent(planted, said)
        assert_absent(planted, around.written())


_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: made
  annotations: {url: {{ printf "http://u:%s@h/p" (urlquery .Values.password) | quote }}}
data:
  go: {{ .Values.password | quote }}
  json: {{ .Values | toJson | toJson }}
  nested: {{ dict "a" (.Values | toJson) | toJson | toJson }}
  encoded: {{ printf "u:%s" .Values.password | b64enc }}
  twice: {{ .Values.password | b64enc | b64enc }}
  {{ .Values.password | toJson }}: key
"""
_UNPRINTABLE = ("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=_UNPRINTABLE, include_characters="\n\t"), max_size=24)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_TEXT, after=_TEXT)
def test_any_text_stays_inside(before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as directory:
        around = Surroundings(Path(directory))
        value = f"{before}{simple()}{after}"
        values = yaml_text({"password": value})
        write_repository(
            around.repository,
            {
                f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
                "apps/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web}\n"
                f"stringData: {yaml_text({'values.yaml': values, 'short': 'abc'})}\n",
                "apps/web.yaml": helm_release("web", "web", "./chart", "valuesFrom: [{kind: Secret, name: s}]\n"),
                "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "chart/templates/all.yaml": _TEMPLATE,
            },
        )
        said = {
            " ".join(command): run(around, [*command[:1], str(around.repository), *command[1:]], monkeypatch)
            for command in (["check"], ["render"], ["render", "-o", "json"])
        }
        assert b"  name: made" in said["render"]
        assert b"opaque-" in said["render"]
        assert_absent({"value": value}, said | around.written())


def yaml_text(value: object) -> str:
    """JSON is YAML, but for surrogate escapes."""
    return json.dumps(value, ensure_ascii=False)


def test_what_is_rendered_alone_hides_its_secrets_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around = Surroundings(tmp_path)
    planted = {"literal": simple(), "chart": simple(), "file": awkward()}
    copied = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: {{ .Values.a | quote }}}\n---\n"
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: %s}\n"
    write_repository(
        around.repository,
        {
            "overlay/kustomization.yaml": f"secretGenerator: [{{name: s, literals: [a={planted['literal']}]}}]\n",
            "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "chart/values.yaml": f"a: {planted['chart']}\n",
            "chart/templates/all.yaml": copied + secret % "{{ .Values.a | quote }}",
            "secret.yaml": secret % yaml_text([planted["file"]]) + "---\n" + secret % yaml_text(planted["file"]),
        },
    )
    said = {
        f"{kind} {form}": run(
            around, ["render", f"--{kind}", str(around.repository / folder), "-o", form], monkeypatch, 0
        )
        for kind, folder in (("kustomize", "overlay"), ("chart", "chart"))
        for form in ("yaml", "json")
    }
    for form in ("text", "json"):
        said[f"file {form}"] = run(around, ["check", str(around.repository / "secret.yaml"), "-o", form], monkeypatch)
    assert_absent(planted, said | around.written())


def test_credentials_of_a_fetch_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around = Surroundings(tmp_path)
    planted = {"docker": simple(), "netrc": simple(), "referenced": awkward()}
    login = base64.b64encode(f"robot:{planted['docker']}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"127.0.0.1:9": {"auth": login}}}))
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login robot password {planted['netrc']}\n")
    (tmp_path / ".netrc").chmod(0o600)
    source = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: {}\nmetadata: {{name: {}, namespace: web}}\nspec: {}\n---\n"
    )
    reference = "interval: 1h, secretRef: {name: login}"
    release = helm_release("web", "web", "web").replace(
        "GitRepository, name: flux-system, namespace: flux-system", "HelmRepository, name: h"
    )
    write_repository(
        around.repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps")
            + "---\n"
            + kustomization("other", "./x").replace(
                "kind: GitRepository, name: flux-system", "kind: OCIRepository, name: o, namespace: web"
            ),
            "apps/sources.yaml": source.format(
                "HelmRepository", "h", f"{{url: 'https://127.0.0.1:9/charts', {reference}}}"
            )
            + source.format("OCIRepository", "o", "{url: 'oci://127.0.0.1:9/x', interval: 1h, ref: {tag: a}}")
            + source.format("GitRepository", "g", f"{{url: 'https://127.0.0.1:9/x', {reference}}}"),
            "apps/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: web}\n"
            f"stringData: {yaml_text({'username': 'robot', 'password': planted['referenced']})}\n",
            "apps/web.yaml": release,
        },
    )
    around.environment |= {"DOCKER_CONFIG": str(tmp_path), "NETRC": str(tmp_path / ".netrc"), "NO_PROXY": "*"}
    said = {
        " ".join(command): run(around, [*command[:1], str(around.repository), *command[1:]], monkeypatch)
        for command in (["fetch"], ["check"], ["render", "-o", "json"])
    }
    assert b"127.0.0.1:9" in said["fetch"]
    assert_absent(planted, said | around.written())
