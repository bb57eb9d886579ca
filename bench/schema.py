#!/usr/bin/env python3
"""What holding everything against schemas costs, and how fast a validator of streams is on the same objects.

Usage: schema.py KUBECONFORM SCHEMAS [--apps 1000] [--rounds 5]

KUBECONFORM is the path of a `kubeconform` binary, SCHEMAS a folder of JSON Schemas of the built-in kinds as PyPI's
kubernetes-validate has them; bench/README.md tells how to get both. Each application of the fleet has a Certificate,
an Issuer, a ServiceMonitor and an HTTPRoute, which the validator passes over: it has no schema of them.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import make_fleet
import process_tree

HERE = Path(__file__).resolve().parent
ELYSIUM = [sys.executable, "-m", "elysium"]
UNJUDGED = [sys.executable, str(HERE / "unjudged.py")]
KINDS = (
    *("namespace-v1", "configmap-v1", "service-v1", "serviceaccount-v1", "persistentvolumeclaim-v1"),
    *("deployment-apps-v1", "ingress-networking-v1", "networkpolicy-networking-v1"),
)
CUSTOM = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: {app}, namespace: {app}}}
spec: {{secretName: {app}-tls, dnsNames: [{app}.example.org], issuerRef: {{name: {app}}}}}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {{name: {app}, namespace: {app}}}
spec: {{selfSigned: {{}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{name: {app}, namespace: {app}}}
spec: {{selector: {{matchLabels: {{app.kubernetes.io/name: {app}}}}}, endpoints: [{{port: http, interval: 1m}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {app}, namespace: {app}}}
spec:
  parentRefs: [{{name: edge, namespace: flux-system}}]
  hostnames: [{app}.example.org]
  rules: [{{backendRefs: [{{name: {app}, port: 8080}}]}}]
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: flux-system}
spec:
  gatewayClassName: edge
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
"""


def make(folder: Path, apps: int) -> Path:
    """A fleet whose applications have custom resources."""
    make_fleet.main(str(folder), apps)
    for kustomization in sorted(folder.glob("apps/*/app/kustomization.yaml")):
        app = kustomization.parents[1].name
        kustomization.with_name("custom.yaml").write_text(CUSTOM.format(app=app), encoding="utf-8")
        text = kustomization.read_text(encoding="utf-8")
        kustomization.write_text(text.replace("release.yaml]", "release.yaml, custom.yaml]"), encoding="utf-8")
    (folder / "clusters/prod/gateway.yaml").write_text(GATEWAY, encoding="utf-8")
    return folder


def stream_of(fleet: Path, target: Path, cache: Path) -> Path:
    """Everything that reaches the cluster, as one YAML file."""
    with target.open("wb") as out:
        command = [*ELYSIUM, "render", str(fleet), "-o", "yaml"]
        subprocess.run(command, stdout=out, check=True, env=_environment(cache))
    return target


def standalone(schemas: Path, target: Path) -> Path:
    """The schemas of what the charts of the fleet make, without references, as validators of streams expect them."""
    definitions = json.loads((schemas / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    target.mkdir()
    for name in KINDS:
        schema = json.loads((schemas / f"{name}.json").read_text(encoding="utf-8"))
        (target / f"{name}.json").write_text(json.dumps(_inlined(schema, definitions)), encoding="utf-8")
    return target


def _inlined(value: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_inlined(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _inlined(definitions[value["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(item, definitions) for key, item in value.items() if key != "$schema"}


def compare_streams(stream: Path, kubeconform: str, schemas: Path, rounds: int) -> None:
    """The validator and `elysium check` of one file of objects, in turns."""
    pattern = f"{schemas}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
    peer = [kubeconform, "-schema-location", pattern, "-ignore-missing-schemas", "-summary", "-"]
    ours = [*ELYSIUM, "check", "-", "--rules", "schema,removed-api"]
    with tempfile.TemporaryDirectory() as cache:
        times = _in_turns(
            {"kubeconform": _fed(peer, stream), "elysium check -": _fed(ours, stream)}, Path(cache), rounds
        )
    _print(times)
    print(f"{times['kubeconform'] / times['elysium check -']:.1f} times as fast as the validator of streams\n")


def _fed(command: list[str], stream: Path) -> list[str]:
    """The command with the stream as its standard input."""
    return ["sh", "-c", f"exec {shlex.join(command)} < {shlex.quote(str(stream))}"]


def compare_checks(fleet: Path, rounds: int) -> None:
    """`elysium check` of the fleet with and without the schema work, when nothing is known or one file has changed."""
    for situation in ("cold", "unchanged", "one file changed"):
        with tempfile.TemporaryDirectory() as cache:
            commands = {f"{situation}, judged": ELYSIUM, f"{situation}, not judged": UNJUDGED}
            checks = {name: [*command, "check", str(fleet)] for name, command in commands.items()}
            changed = fleet / "apps/app0001/app/values.yaml" if situation == "one file changed" else None
            times = _in_turns(checks, Path(cache), rounds, warm=situation != "cold", changed=changed)
        _print(times)
        judged, unjudged = times.values()
        print(f"{situation}: schemas and CEL add {100 * (judged / unjudged - 1):.0f} %\n", flush=True)


def _in_turns(
    commands: dict[str, list[str]], cache: Path, rounds: int, *, warm: bool = False, changed: Path | None = None
) -> dict[str, float]:
    """The median of the times of each command. `changed` gets a new comment before every run."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(-1 if warm else 0, rounds):
        if changed is not None:
            with changed.open("a", encoding="utf-8") as stream:
                stream.write(f"# change {number}\n")
        for name, command in commands.items():
            own = cache / (name if warm else f"{name} {number}")
            run = process_tree.measure(command, _environment(own), sample=False)
            if run.exit_code not in (0, 1):
                sys.exit(f"{name} exited with {run.exit_code}: {command}")
            if number >= 0:
                seconds[name].append(run.seconds)
    return {name: statistics.median(times) for name, times in seconds.items()}


def _environment(cache: Path) -> dict[str, str]:
    return dict(os.environ, XDG_CACHE_HOME=str(cache))


def _print(times: dict[str, float]) -> None:
    for name, seconds in times.items():
        print(f"{name:32} {seconds:8.2f} s", flush=True)


def main() -> None:
    """Make the fleet, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kubeconform")
    parser.add_argument("schemas")
    parser.add_argument("--apps", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fleet = make(Path(folder) / "fleet", arguments.apps)
        stream = stream_of(fleet, Path(folder) / "stream.yaml", Path(folder) / "cache")
        schemas = standalone(Path(arguments.schemas), Path(folder) / "schemas")
        compare_streams(stream, arguments.kubeconform, schemas, arguments.rounds)
        compare_checks(fleet, arguments.rounds)


if __name__ == "__main__":
    main()
