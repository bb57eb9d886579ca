"""Who needs what, kind by kind."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from elysium.evaluate.consumers import Means, consumers, of
from elysium.evaluate.consumers.use import text
from tests.evaluate.clusters import cluster
from tests.evaluate.objects import bodies_of, index_of

POD = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: apps}
spec:
  serviceName: web
  volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: fast}}]
  template:
    spec:
      serviceAccountName: web
      priorityClassName: household
      runtimeClassName: sandbox
      imagePullSecrets: [{name: registry}]
      initContainers:
        - {name: init, envFrom: [{prefix: DB_, secretRef: {name: database}}]}
      containers:
        - name: web
          env:
            - {name: A, valueFrom: {secretKeyRef: {name: login, key: password, optional: true}}}
            - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: level}}}
          volumeMounts: [{name: files, mountPath: /etc/a.ini, subPath: a.ini}]
      volumes:
        - {name: files, configMap: {name: files}}
        - {name: tls, secret: {secretName: tls, items: [{key: tls.crt, path: crt}]}}
        - {name: data, persistentVolumeClaim: {claimName: pvc-storage}}
        - {name: all, projected: {sources: [{secret: {name: token}}, {configMap: {name: authorities}}]}}
        - {name: csi, csi: {driver: d, nodePublishSecretRef: {name: publish}}}
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: apps
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    traefik.ingress.kubernetes.io/router.middlewares: traefik-secure-headers@kubernetescrd, x@file
spec:
  ingressClassName: traefik
  defaultBackend: {service: {name: rest, port: {number: 80}}}
  tls: [{hosts: [a.example.com], secretName: web-tls}]
  rules: [{http: {paths: [{backend: {service: {name: web, port: {name: http}}}}]}}]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: secure-headers, namespace: traefik}
spec: {basicAuth: {secret: users}}
"""
OTHERS = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: apps}
spec:
  routes:
    - match: Host(`a`)
      middlewares: [{name: headers}, {name: other@file}]
      services: [{name: web, port: 80}, {kind: TraefikService, name: api@internal}]
  tls: {secretName: route-tls, options: {name: modern, namespace: traefik}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: apps}
spec:
  parentRefs: [{name: public, namespace: network, sectionName: https}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: apps}
spec: {secretName: web-tls, issuerRef: {name: internal}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: web, namespace: apps}
spec: {secretStoreRef: {kind: ClusterSecretStore, name: vault}}
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: web, namespace: apps}
spec: {secretRef: {name: hook}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: apps}
spec: {endpoints: [{port: http, basicAuth: {username: {name: scrape, key: user}}}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: web}
webhooks: [{clientConfig: {service: {name: hooks, namespace: apps}}}]
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: web}
spec: {csi: {nodeStageSecretRef: {name: stage, namespace: storage}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: apps}
spec: {decryption: {secretRef: {name: sops}}, postBuild: {substituteFrom: [{kind: Secret, name: variables}]}}
"""


def found(yaml: str) -> set[tuple[str, str, Means]]:
    return {(str(use), use.key, use.by) for use in consumers(index_of(yaml))}


def test_pods() -> None:
    assert found(POD) == {
        ("ServiceAccount/apps/web", "", Means.IDENTITY),
        ("PriorityClass/household", "", Means.CLASS),
        ("RuntimeClass/sandbox", "", Means.CLASS),
        ("Secret/apps/registry", "", Means.IMAGE_PULL),
        ("Secret/apps/database", "", Means.ENVIRONMENT),
        ("Secret/apps/login", "password", Means.ENVIRONMENT),
        ("ConfigMap/apps/settings", "level", Means.ENVIRONMENT),
        ("ConfigMap/apps/files", "", Means.VOLUME),
        ("ConfigMap/apps/files", "a.ini", Means.SUB_PATH),
        ("Secret/apps/tls", "", Means.VOLUME),
        ("Secret/apps/tls", "tls.crt", Means.VOLUME),
        ("PersistentVolumeClaim/apps/pvc-storage", "", Means.CLAIM),
        ("Secret/apps/token", "", Means.VOLUME),
        ("ConfigMap/apps/authorities", "", Means.VOLUME),
        ("Secret/apps/publish", "", Means.VOLUME),
        ("StorageClass/fast", "", Means.CLASS),
        ("Service/apps/web", "", Means.GOVERNING),
    }
    assert [use.optional for use in of(index_of(POD), "Secret", "apps", "login")] == [True]


def test_ingresses_and_middlewares() -> None:
    assert found(INGRESS) == {
        ("IngressClass/traefik", "", Means.CLASS),
        ("Service/apps/rest", "80", Means.BACKEND),
        ("Service/apps/web", "http", Means.BACKEND),
        ("Secret/apps/web-tls", "", Means.TLS),
        ("ClusterIssuer/letsencrypt", "", Means.ISSUER),
        ("Middleware/traefik/secure-headers", "", Means.MIDDLEWARE),
        ("Secret/traefik/users", "", Means.CREDENTIALS),
    }


def test_custom_kinds() -> None:
    assert found(OTHERS) == {
        ("Middleware/apps/headers", "", Means.MIDDLEWARE),
        ("Service/apps/web", "80", Means.BACKEND),
        ("Secret/apps/route-tls", "", Means.TLS),
        ("TLSOption/traefik/modern", "", Means.MIDDLEWARE),
        ("Gateway/network/public", "https", Means.PARENT),
        ("Issuer/apps/internal", "", Means.ISSUER),
        ("ClusterSecretStore/vault", "", Means.STORE),
        ("Secret/apps/hook", "token", Means.CREDENTIALS),
        ("Secret/apps/scrape", "user", Means.MONITORING),
        ("Service/apps/hooks", "443", Means.WEBHOOK),
        ("Secret/storage/stage", "", Means.VOLUME),
        ("Secret/apps/sops", "", Means.CREDENTIALS),
        ("Secret/apps/variables", "", Means.VALUES),
    }


@pytest.mark.parametrize("name", ["${NAME}-login", "opaque-0123456789ab", "{{ .name }}", 5, None, ["login"]])
def test_names_that_are_not_certain_are_left_out(name: object) -> None:
    assert text(name) == ""


def test_manifests_may_hold_anything_anywhere() -> None:
    """Every field of every kind replaced by other types: nothing raises."""
    bodies = [body for part in (POD, INGRESS, OTHERS) for body in bodies_of(part)]
    chance = random.Random(3)
    for body in bodies:
        for path in _paths({key: body[key] for key in body if key not in ("apiVersion", "kind", "metadata")}):
            changed = copy.deepcopy(body)
            holder = changed
            for part in path[:-1]:
                holder = holder[part]
            holder[path[-1]] = chance.choice([None, 7, "text", [], {}, [None], ["x"], [[1]], {"a": 1}, True])
            consumers(cluster(changed))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, entry in entries for found in ((*path, key), *_paths(entry, (*path, key)))]
