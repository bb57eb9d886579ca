"""A repository with a secret in every place where one can be, each with a value of its own to look for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository
from tests.secrets.encryption import AgeKey, Sealer

__all__ = ["needles", "plant"]

_TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations:
    plain: {{ .Values.password | quote }}
    single: {{ .Values.password | replace "'" "''" | squote }}
    url: {{ printf "https://user:%s@db.example.org/x" (urlquery .Values.password) | quote }}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
        - name: app
          image: app:1
          args: [{{ printf "--dsn=postgres://user:%s@db/x?ssl=1" .Values.password | quote }}]
          env:
            - {name: PASSWORD, value: {{ .Values.password | quote }}}
            - {name: TOKEN, value: {{ .Values.auth.token | quote }}}
            - {name: TARGET, value: {{ .Values.target | default "" | quote }}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  json: {{ .Values | toJson | quote }}
  yaml: |
    {{- toYaml .Values | nindent 4 }}
  basic: {{ printf "a:%s" .Values.password | b64enc }}
  basics: {{ printf "ab:%s!" .Values.password | b64enc }}
  encoded: {{ .Values.password | b64enc }}
  twice: {{ .Values.password | b64enc | b64enc }}
"""


def needles(value: str) -> Iterator[bytes]:
    """Every form in which a value would be noticed: raw, escaped, in pieces, Base64 in three alignments, that twice."""
    yield from (piece.encode() for piece in re.findall("[A-Za-z0-9]{12,}", value))
    for text in {value, *value.splitlines()}:
        if len(text) < 6:
            continue
        yield text.encode()
        yield json.dumps(text)[1:-1].encode()
        yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
    for offset in range(3):
        encoded = base64.b64encode(b"x" * offset + value.encode())
        whole = encoded[(0, 2, 4)[offset] : len(encoded) // 4 * 4 - 4]
        if len(whole) >= 8:
            yield whole
    yield base64.b64encode(base64.b64encode(value.encode()))[:-4]


def plant(root: Path, key: AgeKey, values: list[str]) -> dict[str, str]:
    """Write the repository; what was planted, by place. `values` are used up in order."""
    supply = iter(values)
    planted: dict[str, str] = {}

    def new(place: str) -> str:
        value = next(supply)
        planted[place] = value.lower() if place == "name" else value
        return planted[place]

    files = {f"{CLUSTER}/{name}.yaml": text for name, text in _units()}
    write_repository(root, files | _secrets(new, key) | _generators(new, key) | _broken(new))
    write_repository(root, _apps() | _charts())
    return planted


def _units() -> Iterator[tuple[str, str]]:
    decryption = "decryption: {provider: sops}\n"
    variables = "postBuild: {substituteFrom: [{kind: Secret, name: variables}]}\n"
    yield "secrets", kustomization("secrets", "./secrets", decryption)
    yield "generated", kustomization("generated", "./generated", decryption)
    yield "apps", kustomization("apps", "./apps", variables)
    for name in ("literal", "types", "syntax", "anchor", "file"):
        yield f"broken-{name}", kustomization(f"broken-{name}", f"./broken/{name}", decryption)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _secret(name: str, field: str, values: dict[str, str], namespace: str = "flux-system") -> str:
    lines = "".join(f"  {key}: {_quoted(value)}\n" for key, value in values.items())
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: {namespace}}}\n{field}:\n{lines}"


def _secrets(new, key: AgeKey) -> dict[str, str]:  # type: ignore[no-untyped-def]
    sealer = Sealer(key)
    head = "apiVersion: v1\nkind: {}\nmetadata: {{name: {}, namespace: flux-system}}\n"
    values = f"password: {_quoted(new('values.yaml'))}\nauth: {{token: {_quoted(new('values.yaml nested'))}}}\n"
    docker = json.dumps({"auths": {"r.example.org": {"username": "robot", "password": new("docker config")}}})
    encoded = base64.b64encode(new("data").encode()).decode()
    return {
        "secrets/data.yaml": _secret("data", "data", {"a": encoded}),
        "secrets/string.yaml": _secret("string", "stringData", {"a": new("stringData")}),
        "secrets/values.yaml": _secret("values", "stringData", {"values.yaml": values, "target": new("targetPath")}),
        "secrets/variables.yaml": _secret(
            "variables",
            "stringData",
            {"NAME": new("name"), "TEXT": new("substituted"), "KEY": new("key"), "INLINE": new("inline")},
        ),
        "secrets/docker.yaml": _secret("docker", "stringData", {".dockerconfigjson": docker}),
        "secrets/sops.yaml": sealer.object(head.format("Secret", "sops"), "stringData", {"a": new("sops")}),
        "secrets/sops-map.yaml": sealer.object(head.format("ConfigMap", "sops"), "data", {"a": new("sops ConfigMap")}),
    }


def _generators(new, key: AgeKey) -> dict[str, str]:  # type: ignore[no-untyped-def]
    literal, environment = new("literal"), new("environment")
    return {
        "generated/kustomization.yaml": (
            "namespace: web\nsecretGenerator:\n"
            f"  - {{name: one, literals: [{_quoted('a=' + literal)}]}}\n"
            "  - {name: two, files: [token.txt], envs: [settings.env]}\n"
        ),
        "generated/token.txt": new("file"),
        "generated/settings.env": f"TOKEN={environment}\n",
    }


def _broken(new) -> dict[str, str]:  # type: ignore[no-untyped-def]
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: web}\n"
    listed = f"{head}stringData: {{a: [{_quoted(new('list'))}]}}\n"
    anchor = "".join(sign for sign in new("anchor") if sign.isalnum())
    return {
        "broken/literal/kustomization.yaml": (
            f"namespace: web\nsecretGenerator:\n  - {{name: one, literals: [{_quoted(new('no literal'))}]}}\n"
        ),
        "broken/types/secret.yaml": listed,
        "broken/types/data.yaml": _secret("no-base64", "data", {"a": new("no Base64") + "*"}, "web"),
        "broken/syntax/secret.yaml": _secret("s", "stringData", {"a": new("beside an error")})
        + "  b: !!int abc\n c: [\n",
        "broken/anchor/secret.yaml": _secret("s", "stringData", {}) + f"  a: *{anchor}\n",
        "broken/file/kustomization.yaml": (
            "namespace: web\nsecretGenerator:\n  - {name: one, files: [a.txt]}\nresources: [absent.yaml]\n"
        ),
        "broken/file/a.txt": new("file of a failure"),
    }


def _apps() -> dict[str, str]:
    values = (
        "valuesFrom:\n"
        "  - {kind: Secret, name: values}\n"
        "  - {kind: Secret, name: values, valuesKey: target, targetPath: target}\n"
    )
    releases = ["web", "fails", "requires", "schema", "rejects"]
    files = {f"apps/{name}.yaml": helm_release(name, "flux-system", f"./charts/{name}", values) for name in releases}
    inline = "values: {password: '${INLINE:=x}', auth: {token: t}}\n"
    return files | {
        "apps/inline.yaml": helm_release("inline", "flux-system", "./charts/web", inline),
        "apps/named.yaml": (
            config_map("'app-${NAME:=n}'", "web", "{a: b}").replace(
                "metadata: {", "metadata: {annotations: {a: '${TEXT}'}, "
            )
            + "---\n"
            + config_map("keyed", "web", "{'x${NAME}': '${KEY}', url: 'http://u:${TEXT}@host/p'}")
            + "---\n"
            + config_map("'${NAME:=n}'", "web", "{a: '${NAME:=n}'}")
        ),
    }


def _charts() -> dict[str, str]:
    templates = {
        "web": _TEMPLATE,
        "fails": '{{ fail (printf "not %s, nor %s" .Values.password .Values.target) }}',
        "requires": '{{ required (printf "%s is not enough" (.Values.password | toJson)) .Values.absent }}',
        "schema": config_map("s", "web", "{a: b}"),
        "rejects": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\n"
        "data: {a: {{ .Values.password | quote }}\n x: [\n",
    }
    files = {}
    for name, template in templates.items():
        files[f"charts/{name}/Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n"
        files[f"charts/{name}/templates/all.yaml"] = template
    schema = {"properties": {"password": {"enum": ["x"], "pattern": "^x$"}, "target": {"type": "integer"}}}
    return files | {"charts/schema/values.schema.json": json.dumps(schema)}
