"""Objects with anything anywhere stop none of the rules about policies, schedules and queries."""

from __future__ import annotations

import pytest

from elysium.api import Options, Workspace
from elysium.check.pipeline import policies

KINDS = {
    "ValidatingAdmissionPolicy": "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding": "admissionregistration.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "LimitRange": "v1",
    "CronJob": "batch/v1",
    "Schedule": "velero.io/v1",
    "ReplicationSource": "volsync.backube/v1alpha1",
    "ScheduledBackup": "postgresql.cnpg.io/v1",
    "ResourceSetInputProvider": "fluxcd.controlplane.io/v1",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2",
    "Receiver": "notification.toolkit.fluxcd.io/v1",
    "Provider": "notification.toolkit.fluxcd.io/v1beta3",
    "ScaledObject": "keda.sh/v1alpha1",
    "PrometheusRule": "monitoring.coreos.com/v1",
    "GrafanaDashboard": "grafana.integreatly.org/v1beta1",
}
SPECS = [
    "{healthCheckExprs: [null, 5, {current: 5}], resources: [5, {filter: 5}], triggers: [5, {type: cron}]}",
    "{healthCheckExprs: text, dependsOn: [5, {readyExpr: 5}], resourceFilter: 5, commitStatusExpr: [], backup: 5}",
    "null",
    "[]",
    "text",
    "5",
    "{schedule: 5, trigger: text, groups: text, json: 5, validations: text, matchConstraints: [], paramKind: text}",
    "{schedule: [null, 5, {cron: 5}, {cron: '* * * * *', timeZone: 5}], groups: [null, {rules: [null, {expr: 5}]}]}",
    "{schedule: '* * * * *', timeZone: [a], trigger: {schedule: {}}, groups: [{rules: 5}], json: '[1, {}]'}",
    "{validations: [null, {expression: 5}], matchConditions: 5, variables: [{}], policyName: [a], names: 5, group: 5}",
    "{matchConstraints: {resourceRules: [null, {apiGroups: 5}]}, policyName: odd, names: {kind: 5}}",
    "{matchConstraints: {namespaceSelector: {matchExpressions: [{key: a, operator: X}]}}, validations: [{}]}",
    """{json: '{"panels": [5, {"targets": 5}, {"targets": [5, {"expr": "("}]}], "rows": "x"}', policyName: odd}""",
]
SOUND = """\
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: odd}
spec: {matchConstraints: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*']}]},
       validations: [{expression: object.spec.a == 'b'}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: odd}
spec: {policyName: odd, validationActions: [Deny]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: odd, namespace: web}
spec:
  replicas: x
  strategy: 5
  template: {metadata: {labels: 5, annotations: [a]}, spec: {containers: [5, {ports: [5]}], volumes: {}}}
---
apiVersion: v1
kind: Service
metadata: {name: odd, namespace: web, labels: [5]}
spec: {ports: {}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: odd, labels: {grafana_dashboard: [5]}}
data: [5]
"""


@pytest.mark.parametrize("kind", KINDS)
def test_odd_specifications_stop_nothing(kind: str) -> None:
    odd = [
        f"apiVersion: {KINDS[kind]}\nkind: {kind}\nmetadata: {{name: odd-{number}, namespace: web}}\nspec: {spec}\n"
        for number, spec in enumerate(SPECS)
    ]
    with Workspace(".", options=Options(workers=1)) as workspace:
        workspace.check_objects(("---\n".join(odd) + SOUND).encode(), rules=policies.RULES)
