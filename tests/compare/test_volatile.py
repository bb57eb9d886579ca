"""Differences that say less than they seem to."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.compare import Change, FieldChange, compare
from elysium.compare.volatile import is_hidden, without_revisions
from elysium.model import Render
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

TOKEN = "opaque-0123456789ab"
OTHER = "opaque-ba9876543210"


@pytest.mark.parametrize(
    ("before", "after", "hidden"),
    [
        ('"Europe/Athens"', f'"{TOKEN}"', True),
        (f'"{TOKEN}"', '"Europe/Athens"', True),
        ("5432543", f'"{TOKEN}"', True),
        ('"jdbc://me@host/x"', f'"jdbc://{TOKEN}@{TOKEN}/x"', True),
        ('"jdbc://me@host/y"', f'"jdbc://{TOKEN}@{TOKEN}/x"', False),
        ('"aba"', f'"ab{TOKEN}ba"', False),
        (f'"{TOKEN}"', f'"{OTHER}"', False),
        ("", f'"{TOKEN}"', False),
        ('["a"]', f'"{TOKEN}"', False),
        ('"a"', '"b"', False),
    ],
)
def test_a_token_is_what_it_may_stand_for(before: str, after: str, hidden: bool) -> None:
    assert is_hidden(FieldChange(path="a", before=before, after=after)) is hidden
    assert is_hidden(FieldChange(path="a", before=after, after=before)) is hidden


def rendered(root: Path) -> Render:
    with Workspace(root, options=Options(workers=1)) as workspace:
        return workspace.render()


def test_a_secret_that_comes_changes_nothing_that_has_the_same_text(repository: Path) -> None:
    zone = config_map("zone", "default", '{zone: "Europe/Athens", other: "x"}')
    write_repository(repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/zone.yaml": zone})
    before = rendered(repository)
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: app, namespace: default}\nstringData: {TZ: Europe/Athens}\n"
    )
    write_repository(repository, {"apps/secret.yaml": secret})
    after = rendered(repository)
    found = compare(before, after).objects
    assert [(str(item.object), item.change) for item in found] == [("Secret/default/app", Change.ADDED)]
    write_repository(repository, {"apps/zone.yaml": zone.replace('"x"', '"y"')})
    changed = {str(item.object): item for item in compare(before, rendered(repository)).objects}
    assert [field.path for field in changed["ConfigMap/default/zone"].fields] == ["data.other"]


def test_the_names_that_generators_make_are_renames_and_what_uses_them_changes(repository: Path) -> None:
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/kustomization.yaml": """\
            namespace: default
            configMapGenerator: [{name: settings, literals: [a=1]}]
            secretGenerator: [{name: login, literals: [password=correct-horse]}]
            resources: [pod.yaml]
            """,
        "apps/pod.yaml": """\
            apiVersion: v1
            kind: Pod
            metadata: {name: app}
            spec:
              containers:
                - {name: app, image: "nginx:1", envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: login}}]}
            """,
    }
    write_repository(repository, files)
    before = rendered(repository)
    text = files["apps/kustomization.yaml"].replace("a=1", "a=2").replace("horse", "pony")
    write_repository(repository, {"apps/kustomization.yaml": text})
    found = {item.object.kind: item for item in compare(before, rendered(repository)).objects}
    assert {kind: item.change for kind, item in found.items()} == {
        "ConfigMap": Change.RENAMED,
        "Secret": Change.RENAMED,
        "Pod": Change.CHANGED,
    }
    assert [field.path for field in found["ConfigMap"].fields] == ["data.a"]
    assert len(found["Pod"].fields) == 2
    assert "correct-" not in str(found)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ([('metadata.labels["helm.sh/chart"]', "web-1.0.0_57a80b643a90", "web-1.0.0_48e672af27fd")], 0),
        ([('metadata.labels["helm.sh/chart"]', "web-1.0.0_57a80b643a90", "web-1.1.0_48e672af27fd")], 1),
        ([('metadata.labels["helm.sh/chart"]', "web-1.0.0", "web-1.1.0")], 1),
        (
            [
                ('metadata.labels["helm.sh/chart"]', "web-1.0.0_57a80b643a90", "web-1.0.0_48e672af27fd"),
                ('spec.template.metadata.annotations["checksum/config"]', "a", "b"),
            ],
            0,
        ),
        ([('spec.template.metadata.annotations["checksum/config"]', "a", "b")], 1),
        (
            [
                ('metadata.labels["helm.sh/chart"]', "web-1.0.0_57a80b643a90", "web-1.0.0_48e672af27fd"),
                ('spec.template.metadata.annotations["checksum/config"]', "a", "b"),
                ("spec.replicas", "1", "2"),
            ],
            2,
        ),
    ],
)
def test_another_revision_of_the_same_chart_is_no_difference(fields: list[tuple[str, str, str]], left: int) -> None:
    changes = [FieldChange(path=path, before=f'"{one}"', after=f'"{other}"') for path, one, other in fields]
    assert len(without_revisions(changes)) == left
