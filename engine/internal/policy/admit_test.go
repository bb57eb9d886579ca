package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const bound = `
kubernetes: "1.37"
policies:
- policy:
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata: {name: demo}
    spec:
      matchConstraints:
        resourceRules:
        - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
        - {apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [pods, configmaps]}
        - {apiGroups: [example.org], apiVersions: [v1], operations: ["*"], resources: [boxes]}
%s
  bindings:
  - spec: {policyName: demo, validationActions: [Deny]%s}
namespaces:
  apps: {apiVersion: v1, kind: Namespace, metadata: {name: apps, labels: {tier: prod}}}
params:
  v1/ConfigMap:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: limits, namespace: apps}, data: {maximum: "3"}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: hidden, namespace: apps, labels: {a: b}}, data: {secret: opaque-0123456789ab}}
requests:
- namespace: apps
  object:
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: apps, labels: {app: web}}
    spec: {replicas: 5, template: {spec: {containers: [{name: web, image: "nginx:1.27"}]}}}
- namespace: elsewhere
  object:
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings, namespace: elsewhere}
    data: {a: b, token: opaque-0123456789ab}
- namespace: apps
  limited: true
  object: {apiVersion: v1, kind: Pod, metadata: {generateName: web-, namespace: apps}, spec: {containers: [{name: web, image: nginx}]}}
`

// admitted tells for a policy which requests it refuses, with the messages.
func admitted(t *testing.T, spec, binding string) ([]string, *admitResult) {
	t.Helper()
	indented := strings.ReplaceAll("      "+strings.TrimSpace(spec), "\n", "\n      ")
	encoded, err := yaml.YAMLToJSON([]byte(fmt.Sprintf(bound, indented, binding)))
	if err != nil {
		t.Fatal(err)
	}
	var asked admitParams
	if err := json.Unmarshal(encoded, &asked); err != nil {
		t.Fatal(err)
	}
	result, err := admit(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	found := []string{}
	for _, item := range result.Decisions {
		found = append(found, fmt.Sprintf("%d: %s", item.Request, item.Message))
	}
	return found, result
}

func TestAdmit(t *testing.T) {
	deployments := "matchConditions: [{name: kind, expression: \"request.kind.kind == 'Deployment'\"}]\n"
	cases := map[string]struct {
		spec, binding string
		want          []string
	}{
		"message": {deployments + `validations: [{expression: "object.spec.replicas <= 3", message: " too many "}]`, "", []string{"0: too many"}},
		"expression of the message": {deployments + `validations: [{expression: "object.spec.replicas <= 3", messageExpression: "string(object.spec.replicas) + ' are too many'"}]`, "",
			[]string{"0: 5 are too many"}},
		"the message of an expression that fails": {deployments + `validations: [{expression: "false", messageExpression: "string(object.nothing)", message: "no"}]`, "", []string{"0: no"}},
		"no message":                           {deployments + `validations: [{expression: "false"}]`, "", []string{"0: failed expression: false"}},
		"variables":                            {deployments + "variables: [{name: one, expression: object.spec.replicas}, {name: two, expression: variables.one * 2}]\n" + `validations: [{expression: "variables.two == 10"}, {expression: "variables.two == 11", message: x}]`, "", []string{"0: x"}},
		"defaults":                             {deployments + `validations: [{expression: "object.spec.strategy.type == 'RollingUpdate' && object.spec.template.spec.containers.all(c, c.imagePullPolicy == 'IfNotPresent')"}]`, "", []string{}},
		"a missing key refuses":                {deployments + `validations: [{expression: "object.spec.template.spec.containers.all(c, c.securityContext.runAsNonRoot)"}]`, "", []string{"0: it cannot be evaluated: expression 'object.spec.template.spec.containers.all(c, c.securityContext.runAsNonRoot)' resulted in error: no such key: securityContext"}},
		"a missing key is ignored":             {"failurePolicy: Ignore\n" + deployments + `validations: [{expression: "object.spec.missing == 1"}]`, "", []string{}},
		"who asks is unknown":                  {`validations: [{expression: "request.userInfo.username == 'me'"}, {expression: "authorizer.path('/x').check('get').allowed()"}]`, "", []string{}},
		"who asks is unknown in a variable":    {"variables: [{name: u, expression: request.userInfo.username}, {name: v, expression: variables.u}]\n" + `validations: [{expression: "variables.v == 'me'"}]`, "", []string{}},
		"who asks decides whether it matches":  {"matchConditions: [{name: a, expression: \"request.userInfo.username != 'x'\"}]\n" + `validations: [{expression: "false"}]`, "", []string{}},
		"a creation has no old object":         {deployments + `validations: [{expression: "oldObject != null", message: x}]`, "", []string{"0: x"}},
		"operation":                            {deployments + `validations: [{expression: "request.operation == 'CREATE' && request.namespace == 'apps' && request.resource.resource == 'deployments'"}]`, "", []string{}},
		"known namespace":                      {`validations: [{expression: "namespaceObject.metadata.labels['tier'] != 'prod'", message: x}]`, "", []string{"0: x", "2: x"}},
		"opaque":                               {"matchConditions: [{name: kind, expression: \"request.kind.kind == 'ConfigMap'\"}]\n" + `validations: [{expression: "object.data.token.startsWith('x')"}, {expression: "object.data.a != 'b'", message: seen}]`, "", []string{"1: seen"}},
		"resources may come from a LimitRange": {"matchConditions: [{name: kind, expression: \"request.kind.kind == 'Pod'\"}]\n" + `validations: [{expression: "object.spec.containers.all(c, has(c.resources.limits))"}]`, "", []string{}},
		"binding by namespace":                 {`validations: [{expression: "false", message: x}]`, ", matchResources: {namespaceSelector: {matchLabels: {tier: prod}}}", []string{"0: x", "2: x"}},
		"binding by the name of the namespace": {`validations: [{expression: "false", message: x}]`, ", matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: elsewhere}}}", []string{"1: x"}},
		"binding by object":                    {`validations: [{expression: "false", message: x}]`, ", matchResources: {objectSelector: {matchLabels: {app: web}}}", []string{"0: x"}},
		"binding by rules":                     {`validations: [{expression: "false", message: x}]`, ", matchResources: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], resourceNames: [settings]}]}", []string{"1: x"}},
		"excluded":                             {`validations: [{expression: "false", message: x}]`, ", matchResources: {excludeResourceRules: [{apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: ['*/*']}]}", []string{"0: x"}},
		"another version is converted":         {`validations: [{expression: "false", message: x}]`, ", matchResources: {resourceRules: [{apiGroups: [apps], apiVersions: [v1beta1], operations: ['*'], resources: [deployments]}]}", []string{}},
		"parameters": {"paramKind: {apiVersion: v1, kind: ConfigMap}\n" + deployments + `validations: [{expression: "object.spec.replicas <= int(params.data.maximum)", messageExpression: "'more than ' + params.data.maximum"}]`,
			", paramRef: {name: limits, parameterNotFoundAction: Deny}", []string{"0: more than 3"}},
		"opaque parameters":      {"paramKind: {apiVersion: v1, kind: ConfigMap}\n" + deployments + `validations: [{expression: "params.data.secret == 'x'"}]`, ", paramRef: {selector: {matchLabels: {a: b}}, parameterNotFoundAction: Deny}", []string{}},
		"parameters not in Git":  {"paramKind: {apiVersion: v1, kind: ConfigMap}\n" + `validations: [{expression: "false"}]`, ", paramRef: {name: other, parameterNotFoundAction: Deny}", []string{}},
		"no reference to params": {"paramKind: {apiVersion: v1, kind: ConfigMap}\n" + deployments + `validations: [{expression: "params != null", message: x}]`, "", []string{"0: x"}},
	}
	for name, one := range cases {
		found, result := admitted(t, one.spec, one.binding)
		if len(result.Problems) != 1 || len(result.Problems[0]) > 0 {
			t.Errorf("%s: %v", name, result.Problems)
		}
		if !reflect.DeepEqual(found, one.want) {
			t.Errorf("%s: found %q, want %q", name, found, one.want)
		}
	}
}

const box = `
definitions:
- apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata: {name: boxes.example.org}
  spec:
    group: example.org
    scope: Namespaced
    names: {kind: Box, plural: boxes}
    versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {
      spec: {type: object, properties: {size: {type: integer, default: 3}, lid: {type: boolean}}}}}}}]
`

func TestDefaultsOfCustomKinds(t *testing.T) {
	spec := `validations: [{expression: "object.spec.size == 3", message: size}, {expression: "object.spec.lid == true", message: lid}]`
	asked := fmt.Sprintf(bound, "      "+spec, "")
	asked = asked[:strings.Index(asked, "requests:")] + "requests:\n- {namespace: apps, resource: boxes, object: {apiVersion: example.org/v1, kind: Box, spec: {}}}\n"
	for definitions, expected := range map[string]int{"": 0, box: 1} {
		encoded, err := yaml.YAMLToJSON([]byte(asked + definitions))
		if err != nil {
			t.Fatal(err)
		}
		var params admitParams
		if err := json.Unmarshal(encoded, &params); err != nil {
			t.Fatal(err)
		}
		result, err := admit(context.Background(), params)
		if err != nil || len(result.Decisions) != expected {
			t.Errorf("%d definitions: %+v %v", len(params.Definitions), result, err)
		}
	}
}

func TestAdmitReportsWhatDoesNotCompile(t *testing.T) {
	cases := map[string]string{
		`validations: [{expression: "true"}, {expression: "object."}]`:                                "[spec validations 1 expression] 1:8: Syntax error: no viable alternative at input '.'",
		`validations: [{expression: "params.x == 1"}]`:                                                "[spec validations 0 expression] 1:1: undeclared reference to 'params'",
		`validations: [{expression: "true", messageExpression: "1"}]`:                                 "[spec validations 0 messageExpression] must evaluate to string but got int",
		"variables: [{name: a, expression: variables.b}]\nvalidations: [{expression: \"true\"}]":      "[spec variables 0 expression] 1:10: undefined field 'b'",
		"matchConditions: [{name: a, expression: \"1\"}]\nvalidations: [{expression: \"true\"}]":      "[spec matchConditions 0 expression] must evaluate to bool but got int",
		"auditAnnotations: [{key: a, valueExpression: \"1\"}]\nvalidations: [{expression: \"true\"}]": "[spec auditAnnotations 0 valueExpression] must evaluate to one of [string null_type] but got int",
		`validations: text`: "[] the policy cannot be read:",
	}
	for spec, want := range cases {
		found, result := admitted(t, spec, "")
		if len(found) > 0 || len(result.Problems[0]) != 1 {
			t.Errorf("%s: found %v %v", spec, found, result.Problems)
			continue
		}
		problem := result.Problems[0][0]
		if text := fmt.Sprint(problem.Path, " ", problem.Message); !strings.HasPrefix(text, want) {
			t.Errorf("%s: found %s, want %s", spec, text, want)
		}
	}
}
