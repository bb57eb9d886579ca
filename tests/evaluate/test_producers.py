"""What makes Secrets, ConfigMaps and claims, and with which keys."""

from __future__ import annotations

import pytest

from elysium.evaluate.producers import keys_of, names, product
from tests.evaluate.objects import index_of

OBJECTS = """
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: apps}
data: {user: YQ==}
stringData: {password: b}
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: apps}
type: kubernetes.io/service-account-token
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: apps}
spec: {encryptedData: {key: AgBy}, template: {metadata: {name: opened, namespace: apps}, data: {url: x}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: apps, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
spec: {tls: [{hosts: [a.example.com], secretName: web-tls}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database, namespace: apps}
spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: data}}]}
"""


def test_a_secret_has_the_keys_of_both_fields() -> None:
    made = product(index_of(OBJECTS), "Secret", "apps", "login")
    assert made is not None
    assert (made.keys, made.open_ended) == (frozenset({"user", "password"}), False)


def test_what_somebody_fills_is_open_ended() -> None:
    made = product(index_of(OBJECTS), "Secret", "apps", "token")
    assert made is not None
    assert made.open_ended


def test_a_sealed_secret_makes_a_secret_of_its_own_name_with_the_keys_of_its_template() -> None:
    index = index_of(OBJECTS)
    made = product(index, "Secret", "apps", "sealed")
    assert made is not None
    assert made.keys == {"key", "url"}
    assert [source.kind for source in made.sources] == ["SealedSecret"]
    assert product(index, "Secret", "apps", "opened") is None


def test_an_annotated_ingress_makes_its_certificate() -> None:
    made = product(index_of(OBJECTS), "Secret", "apps", "web-tls")
    assert made is not None
    assert {"tls.crt", "tls.key"} <= made.keys


def test_a_stateful_set_makes_a_claim_for_each_pod() -> None:
    assert names(index_of(OBJECTS), "PersistentVolumeClaim", "apps") == {"data-database-0", "data-database-1"}


@pytest.mark.parametrize(("kind", "name"), [("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")])
def test_the_control_plane_makes_some_everywhere(kind: str, name: str) -> None:
    assert product(index_of(OBJECTS), kind, "anywhere", name) is not None


@pytest.mark.parametrize(
    "metadata",
    [
        {"annotations": {"replicator.v1.mittwald.de/replicate-from": "a/b"}},
        {"annotations": {"kustomize.toolkit.fluxcd.io/ssa": "Merge"}},
        {"labels": {"config.openshift.io/inject-trusted-cabundle": "true"}},
    ],
)
def test_marks_of_those_who_write_into_it(metadata: dict[str, object]) -> None:
    assert keys_of({"metadata": metadata, "data": {"a": ""}}) == (frozenset({"a"}), True)
    assert keys_of({"metadata": {}, "data": {"a": ""}}) == (frozenset({"a"}), False)
