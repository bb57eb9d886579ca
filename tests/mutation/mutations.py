"""Ways to break a correct repository: each is a pattern that marks the places where it can be done, and what to write.

A place is one match of the pattern in one file.
"""

from __future__ import annotations

import fnmatch
import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

__all__ = ["MUTATIONS", "Mutant", "Mutation", "mutants"]

YAML = "*.yaml"
APPS = "apps/*.yaml"


class Mutation(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of mistake. `write` is the replacement, as `re.sub` takes it; `spared` is a pattern in the
    file's name and the place's text where it is none.
    """

    id: str
    files: str
    find: str
    write: str
    spared: str = ""


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """One mistake at one place: a file with its text as it is now and as it is with the mistake."""

    mutation: Mutation
    file: str
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.mutation.id} at {self.file}:{self.line}"


def mutants(root: Path, mutation: Mutation, count: int, seed: int) -> list[Mutant]:
    """Up to `count` places for a mistake, chosen at random, always the same for a seed."""
    places = list(_places(root, mutation))
    chosen = random.Random(f"{seed} {mutation.id}").sample(places, min(count, len(places)))
    return sorted(chosen, key=lambda item: (item.file, item.line))


def _places(root: Path, mutation: Mutation) -> Iterator[Mutant]:
    pattern = re.compile(mutation.find, re.MULTILINE)
    for path in sorted(root.rglob("*")):
        file = path.relative_to(root).as_posix()
        if not path.is_file() or not fnmatch.fnmatch(file, mutation.files):
            continue
        text = path.read_text(encoding="utf-8")
        for match in pattern.finditer(text):
            if mutation.spared and re.search(mutation.spared, f"{file}: {match[0]}"):
                continue
            after = text[: match.start()] + match.expand(mutation.write) + text[match.end() :]
            line = text.count("\n", 0, match.start()) + 1
            yield Mutant(mutation=mutation, file=file, line=line, before=text, after=after)


def _mutation(name: str, files: str, find: str, write: str, spared: str = "") -> Mutation:
    return Mutation(id=name, files=files, find=find, write=write, spared=spared)


MUTATIONS = (
    # Files
    _mutation("broken-indentation", APPS, r"^metadata:\n  name:", r"metadata:\n name:"),
    _mutation("key-twice", APPS, r"^  (interval: .*)\n", r"  \1\n  \1\n"),
    _mutation("file-not-listed", "apps/base/*/kustomization.yaml", r"^  - (?:.*secret|release|ts-ingress).*\n", ""),
    _mutation("file-that-is-not-there", YAML, r"^  - ([a-z-]+)\.yaml$", r"  - \1-old.yaml"),
    # Flux
    _mutation("misspelt-source", YAML, r"(sourceRef:\n +kind: GitRepository\n +name: flux-)system", r"\1sytem"),
    _mutation("misspelt-dependency", YAML, r"(dependsOn:\n +- name: [a-z]+)", r"\1x"),
    _mutation("wrong-path", "clusters/*.yaml", r"^  path: \./(apps|infra|monitoring)", r"  path: ./old/\1"),
    _mutation("wrong-chart", YAML, r"chart: \./charts/([a-z-]+)", r"chart: ./charts/\1s"),
    _mutation(
        "undefined-variable", APPS, r"^([^#\n]*)\$\{(CLUSTER_DOMAIN|TAILNET|TIMEZONE|STORAGE_CLASS)\}", r"\1${\2_NAME}"
    ),
    _mutation("variable-removed", "clusters/kyrion/config-map.yaml", r"^  (?!CLUSTER_NAME)[A-Z_]+: .*\n", ""),
    _mutation("interval-without-unit", YAML, r"^  interval: (\d+)[mh]$", r"  interval: \1"),
    _mutation(
        "old-api-version",
        YAML,
        r"^apiVersion: helm.toolkit.fluxcd.io/v2$",
        "apiVersion: helm.toolkit.fluxcd.io/v2beta1",
    ),
    # Schema
    _mutation("misspelt-field", APPS, r"^(  chart:\n    spec:\n      )chart:", r"\1charts:"),
    _mutation("text-for-a-number", YAML, r"^( +)(containerPort|replicas|backoffLimit): \d+$", r'\1\2: "many"'),
    _mutation(
        "unknown-field", YAML, r"^( +)(imagePullPolicy|restartPolicy|storageClassName|ingressClassName): ", r"\1\2s: "
    ),
    _mutation("namespace-removed", YAML, r"^  - namespace.yaml\n", ""),
    # References
    _mutation("misspelt-secret", APPS, r"(secretNames: \[[a-z]+)", r"\1s"),
    _mutation("misspelt-config-map", YAML, r"^( +configMap:\n +name: [a-z-]+)", r"\1-old"),
    _mutation("misspelt-claim", YAML, r"^( +)(claimName|existingClaim): (.*)", r"\1\2: \3-old"),
    _mutation("misspelt-service", "*ingress.yaml", r"^( +service:\n +name: [a-z-]+)", r"\1-web"),
    _mutation("wrong-service-port", "*ingress.yaml", r"^( +port:\n +name: )[a-z]+", r"\1web-old"),
    _mutation("misspelt-role", "*rbac.yaml", r"(roleRef:\n.*\n  kind: .*\n  name: [a-z-]+)", r"\1-old"),
    _mutation("misspelt-account", "*rbac.yaml", r"(  - kind: ServiceAccount\n    name: [a-z-]+)", r"\1-old"),
    _mutation("misspelt-ingress-class", "*ingress.yaml", r"ingressClassName: tailscale", "ingressClassName: tailscael"),
    _mutation("misspelt-issuer", "clusters/kyrion/config-map.yaml", r"(CLUSTER_ISSUER: letsencrypt-prod)uction", r"\1"),
    _mutation("misspelt-middleware", APPS, r"middlewares: \[traefik-([a-z-]+)@", r"middlewares: [traefik-old-\1@"),
    _mutation("misspelt-storage-class", YAML, r"storageClass: local-retain", "storageClass: local-retian"),
    _mutation(
        "monitor-of-nothing",
        "monitoring/*.yaml",
        r"(kind: ServiceMonitor\n(?:.*\n){5}      app.kubernetes.io/name: .*)",
        r"\1-old",
        "sealed-secrets",
    ),
    _mutation("misspelt-policy", APPS, r'("flux-system:[a-z-]+)(:tag"\})', r"\1x\2"),
    # Workloads
    _mutation("latest", APPS, r"^(      tag: )[v\d][^ \n]*(.*)$", r"\1latest\2", "/homepage/|/vaultwarden/|/gitea/"),
    _mutation("no-tag-but-blanks", YAML, r"^( +image: [a-z.]+/\S+):[\w.-]+$", r"\1: latest"),
    _mutation("request-over-limit", APPS, r"(requests:\n +cpu: \S+\n +memory: )\S+", r"\g<1>64Gi"),
    _mutation("no-limits", APPS, r"^( +)(limits:\n +memory: )\S+$", r"\1\2null", "apps/kyrion/|/coder/"),
    _mutation("gpu-request-alone", APPS, r"(limits:\n +memory: \S+\n) +gpu.intel.com/i915: .*\n", r"\1"),
    _mutation("cron-out-of-range", APPS, r'schedule: "\d+ \d+ ', 'schedule: "75 3 '),
    _mutation("cron-that-never-fires", APPS, r'schedule: "(\d+ \d+) \* \* \*"', r'schedule: "\1 30 2 *"'),
    _mutation("cron-step-over-range", APPS, r'schedule: "(\d+) \d+ ', r'schedule: "\1 */24 '),
    _mutation("privileged", APPS, r"allowPrivilegeEscalation: false", "privileged: true"),
    # Expressions
    _mutation("broken-promql", "monitoring/*.yaml", r"^( +- alert: .*\n +expr: .*)$", r"\1 )"),
    _mutation("broken-dashboard", "monitoring/*.json", r'"(title|expr)": ("[^"]*"),\n', r'"\1": \2\n'),
    _mutation("broken-pattern", APPS, r"(    pattern: \^.*)\(\?P<", r"\1(P<"),
    _mutation("policy-without-repository", APPS, r"(imageRepositoryRef:\n +name: [a-z-]+)", r"\1-old"),
    # Secrets
    _mutation("sealed-value-cut", "*sealed-secret.yaml", r"^(    [\w.-]+: Ag\S{40})\S+", r"\1"),
    _mutation(
        "sealed-for-another-namespace",
        "*sealed-secret.yaml",
        r"^(    metadata:\n      name: \S+\n      namespace: )\S+",
        r"\1default",
    ),
    _mutation("password-in-values", APPS, r"^    image:\n", "    adminPassword: 9fK2mVq7xLw4Zt\n    image:\n"),
    _mutation(
        "password-in-variables",
        "clusters/kyrion/config-map.yaml",
        r"^  TIMEZONE",
        "  SMTP_PASSWORD: 9fK2mVq7xLw4Zt\n  TIMEZONE",
    ),
    # Network and rights
    _mutation(
        "policy-for-nothing",
        "infrastructure/*.yaml",
        r"(kind: NetworkPolicy\n(?:.*\n){2,6}  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: .*)",
        r"\1-old",
    ),
    _mutation("quota-too-small", APPS, r"requests.memory: 16Gi", "requests.memory: 128Mi"),
    _mutation(
        "value-misspelt",
        APPS,
        r"^    (probe|ingress|resources|volumes|secretNames):",
        r"    \1x:",
        "/homepage/|/vaultwarden/|/gitea/",
    ),
)
