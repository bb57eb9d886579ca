"""Whole requirements that `elysium check` answers: each a good repository, broken in every way that the row names."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.cli.main import main
from tests.check.applications import BOOTSTRAP, NAMESPACE, application, findings
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

# 1.8e

SEALED = """
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata: {{name: {name}, namespace: {namespace}}}
    spec: {{encryptedData: {{{key}: AgAx}}, template: {{metadata: {{name: {name}, namespace: {namespace}}}}}}}
"""
THREE_WAYS = {
    f"{CLUSTER}/flux-system/gotk-sync.yaml": BOOTSTRAP,
    f"{CLUSTER}/secrets.yaml": SEALED.format(name="cluster-secret-vars", namespace="flux-system", key="DOMAIN"),
    f"{CLUSTER}/apps.yaml": kustomization(
        "apps", "./apps/overlay", "postBuild: {substituteFrom: [{kind: Secret, name: cluster-secret-vars}]}\n"
    ),
    "apps/overlay/kustomization.yaml": """
        resources: [../base]
        namePrefix: my-
    """,
    "apps/base/kustomization.yaml": """
        resources: [app.yaml, release.yaml, sealed.yaml]
        secretGenerator:
          - {name: login, namespace: home, literals: [password=a]}
    """,
    "apps/base/app.yaml": NAMESPACE
    + """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: home, annotations: {link: "https://web.${DOMAIN}"}}
spec:
  containers:
    - name: web
      image: docker.io/library/nginx:1.29
      env:
        - name: PASSWORD
          valueFrom: {secretKeyRef: {name: login, key: password}}
""",
    "apps/base/release.yaml": helm_release(
        "shop", "home", "./chart", "valuesFrom: [{kind: Secret, name: my-values, valuesKey: values.yaml}]\n"
    ),
    "apps/base/sealed.yaml": SEALED.format(name="values", namespace="home", key="values.yaml").replace(
        "template: {metadata: {name: values,", "template: {metadata: {name: my-values,"
    ),
    "chart/Chart.yaml": "{apiVersion: v2, name: shop, version: 1.0.0}\n",
    "chart/templates/settings.yaml": config_map("shop", "home", "{a: b}"),
}
REFERENCES = ("missing-secret", "missing-secret-key", "dangling-reference", "missing-reference-key", "build-failure")


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        (f"{CLUSTER}/apps.yaml", "name: cluster-secret-vars", "name: cluster-secrets", "dangling-reference"),
        (f"{CLUSTER}/secrets.yaml", "DOMAIN: AgAx", "HOST: AgAx", "undefined-variable"),
        ("apps/base/app.yaml", "key: password", "key: passwort", "missing-secret-key"),
        ("apps/base/app.yaml", "name: login", "name: logon", "missing-secret"),
        ("apps/base/release.yaml", "valuesKey: values.yaml", "valuesKey: values.yml", "missing-reference-key"),
        ("apps/base/release.yaml", "name: my-values", "name: values", "dangling-reference"),
    ],
)
def test_three_ways_to_refer_to_a_secret(repository: Path, file: str, old: str, new: str, rule: str) -> None:
    write_repository(repository, THREE_WAYS)
    assert findings(repository, *REFERENCES, "undefined-variable") == []
    text = (repository / file).read_text()
    assert old in text
    (repository / file).write_text(text.replace(old, new))
    assert rule in {finding.rule for finding in findings(repository, *REFERENCES, "undefined-variable")}


# 1.15c, 1.27a

MEDIA = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: media}
spec:
  accessModes: [ReadWriteMany]
  capacity: {storage: 1Ti}
  storageClassName: rclone
  csi: {driver: csi-rclone, volumeHandle: media}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pvc-storage, namespace: home}
spec:
  accessModes: [ReadWriteMany]
  storageClassName: rclone
  volumeName: media
  resources: {requests: {storage: 1Ti}}
---
apiVersion: v1
kind: Service
metadata: {name: plex, namespace: home}
spec: {selector: {app: plex}, ports: [{port: 32400}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: plex, namespace: home}
spec:
  ingressClassName: tailscale
  tls: [{hosts: [plex]}]
  rules:
    - host: plex
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: plex, port: {number: 32400}}}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: plex, namespace: home}
spec:
  progressDeadlineSeconds: 600
  strategy: {type: Recreate}
  selector: {matchLabels: {app: plex}}
  template:
    metadata: {labels: {app: plex}}
    spec:
      initContainers:
        - name: wait-for-media
          image: docker.io/library/busybox:1.37
          command: [sh, -c, "until ls /mnt/media-library/.mounted; do sleep 5; done"]
          volumeMounts: [{name: media, mountPath: /mnt/media-library}]
      containers:
        - name: plex
          image: docker.io/plexinc/pms-docker:1.42.2
          resources:
            requests: {gpu.intel.com/i915: "1"}
            limits: {gpu.intel.com/i915: "1"}
          volumeMounts: [{name: media, mountPath: /mnt/media-library}]
      volumes:
        - {name: media, persistentVolumeClaim: {claimName: pvc-storage}}
"""
PATTERNS = ("extended-resource-mismatch", "missing-claim", "ts-ingress", "mount-wait")
WAIT = "until ls /mnt/media-library/.mounted; do sleep 5; done"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('requests: {gpu.intel.com/i915: "1"}', 'requests: {gpu.intel.com/i915: "2"}', "extended-resource-mismatch"),
        ("claimName: pvc-storage", "claimName: pvc-media", "missing-claim"),
        ("- host: plex", "- host: plex.example.com", "ts-ingress"),
        ("hosts: [plex]", "hosts: [plex.example.com]", "ts-ingress"),
        (WAIT, "true", "mount-wait"),
        (WAIT, "for i in $(seq 12); do ls /mnt/media-library/.mounted && exit 0; sleep 5; done; exit 1", "mount-wait"),
        ("progressDeadlineSeconds: 600", "progressDeadlineSeconds: 240", "mount-wait"),
    ],
)
def test_the_patterns_of_the_media_stack(repository: Path, old: str, new: str, rule: str) -> None:
    application(repository, MEDIA)
    assert findings(repository, *PATTERNS) == []
    assert MEDIA.count(old) == 1
    application(repository, MEDIA.replace(old, new))
    assert {finding.rule for finding in findings(repository, *PATTERNS)} == {rule}


# 1.27b

TAILNET = MEDIA.replace("hosts: [plex]", "hosts: [plex.tail1234.ts.net]").replace(
    "- host: plex\n", "- host: plex.tail1234.ts.net\n"
)
TAILNET += """---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: tailscale}
spec: {controller: tailscale.com/ts-ingress}
"""


def test_an_ingress_of_the_tailnet_has_its_class_and_its_domain(repository: Path) -> None:
    rules = ("ts-ingress", "missing-ingress-class")
    application(repository, TAILNET)
    assert findings(repository, *rules) == []
    application(repository, TAILNET.replace("ts.net", "example.com"))
    assert {finding.rule for finding in findings(repository, *rules)} == {"ts-ingress"}
    application(repository, TAILNET.replace("ingressClassName: tailscale", "ingressClassName: tailscail"))
    assert {finding.rule for finding in findings(repository, *rules)} == {"missing-ingress-class"}


# 0.4.S4

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: traefik}
spec: {controller: traefik.io/ingress-controller}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec: {selfSigned: {}}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: home}
spec: {selector: {app: shop}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: home
  annotations: {cert-manager.io/cluster-issuer: letsencrypt}
spec:
  ingressClassName: traefik
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {name: http}}}}]}
"""
WAY_IN = (
    "missing-ingress-class",
    "missing-issuer",
    "missing-service",
    "missing-service-port",
    "ingress-tls-secret",
    "tls-host-mismatch",
    "public-ingress-without-tls",
)
CERTIFIED = "tls: [{hosts: [shop.example.com], secretName: shop-tls}]"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("ingressClassName: traefik", "ingressClassName: treafik", "missing-ingress-class"),
        ("cluster-issuer: letsencrypt", "cluster-issuer: lets-encrypt", "missing-issuer"),
        ("service: {name: shop", "service: {name: stop", "missing-service"),
        ("port: {name: http}", "port: {number: 8080}", "missing-service-port"),
        ("annotations: {cert-manager.io/cluster-issuer: letsencrypt}", "annotations: {}", "ingress-tls-secret"),
        ("hosts: [shop.example.com]", "hosts: [stop.example.com]", "tls-host-mismatch"),
        (CERTIFIED, "tls: []", "public-ingress-without-tls"),
    ],
)
def test_class_host_port_issuer_and_certificate_agree(repository: Path, old: str, new: str, rule: str) -> None:
    application(repository, INGRESS)
    assert main(["check", str(repository), "--rules", ",".join(WAY_IN), "--fail-on", "warning"]) == 0
    application(repository, INGRESS.replace(old, new))
    assert rule in {finding.rule for finding in findings(repository, *WAY_IN)}
    assert main(["check", str(repository), "--rules", ",".join(WAY_IN), "--fail-on", "warning"]) == 1


# 0.4.S5

MONITORED = """
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: home, labels: {app: shop}}
spec: {selector: {app: shop}, ports: [{name: metrics, port: 9090}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: shop, namespace: home}
spec: {selector: {matchLabels: {app: shop}}, endpoints: [{port: metrics}]}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: shop, namespace: home}
spec: {groups: [{name: shop, rules: [{alert: Down, expr: "up{job='shop'} == 0"}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-dashboard, namespace: home, labels: {grafana_dashboard: "1"}}
data:
  shop.json: '{"title": "Shop", "panels": [{"type": "stat", "targets": [{"expr": "rate(sold_total[5m])"}]}]}'
"""


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("matchLabels: {app: shop}", "matchLabels: {app: stop}", "service-monitor-selects-nothing"),
        ("endpoints: [{port: metrics}]", "endpoints: [{port: metric}]", "service-monitor-selects-nothing"),
        ("up{job='shop'}", "up{job=shop}", "promql-syntax"),
        ("rate(sold_total[5m])", "rate(sold_total)", "promql-syntax"),
        ('"title": "Shop", ', '"title": "Shop" ', "dashboard-json"),
    ],
)
def test_monitoring_parses_and_selects_something(repository: Path, old: str, new: str, rule: str) -> None:
    rules = ("service-monitor-selects-nothing", "promql-syntax", "dashboard-json")
    application(repository, MONITORED)
    assert findings(repository, *rules) == []
    assert MONITORED.count(old) == 1
    application(repository, MONITORED.replace(old, new))
    assert {finding.rule for finding in findings(repository, *rules)} == {rule}


# X.22


def test_values_nested_where_templates_do_not_read_them(repository: Path) -> None:
    values = "values:\n  {}enabled: true\n"
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/release.yaml": helm_release("api", "home", "./charts/api", values.format("")),
        "charts/api/Chart.yaml": "{apiVersion: v2, name: api, version: 1.0.0}\n",
        "charts/api/templates/settings.yaml": "{{- if .Values.enabled }}\n"
        + config_map("a", "home", "{}")
        + "{{- end }}\n",
    }
    write_repository(repository, files)
    assert findings(repository, "unread-value") == []
    nested = helm_release("api", "home", "./charts/api", values.format("api:\n    "))
    write_repository(repository, {"apps/release.yaml": nested})
    (found,) = findings(repository, "unread-value")
    assert (found.file, nested.splitlines()[found.line - 1]) == ("apps/release.yaml", "    api:")
    assert "chart api-1.0.0" in found.message
    assert found.hint == "the chart reads enabled: move what is below api one level up"
