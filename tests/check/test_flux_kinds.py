"""The thirteen kinds of Flux: each is judged by Flux's own definition, and has its place in the graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.model import Finding, Severity
from elysium.resolve import Edge
from tests.repositories import kustomization, write_repository

HEADS = {
    "GitRepository": "source.toolkit.fluxcd.io/v1",
    "OCIRepository": "source.toolkit.fluxcd.io/v1",
    "Bucket": "source.toolkit.fluxcd.io/v1",
    "HelmRepository": "source.toolkit.fluxcd.io/v1",
    "HelmChart": "source.toolkit.fluxcd.io/v1",
    "Kustomization": "kustomize.toolkit.fluxcd.io/v1",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2",
    "ImageRepository": "image.toolkit.fluxcd.io/v1",
    "ImagePolicy": "image.toolkit.fluxcd.io/v1",
    "ImageUpdateAutomation": "image.toolkit.fluxcd.io/v1",
    "Provider": "notification.toolkit.fluxcd.io/v1beta3",
    "Alert": "notification.toolkit.fluxcd.io/v1beta3",
    "Receiver": "notification.toolkit.fluxcd.io/v1",
}

VALID = {
    "GitRepository": "  interval: 1h\n  url: https://example.org/app\n  secretRef: {name: login}\n",
    "OCIRepository": "  interval: 1h\n  url: oci://example.org/app\n  secretRef: {name: login}\n",
    "Bucket": "  interval: 1h\n  bucketName: app\n  endpoint: example.org\n  secretRef: {name: login}\n",
    "HelmRepository": "  interval: 1h\n  url: https://example.org/charts\n  secretRef: {name: login}\n",
    "HelmChart": "  interval: 1h\n  chart: app\n  sourceRef: {kind: HelmRepository, name: it}\n",
    "Kustomization": "  interval: 1h\n  prune: true\n  suspend: true\n  sourceRef: {kind: GitRepository, name: it}\n"
    "  healthChecks:\n"
    "    - {apiVersion: notification.toolkit.fluxcd.io/v1beta3, kind: Alert, name: it, namespace: web}\n"
    "    - {apiVersion: notification.toolkit.fluxcd.io/v1, kind: Receiver, name: it, namespace: web}\n",
    "HelmRelease": "  interval: 1h\n  suspend: true\n  chartRef: {kind: HelmChart, name: it}\n",
    "ImageRepository": "  interval: 1h\n  image: example.org/app\n  secretRef: {name: login}\n",
    "ImagePolicy": "  imageRepositoryRef: {name: it}\n  policy:\n    semver: {range: 1.x}\n",
    "ImageUpdateAutomation": "  interval: 1h\n  sourceRef: {kind: GitRepository, name: it}\n"
    "  git:\n    commit:\n      author: {email: a@example.org}\n",
    "Provider": "  type: slack\n  secretRef: {name: login}\n",
    "Alert": "  providerRef: {name: it}\n  eventSources:\n"
    "    - {kind: Kustomization, name: it}\n    - {kind: HelmRelease, name: it}\n"
    "    - {kind: OCIRepository, name: it}\n"
    "    - {kind: ImageUpdateAutomation, name: it}\n    - {kind: ImagePolicy, name: it}\n",
    "Receiver": "  type: generic\n  secretRef: {name: login}\n  resources:\n    - {kind: Bucket, name: it}\n",
}

WRONG = {
    "GitRepository": ("interval: 1h", "interval: sometimes", "spec.interval", "interval: sometimes"),
    "OCIRepository": ("oci://", "https://", "spec.url", "url: https://example.org/app"),
    "Bucket": (
        "  interval: 1h\n",
        "  interval: 1h\n  sts: {provider: aws, endpoint: https://example.org}\n",
        "'ldap' is the only supported STS provider",
        "spec:",
    ),
    "HelmRepository": ("https://", "ftp://", "spec.url", "url: ftp://example.org/charts"),
    "HelmChart": (
        "kind: HelmRepository",
        "kind: OCIRepository",
        "spec.sourceRef.kind",
        "sourceRef: {kind: OCIRepository, name: it}",
    ),
    "Kustomization": ("prune: true\n", "prune: true\n  prunes: true\n", "unknown field prunes", "prunes: true"),
    "HelmRelease": (
        "  interval: 1h\n",
        "  interval: 1h\n  driftDetection: {mode: perhaps}\n",
        "spec.driftDetection.mode",
        "driftDetection: {mode: perhaps}",
    ),
    "ImageRepository": ("  interval: 1h\n", "  interval: 1h\n  provider: other\n", "spec.provider", "provider: other"),
    "ImagePolicy": ("{range: 1.x}", "{}", "spec.policy.semver.range", "semver: {}"),
    "ImageUpdateAutomation": ("{email: a@example.org}", "{name: a}", "author.email", "author: {name: a}"),
    "Provider": ("type: slack", "type: slak", "spec.type", "type: slak"),
    "Alert": (
        "{kind: HelmRelease,",
        "{kind: HelmReleases,",
        "spec.eventSources[1].kind",
        "- {kind: HelmReleases, name: it}",
    ),
    "Receiver": ("  secretRef: {name: login}\n", "", "secretRef is required", "spec:"),
}
"""For each kind: what is replaced by what, what the finding says, and the line that it points at."""


def _file(kind: str) -> str:
    return f"apps/of-{kind.lower()}.yaml"


def _write(root: Path, wrong: str = "", more: dict[str, str] | None = None) -> Path:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: web}\n"
    files = {
        "clusters/test/apps.yaml": kustomization("apps", "./apps"),
        "apps/web.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n",
        "apps/login.yaml": secret,
    }
    for kind, version in HEADS.items():
        spec = VALID[kind].replace(*WRONG[kind][:2]) if kind == wrong else VALID[kind]
        head = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: it, namespace: web}}\nspec:\n"
        files[_file(kind)] = head + spec
    return write_repository(root, files | (more or {}))


def _findings(root: Path, flux: str = "2.9") -> tuple[Finding, ...]:
    with Workspace(root, options=Options(workers=1, flux=flux)) as workspace:
        return workspace.check(rules=("schema", "removed-api", "removed-flux-api", "build-failure")).findings


@pytest.mark.parametrize("flux", ["2.8", "2.9"])
def test_valid_objects_of_all_kinds_have_no_finding(repository: Path, flux: str) -> None:
    assert _findings(_write(repository), flux) == ()


@pytest.mark.parametrize("kind", HEADS)
def test_an_invalid_object_of_each_kind_is_found_where_it_stands(repository: Path, kind: str) -> None:
    root = _write(repository, kind)
    (finding,) = _findings(root)
    assert (finding.rule, finding.file) == ("schema", _file(kind))
    assert WRONG[kind][2] in finding.message
    assert (root / _file(kind)).read_text().splitlines()[finding.line - 1].strip() == WRONG[kind][3]


def _one(kind: str, version: str, spec: str) -> dict[str, str]:
    head = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: one, namespace: web}}\nspec:\n"
    return {"apps/one.yaml": head + spec}


def test_what_a_version_of_flux_does_not_have_is_found_for_that_version(repository: Path) -> None:
    spec = VALID["Kustomization"] + "  buildMetadata: [originAnnotations]\n"
    root = _write(repository, more=_one("Kustomization", HEADS["Kustomization"], spec))
    assert _findings(root, "2.9") == ()
    (finding,) = _findings(root, "2.8")
    assert (finding.rule, finding.file, finding.line) == ("schema", "apps/one.yaml", 12)
    assert "buildMetadata" in finding.message


def test_a_removed_version_is_found_once_with_its_replacement(repository: Path) -> None:
    root = _write(repository, more=_one("Alert", "notification.toolkit.fluxcd.io/v1beta2", VALID["Alert"]))
    (finding,) = _findings(root, "2.9")
    assert (finding.rule, finding.severity) == ("removed-flux-api", Severity.ERROR)
    assert "notification.toolkit.fluxcd.io/v1beta3" in finding.hint
    (finding,) = _findings(root, "2.8")
    assert (finding.rule, finding.severity) == ("removed-flux-api", Severity.WARNING)


def test_a_version_that_flux_never_had_is_found_with_what_it_serves(repository: Path) -> None:
    root = _write(repository, more=_one("Alert", "notification.toolkit.fluxcd.io/v9", VALID["Alert"]))
    (finding,) = _findings(root)
    assert (finding.rule, finding.file, finding.line) == ("removed-api", "apps/one.yaml", 1)
    assert "use notification.toolkit.fluxcd.io/v1beta3" in finding.message


def test_a_specification_that_flux_refuses_is_found_once(repository: Path) -> None:
    spec = "  interval: 1h\n  prune: true\n  path: ./one\n  sourceRef: {name: it}\n"
    root = _write(repository, more=_one("Kustomization", HEADS["Kustomization"], spec))
    (finding,) = _findings(root)
    assert (finding.rule, finding.file, finding.line) == ("schema", "apps/one.yaml", 8)


def test_values_that_are_not_known_offline_are_not_judged(repository: Path) -> None:
    spec = "  type: ${PROVIDER}\n  address: opaque-0123456789ab\n  timeout: opaque-0123456789ab\n"
    assert _findings(_write(repository, more=_one("Provider", HEADS["Provider"], spec))) == ()


def test_a_definition_in_the_repository_counts_instead(repository: Path) -> None:
    schema = "{type: object, x-kubernetes-preserve-unknown-fields: true}"
    definition = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: providers.notification.toolkit.fluxcd.io}\nspec:\n  group: notification.toolkit.fluxcd.io\n"
        "  names: {kind: Provider, plural: providers, singular: provider, listKind: ProviderList}\n"
        "  scope: Namespaced\n"
        f"  versions:\n    - {{name: v1beta3, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}\n"
    )
    assert _findings(_write(repository, "Provider", more={"apps/definition.yaml": definition})) == ()


def test_what_was_judged_once_is_found_again_from_the_cache(repository: Path, tmp_path: Path) -> None:
    root = _write(repository, "Provider")
    options = Options(workers=1, cache_dir=tmp_path / "cache")
    with Workspace(root, options=options) as workspace:
        first = workspace.check(rules=("schema",)).findings
    (root / "apps/web.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {a: b}}\n")
    with Workspace(root, options=options) as workspace:
        assert workspace.check(rules=("schema",)).findings == first
        asked = workspace.pool.calls
    assert len(first) == 1
    with Workspace(root, options=Options(workers=1, cache_dir=tmp_path / "other")) as workspace:
        workspace.check(rules=("schema",))
        assert workspace.pool.calls >= asked + len(HEADS)


def test_every_kind_has_references_in_the_graph(repository: Path) -> None:
    with Workspace(_write(repository), options=Options(workers=1)) as workspace:
        edges = workspace.graph().edges
    related = [edge for edge in edges if edge.kind != "creates" and edge.source != "ks/flux-system/apps"]
    assert not [edge for edge in related if edge.missing]
    drawn_from, drawn_to = _kinds(related)
    assert drawn_from == set(HEADS)
    assert drawn_to == {*HEADS, "Secret"}


def _kinds(edges: list[Edge]) -> tuple[set[str], set[str]]:
    names = {"ks": "Kustomization", "hr": "HelmRelease"}
    first = {names.get(head, head) for head in (edge.source.partition("/")[0] for edge in edges)}
    second = {names.get(head, head) for head in (edge.target.partition("/")[0] for edge in edges)}
    return first, second
